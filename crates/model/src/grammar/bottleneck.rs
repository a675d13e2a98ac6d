//! Bottlenecks: dense layers of which one, the code, is narrowest.

use std::fmt;

use super::dense::DenseConfig;
use super::error::Wrong;
use super::mlp::MlpConfig;
use crate::graph::{Graph, GraphError};

/// Dense layers that narrow to a code; written `bottleneck:100-25-2-25-60`, as an mlp whose narrowest hidden layer, of
/// equal ones the first, is the code.
///
/// ```
/// use vitrine_model::{BottleneckConfig, NetworkSpec};
/// let config = BottleneckConfig::new(100, 2, 60).with_encoder([25]).with_decoder([25]);
/// assert_eq!(NetworkSpec::try_from(config)?.to_string(), "bottleneck:100-25-2-25-60");
/// # Ok::<(), vitrine_model::GraphError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BottleneckConfig {
    /// Values of a sample.
    pub n_inputs: usize,
    /// Hidden layers before the code, each wider; none where nothing is said.
    pub encoder: Vec<DenseConfig>,
    /// The narrowest hidden layer.
    pub code: DenseConfig,
    /// Hidden layers after the code, none of them narrower; none where nothing is said.
    pub decoder: Vec<DenseConfig>,
    /// Units of the layer `output`, which a softmax follows.
    pub n_classes: usize,
}

impl BottleneckConfig {
    /// A network of its code and its output layer.
    pub fn new(n_inputs: usize, code: impl Into<DenseConfig>, n_classes: usize) -> BottleneckConfig {
        let (encoder, decoder) = (Vec::new(), Vec::new());
        BottleneckConfig { n_inputs, encoder, code: code.into(), decoder, n_classes }
    }

    /// The same with these layers before the code: widths, or settings of layers.
    #[must_use]
    pub fn with_encoder(self, layers: impl IntoIterator<Item = impl Into<DenseConfig>>) -> BottleneckConfig {
        BottleneckConfig { encoder: layers.into_iter().map(Into::into).collect(), ..self }
    }

    /// The same with these layers after the code: widths, or settings of layers.
    #[must_use]
    pub fn with_decoder(self, layers: impl IntoIterator<Item = impl Into<DenseConfig>>) -> BottleneckConfig {
        BottleneckConfig { decoder: layers.into_iter().map(Into::into).collect(), ..self }
    }

    /// Its nodes.
    ///
    /// # Errors
    /// When the code is not the narrowest hidden layer, a number is zero or a share of dropout is out of range.
    pub fn graph(&self) -> Result<Graph, GraphError> {
        let widths = || self.hidden().map(|layer| layer.n_units).enumerate();
        let code = self.code.n_units;
        let is_narrower = |&(place, width): &(usize, usize)| match place < self.encoder.len() {
            true => width <= code,
            false => width < code,
        };
        if let Some((place, width)) = widths().find(is_narrower) {
            return Err(GraphError::CodeIsWider { code, place: place + 1, width });
        }
        self.as_mlp().graph()
    }

    fn hidden(&self) -> impl Iterator<Item = DenseConfig> {
        self.encoder.iter().chain([&self.code]).chain(&self.decoder).copied()
    }

    fn as_mlp(&self) -> MlpConfig {
        MlpConfig::new(self.n_inputs, self.n_classes).with_hidden(self.hidden())
    }

    pub(super) fn parse(text: &str) -> Result<BottleneckConfig, Wrong> {
        let MlpConfig { n_inputs, hidden, n_classes } = MlpConfig::parse(text)?;
        let Some(place) = (0..hidden.len()).min_by_key(|&place| hidden[place].n_units) else {
            return Err(Wrong::new(text, "a bottleneck has at least one hidden layer"));
        };
        let (encoder, rest) = hidden.split_at(place);
        let (encoder, decoder) = (encoder.to_vec(), rest[1..].to_vec());
        Ok(BottleneckConfig { n_inputs, encoder, code: rest[0], decoder, n_classes })
    }
}

/// What stands after the colon.
impl fmt::Display for BottleneckConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_mlp().fmt(f)
    }
}
