//! Multilayer perceptrons: dense layers, one after the other.

use std::fmt;

use super::dense::DenseConfig;
use super::error::Wrong;
use super::one_filter::is_conv;
use super::sizes::{parse_classes, parse_inputs};
use crate::graph::{Graph, GraphBuilder, GraphError};

/// Dense layers; written `mlp:100-100-60`, widths joined by dashes.
///
/// ```
/// use vitrine_model::{Activation, DenseConfig, MlpConfig, NetworkSpec};
/// let tanh = DenseConfig::new(50).with_activation(Activation::Tanh);
/// let config = MlpConfig::new(100, 60).with_hidden([DenseConfig::new(80), tanh]);
/// assert_eq!(config.graph()?.n_parameters(), 100 * 80 + 80 + 80 * 50 + 50 + 50 * 60 + 60);
/// assert_eq!(NetworkSpec::try_from(config)?.to_string(), "mlp:100-80-50+tanh-60");
/// # Ok::<(), vitrine_model::GraphError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MlpConfig {
    /// Values of a sample.
    pub n_inputs: usize,
    /// Hidden layers, `hidden1` the first; none where nothing is said.
    pub hidden: Vec<DenseConfig>,
    /// Units of the layer `output`, which a softmax follows.
    pub n_classes: usize,
}

impl MlpConfig {
    /// A network of its output layer alone.
    pub fn new(n_inputs: usize, n_classes: usize) -> MlpConfig {
        MlpConfig { n_inputs, hidden: Vec::new(), n_classes }
    }

    /// The same with these hidden layers: widths, or settings of layers.
    #[must_use]
    pub fn with_hidden(self, hidden: impl IntoIterator<Item = impl Into<DenseConfig>>) -> MlpConfig {
        MlpConfig { hidden: hidden.into_iter().map(Into::into).collect(), ..self }
    }

    /// Its nodes.
    ///
    /// # Errors
    /// When a number is zero or a share of dropout is out of range.
    pub fn graph(&self) -> Result<Graph, GraphError> {
        classifier(GraphBuilder::input([self.n_inputs]), &self.hidden, self.n_classes)
    }

    pub(super) fn parse(text: &str) -> Result<MlpConfig, Wrong> {
        let mut parts = text.split('-');
        let n_inputs = parse_inputs(parts.next().unwrap_or_default())?;
        let mut parts: Vec<&str> = parts.collect();
        let Some(last) = parts.pop() else {
            return Err(Wrong::new(text, "at least the number of inputs and that of outputs are needed"));
        };
        let dense = |part: &str| match is_conv(part) {
            true => Err(Wrong::new(part, "conv layers belong to a cnn")),
            false => DenseConfig::parse(part),
        };
        let hidden = parts.into_iter().map(dense).collect::<Result<_, _>>()?;
        let n_classes = match is_conv(last) {
            true => return Err(Wrong::new(last, "conv layers belong to a cnn")),
            false => parse_classes(last)?,
        };
        Ok(MlpConfig { n_inputs, hidden, n_classes })
    }
}

/// Dense layers `hidden1`, `hidden2`, …, then `output` and its softmax.
pub(super) fn classifier(
    builder: GraphBuilder,
    hidden: &[DenseConfig],
    n_classes: usize,
) -> Result<Graph, GraphError> {
    let add = |builder, (place, layer): (usize, &DenseConfig)| layer.add_to(builder, place + 1);
    hidden.iter().enumerate().fold(builder, add).dense("output", n_classes).softmax().build()
}

/// What stands after the colon.
impl fmt::Display for MlpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.n_inputs)?;
        self.hidden.iter().try_for_each(|layer| write!(f, "-{layer}"))?;
        write!(f, "-{}", self.n_classes)
    }
}
