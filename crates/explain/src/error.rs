//! What can go wrong with a question to a model.

use vitrine_model::ModelError;

/// An error of a method's settings, of what it is asked for, or of the model.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The model's own: inputs of another shape, an objective of other rows, a unit that a node does not have.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A setting out of its range.
    #[error("{name} = {value}: {expected}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A layer that the network does not have.
    #[error("there is no layer `{layer}`; there are {known}")]
    NoSuchLayer {
        /// The name asked for.
        layer: String,
        /// Names of its layers.
        known: String,
    },
    /// A probability of a network that gives none.
    #[error(
        "there are no probabilities: the last node is `{output}` ({op}), no softmax; its own values are its logits"
    )]
    NoProbabilities {
        /// The name of its last node.
        output: String,
        /// What that node computes.
        op: String,
    },
    /// A row that would raise nothing.
    #[error("row {row} of the objective has no term; each row needs at least one term")]
    NoTerm {
        /// The row, from 0.
        row: usize,
    },
    /// A regulariser for signals, with samples that are none.
    #[error(
        "regularisers.{kind}: it smooths along one axis, for samples [n] or [n_channels, n]; these are {shape:?}"
    )]
    NoSignal {
        /// The regulariser.
        kind: &'static str,
        /// The shape of a sample.
        shape: Vec<usize>,
    },
}

impl ExplainError {
    /// A setting refused.
    pub(crate) fn setting(
        name: &'static str,
        value: f64,
        expected: &'static str,
    ) -> Result<(), ExplainError> {
        Err(ExplainError::Setting { name, value: value.to_string(), expected })
    }
}
