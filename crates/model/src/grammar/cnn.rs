//! Convolutional networks over channels, on signals and images: LeNet-5 and its kin.

use std::fmt;

use super::cnn_layers::{CnnLayer, Counts};
use super::dense::DenseConfig;
use super::error::Wrong;
use super::mlp::classifier;
use super::one_filter::is_conv;
use super::sizes::{numbers, parse_classes};
use crate::graph::{Graph, GraphBuilder, GraphError, Op};

/// Layers over channels, then dense layers; written `cnn:1x28x28,conv5x5x6,pool2,conv5x5x16,pool2,120,84,10`: the shape of
/// a sample, `channels x rows x columns` or `channels x length`, then the layers, joined by commas.
///
/// ```
/// use vitrine_model::NetworkSpec;
/// let lenet5: NetworkSpec = "cnn:1x28x28,conv5x5x6,pool2,conv5x5x16,pool2,120,84,10".parse()?;
/// assert_eq!(lenet5.n_parameters(), 44_426);
/// let blocks: NetworkSpec = "cnn:3x32x32,conv3x3x16+same+nobias+bn,res3x3x16+bn,res3x3x32+stride2+bn,gap,10".parse()?;
/// assert_eq!(blocks.n_outputs(), 10);
/// # Ok::<(), vitrine_model::SpecError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CnnConfig {
    /// Channels, then length, or rows and columns.
    pub shape: Vec<usize>,
    /// Layers over channels.
    pub layers: Vec<CnnLayer>,
    /// Hidden dense layers, `hidden1` the first.
    pub hidden: Vec<DenseConfig>,
    /// Units of the layer `output`, which a softmax follows.
    pub n_classes: usize,
}

impl CnnConfig {
    /// Its nodes.
    ///
    /// # Errors
    /// When a number is zero, a window is larger than what it slides over, or a share of dropout is out of range.
    pub fn graph(&self) -> Result<Graph, GraphError> {
        let mut counts = Counts::default();
        let start = GraphBuilder::input(self.shape.clone());
        let builder = self.layers.iter().fold(start, |builder, layer| layer.add_to(builder, &mut counts));
        let builder = match builder.shape().len() {
            1 => builder,
            _ => builder.step("flatten", Op::Flatten),
        };
        classifier(builder, &self.hidden, self.n_classes)
    }

    /// Whether the text after the colon writes one: its first part is a shape.
    pub(super) fn is_written(text: &str) -> bool {
        text.split(',').next().is_some_and(|first| first.contains('x'))
    }

    pub(super) fn parse(text: &str) -> Result<CnnConfig, Wrong> {
        let mut parts = text.split(',');
        let first = parts.next().unwrap_or_default();
        let shape = numbers(first).ok().filter(|shape| (2..=3).contains(&shape.len())).ok_or_else(|| {
            Wrong::new(first, "a sample is channels x length or channels x rows x columns, as in 1x28x28")
        })?;
        let mut parts: Vec<&str> = parts.collect();
        let Some(last) = parts.pop() else {
            return Err(Wrong::new(
                text,
                "at least the shape of a sample and the number of classes are needed",
            ));
        };
        let (mut layers, mut hidden) = (Vec::new(), Vec::new());
        for part in parts {
            match CnnLayer::parse(part, shape.len() - 1) {
                // A residual block without an x is one of dense layers.
                Some(Err(_)) if part.starts_with("res") && !part.contains('x') => {
                    hidden.push(DenseConfig::parse(part)?);
                }
                Some(_) if !hidden.is_empty() => {
                    return Err(Wrong::new(part, "layers over channels come before dense ones"));
                }
                Some(_) if layers.contains(&CnnLayer::GlobalAveragePool) => {
                    return Err(Wrong::new(
                        part,
                        "dense layers follow gap, which leaves no axes to slide over",
                    ));
                }
                Some(layer) => layers.push(layer?),
                None => hidden.push(DenseConfig::parse(part)?),
            }
        }
        let n_classes = match is_conv(last) || CnnLayer::parse(last, shape.len() - 1).is_some() {
            true => return Err(Wrong::new(last, "the last layer is dense: the number of classes")),
            false => parse_classes(last)?,
        };
        Ok(CnnConfig { shape, layers, hidden, n_classes })
    }
}

/// What stands after the colon.
impl fmt::Display for CnnConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape: Vec<String> = self.shape.iter().map(usize::to_string).collect();
        f.write_str(&shape.join("x"))?;
        self.layers.iter().try_for_each(|layer| write!(f, ",{layer}"))?;
        self.hidden.iter().try_for_each(|layer| write!(f, ",{layer}"))?;
        write!(f, ",{}", self.n_classes)
    }
}
