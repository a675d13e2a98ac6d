//! What is no graph.

use super::op_error::OpError;

/// Weights and biases of the largest network that is made: 16 GiB of them.
pub(super) const MAX_PARAMETERS: u64 = 1 << 32;

/// A graph that cannot be; it names the node, what is wrong and what would be right.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GraphError {
    /// A node that cannot compute what it is asked to.
    #[error("node `{node}` ({op}) {reason}")]
    Op {
        /// Its name.
        node: String,
        /// What it computes.
        op: String,
        /// What is wrong.
        reason: OpError,
    },
    /// A name that was given before.
    #[error("node `{name}`: there is a node of that name; names differ from each other")]
    SameName {
        /// The name.
        name: String,
    },
    /// A name that is empty, or has signs that are not seen.
    #[error("node `{}`: a name is made of signs that are seen", name.escape_debug())]
    NoName {
        /// The name.
        name: String,
    },
    /// A node that is not there before the one that takes it.
    #[error("node `{node}` takes node {input}, which is none of the {n_nodes} before it")]
    NotBefore {
        /// The node that takes it.
        node: String,
        /// The place asked for, from 0.
        input: usize,
        /// Nodes before.
        n_nodes: usize,
    },
    /// More weights than memory holds.
    #[error(
        "its {n_parameters} weights and biases would take {:.1} GB of memory; networks of up to {MAX_PARAMETERS} are made",
        4.0 * *n_parameters as f64 / 1e9
    )]
    TooLarge {
        /// Weights and biases.
        n_parameters: u128,
    },
    /// A bottleneck whose narrowest hidden layer is another than its code.
    #[error(
        "the code has {code} units, hidden layer {place} {width}: a code is narrower than every layer before it, and wider than none"
    )]
    CodeIsWider {
        /// Units of the code.
        code: usize,
        /// The hidden layer that is narrower, from 1.
        place: usize,
        /// Its units.
        width: usize,
    },
}
