//! What can go wrong with networks from outside.

use crate::graph::GraphError;

/// An error of training, of weights, of a question to a model, or of a device.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Nodes that make no graph.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// Weights that do not belong to the network.
    #[error("weights: {0}")]
    Weights(String),
    /// A state of training that cannot be resumed.
    #[error("training state: {0}")]
    State(String),
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
    /// The loss is no longer a number.
    #[error(
        "training diverged in epoch {epoch}: the loss is {loss}; a smaller learning_rate than {learning_rate} may help"
    )]
    Diverged {
        /// The epoch, from 1.
        epoch: usize,
        /// The loss.
        loss: f64,
        /// The learning rate.
        learning_rate: f64,
    },
    /// A weight is no longer a number, though the losses before it were.
    #[error(
        "training diverged in epoch {epoch}: {node}.{parameter} holds {value}, which is no finite number"
    )]
    NotFinite {
        /// The epoch, from 1.
        epoch: usize,
        /// The node that learns it.
        node: String,
        /// Its parameter.
        parameter: String,
        /// The value found.
        value: f32,
    },
    /// The question was broken off before it was answered.
    #[error("broken off before it was answered")]
    BrokenOff,
    /// An engine that cannot do what is asked.
    #[error("engine {engine}: {reason}")]
    Engine {
        /// The engine.
        engine: &'static str,
        /// Why not, and what can.
        reason: String,
    },
    /// Inputs of another shape than the network's.
    #[error("inputs of shape {found:?}: the network takes [n_samples, …] with samples of shape {expected:?}")]
    Inputs {
        /// The shape of all inputs.
        found: Vec<usize>,
        /// The shape of a sample.
        expected: Vec<usize>,
    },
    /// Data that the network cannot be trained on.
    #[error("{set} set: {reason}")]
    Set {
        /// Which one.
        set: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// An objective with more or fewer rows than there are inputs.
    #[error("an objective of {n_objectives} rows for {n_samples} inputs: one per input is needed")]
    Rows {
        /// Rows of the objective.
        n_objectives: usize,
        /// Inputs.
        n_samples: usize,
    },
    /// A node that the graph does not have.
    #[error("there is no node {index}: the graph has {n_nodes}, from 0 to {}", n_nodes - 1)]
    NoSuchNode {
        /// The place asked for.
        index: usize,
        /// Nodes of the graph.
        n_nodes: usize,
    },
    /// A unit, or a class, that the node does not have.
    #[error("unit {unit} of {node}: it has {n_units}, from 0 to {}", n_units - 1)]
    NoSuchUnit {
        /// The node's name.
        node: String,
        /// The unit asked for, from 0.
        unit: usize,
        /// Units of the node.
        n_units: usize,
    },
    /// A node that is not written to files of other programs.
    #[error("node `{node}` ({op}) is none that the grammar writes; such networks are not exported")]
    Export {
        /// Its name.
        node: String,
        /// What it computes.
        op: String,
    },
    /// A device that this build or this machine does not have.
    #[error("{0}")]
    Device(String),
}
