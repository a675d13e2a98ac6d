//! Layers over channels, in the order in which they are written: filters, pools and residual blocks.

use std::fmt;

use super::error::Wrong;
use super::filters::FiltersConfig;
use super::options::{Options, Word};
use super::pool::PoolConfig;
use super::sizes::without_options;
use crate::graph::{GraphBuilder, Op};

/// A layer of a network over channels.
#[derive(Clone, Debug, PartialEq)]
pub enum CnnLayer {
    /// Filters: `conv5x5x6` on images, `conv7x16` on signals.
    Conv(FiltersConfig),
    /// The largest value of each window: `pool2`.
    MaxPool(PoolConfig),
    /// The mean of each window: `avgpool2`.
    AveragePool(PoolConfig),
    /// The mean of each channel: `gap`.
    GlobalAveragePool,
    /// Two conv layers with a way around them: `res3x3x64`.
    Residual(FiltersConfig),
}

/// How many layers of each kind there were, for names: `conv2`, `pool1`, `res3`.
#[derive(Default)]
pub(super) struct Counts {
    convs: usize,
    pools: usize,
    blocks: usize,
}

impl CnnLayer {
    /// A layer over so many axes beside the channels, or `None` where `part` writes something else.
    pub(super) fn parse(part: &str, n_axes: usize) -> Option<Result<CnnLayer, Wrong>> {
        let word = part.split(|c: char| c.is_ascii_digit() || c == '+').next().unwrap_or_default();
        let of_filters =
            [Word::Stride, Word::Padding, Word::NoBias, Word::BatchNorm, Word::Activation, Word::Dropout];
        let of_blocks = [Word::Stride, Word::BatchNorm, Word::Activation, Word::Dropout];
        let of_pools = [Word::Stride, Word::Padding, Word::Dropout];
        let with = |allowed: &[Word]| {
            let (size, options) = Options::parse(part, allowed)?;
            Ok((size.strip_prefix(word).unwrap_or_default(), options))
        };
        let filters = |(size, options)| FiltersConfig::parse(part, size, &options, n_axes);
        let pool = |(size, options)| PoolConfig::parse(part, size, &options, n_axes);
        Some(match word {
            "conv" => with(&of_filters).and_then(filters).map(CnnLayer::Conv),
            "res" => with(&of_blocks).and_then(filters).map(CnnLayer::Residual),
            "pool" => with(&of_pools).and_then(pool).map(CnnLayer::MaxPool),
            "avgpool" => with(&of_pools).and_then(pool).map(CnnLayer::AveragePool),
            "gap" if part.starts_with("gap") => without_options(part).and_then(|()| match part {
                "gap" => Ok(CnnLayer::GlobalAveragePool),
                _ => Err(Wrong::new(part, "a global average pool is written gap, without a size")),
            }),
            _ => return None,
        })
    }

    pub(super) fn add_to(&self, builder: GraphBuilder, counts: &mut Counts) -> GraphBuilder {
        let next = |count: &mut usize| {
            *count += 1;
            *count
        };
        match self {
            CnnLayer::Conv(filters) => filters.add_conv(builder, next(&mut counts.convs)),
            CnnLayer::Residual(filters) => filters.add_residual(builder, next(&mut counts.blocks)),
            CnnLayer::MaxPool(pool) => {
                pool.add_to(builder, Op::MaxPool { window: pool.window() }, next(&mut counts.pools))
            }
            CnnLayer::AveragePool(pool) => {
                let op = Op::AveragePool { window: pool.window(), counts_padding: false };
                pool.add_to(builder, op, next(&mut counts.pools))
            }
            CnnLayer::GlobalAveragePool => builder.step("gap", Op::GlobalAveragePool),
        }
    }
}

impl fmt::Display for CnnLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CnnLayer::Conv(filters) => filters.write(f, "conv"),
            CnnLayer::Residual(filters) => filters.write(f, "res"),
            CnnLayer::MaxPool(pool) => pool.write(f, "pool"),
            CnnLayer::AveragePool(pool) => pool.write(f, "avgpool"),
            CnnLayer::GlobalAveragePool => f.write_str("gap"),
        }
    }
}
