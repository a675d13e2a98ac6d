//! Convolutional networks on signals: filters first, then dense layers.

use std::fmt;

use super::dense::DenseConfig;
use super::error::Wrong;
use super::mlp::classifier;
use super::one_filter::{ConvConfig, is_conv};
use super::sizes::{parse_classes, parse_inputs};
use crate::graph::{Graph, GraphBuilder, GraphError};

/// Conv layers of one filter each, then dense layers; written `cnn:100,conv5,conv9,60`: kernel sizes, then widths,
/// joined by commas.
///
/// ```
/// use vitrine_model::{Cnn1dConfig, NetworkSpec};
/// let config = Cnn1dConfig::new(100, 60).with_convs([5, 9]);
/// assert_eq!(NetworkSpec::try_from(config)?.to_string(), "cnn:100,conv5,conv9,60");
/// # Ok::<(), vitrine_model::GraphError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Cnn1dConfig {
    /// Values of a signal.
    pub length: usize,
    /// Conv layers, `conv1` the first; none where nothing is said.
    pub convs: Vec<ConvConfig>,
    /// Hidden dense layers, `hidden1` the first; none where nothing is said.
    pub hidden: Vec<DenseConfig>,
    /// Units of the layer `output`, which a softmax follows.
    pub n_classes: usize,
}

impl Cnn1dConfig {
    /// A network of its output layer alone.
    pub fn new(length: usize, n_classes: usize) -> Cnn1dConfig {
        Cnn1dConfig { length, convs: Vec::new(), hidden: Vec::new(), n_classes }
    }

    /// The same with these conv layers: kernel sizes, or settings of layers.
    #[must_use]
    pub fn with_convs(self, convs: impl IntoIterator<Item = impl Into<ConvConfig>>) -> Cnn1dConfig {
        Cnn1dConfig { convs: convs.into_iter().map(Into::into).collect(), ..self }
    }

    /// The same with these hidden dense layers: widths, or settings of layers.
    #[must_use]
    pub fn with_hidden(self, hidden: impl IntoIterator<Item = impl Into<DenseConfig>>) -> Cnn1dConfig {
        Cnn1dConfig { hidden: hidden.into_iter().map(Into::into).collect(), ..self }
    }

    /// Its nodes.
    ///
    /// # Errors
    /// When a number is zero, a filter is longer than the signal, or a share of dropout is out of range.
    pub fn graph(&self) -> Result<Graph, GraphError> {
        let add = |builder, (place, layer): (usize, &ConvConfig)| {
            layer.add_to(builder, &format!("conv{}", place + 1))
        };
        let builder = self.convs.iter().enumerate().fold(GraphBuilder::input([self.length]), add);
        classifier(builder, &self.hidden, self.n_classes)
    }

    pub(super) fn parse(text: &str) -> Result<Cnn1dConfig, Wrong> {
        let mut parts = text.split(',');
        let length = parse_inputs(parts.next().unwrap_or_default())?;
        let mut parts: Vec<&str> = parts.collect();
        let Some(last) = parts.pop() else {
            return Err(Wrong::new(text, "at least the number of inputs and that of outputs are needed"));
        };
        let (mut convs, mut hidden) = (Vec::new(), Vec::new());
        for part in parts {
            match ConvConfig::parse(part, length) {
                Some(_) if !hidden.is_empty() => {
                    return Err(Wrong::new(part, "conv layers come before dense ones"));
                }
                Some(conv) => convs.push(conv?),
                None => hidden.push(DenseConfig::parse(part)?),
            }
        }
        let n_classes = match is_conv(last) {
            true => return Err(Wrong::new(last, "the last layer is dense: the number of classes")),
            false => parse_classes(last)?,
        };
        Ok(Cnn1dConfig { length, convs, hidden, n_classes })
    }
}

/// What stands after the colon.
impl fmt::Display for Cnn1dConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.length)?;
        self.convs.iter().try_for_each(|layer| write!(f, ",{layer}"))?;
        self.hidden.iter().try_for_each(|layer| write!(f, ",{layer}"))?;
        write!(f, ",{}", self.n_classes)
    }
}
