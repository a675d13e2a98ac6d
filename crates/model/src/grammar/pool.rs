//! Pools: their settings, how they are written, and their nodes.

use std::fmt;

use super::error::Wrong;
use super::options::{Options, Padding, write_window};
use super::sizes::numbers;
use crate::graph::{GraphBuilder, Op, Window};

/// A pool: `pool2`, or `pool3+stride2+pad1+dropout0.25`.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolConfig {
    /// Its window along each axis.
    pub size: Vec<usize>,
    /// From one place to the next; the window's first size where nothing is said.
    pub stride: usize,
    /// Values around the input that are there for no maximum and count for no mean.
    pub padding: usize,
    /// Share of its values set to zero in training; none where nothing is said.
    pub dropout: f64,
}

impl PoolConfig {
    pub(super) fn parse(
        part: &str,
        size: &str,
        options: &Options,
        n_axes: usize,
    ) -> Result<PoolConfig, Wrong> {
        let sizes = numbers(size)
            .map_err(|_| Wrong::new(part, "the size of a window follows, as in pool2 or pool3+stride2"))?;
        let size = match sizes[..] {
            [size] => vec![size; n_axes],
            _ if sizes.len() == n_axes => sizes,
            _ => {
                return Err(Wrong::new(part, format!("a window over {n_axes} axes has 1 or {n_axes} sizes")));
            }
        };
        let padding = match options.padding {
            None | Some(Padding::Valid) => 0,
            Some(Padding::Of(n)) => n,
            Some(Padding::Same) => return Err(Wrong::new(part, "the padding of a pool is written +pad1")),
        };
        // As PyTorch: a window that lies in the padding alone would have no value.
        if size.iter().any(|&size| size / 2 < padding) {
            return Err(Wrong::new(part, "a pool has at most half its window of padding"));
        }
        let (stride, dropout) = (options.stride.unwrap_or(size[0]), options.dropout.unwrap_or(0.0));
        Ok(PoolConfig { size, stride, padding, dropout })
    }

    pub(super) fn window(&self) -> Window {
        Window::of(self.size.clone()).strided(self.stride).padded(self.padding)
    }

    pub(super) fn add_to(&self, builder: GraphBuilder, op: Op, place: usize) -> GraphBuilder {
        let builder = builder.step(&format!("pool{place}"), op);
        if self.dropout == 0.0 { builder } else { builder.dropout(self.dropout) }
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, word: &str) -> fmt::Result {
        let is_square = self.size.iter().all(|size| *size == self.size[0]);
        let sizes: Vec<String> = self.size.iter().map(usize::to_string).collect();
        let size = if is_square { self.size[0].to_string() } else { sizes.join("x") };
        let padding = if self.padding == 0 { Padding::Valid } else { Padding::Of(self.padding) };
        write!(f, "{word}{size}")?;
        write_window(f, (self.stride, self.size[0]), padding, true)?;
        if 0.0 < self.dropout { write!(f, "+dropout{}", self.dropout) } else { Ok(()) }
    }
}
