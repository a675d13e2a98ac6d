//! Why a network from elsewhere is not read.

use std::fmt;
use std::path::PathBuf;

use vitrine_data::DataError;

use crate::error::ModelError;

/// Why a file holds no network that can be computed: the file, the node and its operator, and what is wrong.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file that cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A file that is no such network.
    #[error("{}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Operators that are not known, each with a node.
    #[error("{}: operators that are not known: {}", path.display(), Listed(operators))]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The operator, the first node that has it, and how many do.
        operators: Vec<(String, String, usize)>,
    },
    /// A node that cannot be computed.
    #[error("{}: node `{}` ({operator}) {reason}", path.display(), node.escape_debug())]
    Node {
        /// The file.
        path: PathBuf,
        /// Its name.
        node: String,
        /// Its operator.
        operator: String,
        /// What is wrong.
        reason: String,
    },
    /// Values of inputs that are missing, or of another shape.
    #[error("input `{}`: {reason}", input.escape_debug())]
    Input {
        /// Its name.
        input: String,
        /// What is wrong.
        reason: String,
    },
    /// What the network cannot compute.
    #[error(transparent)]
    Model(#[from] ModelError),
}

struct Listed<'a>(&'a [(String, String, usize)]);

/// Operators named at most.
const N_LISTED: usize = 12;

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (operator, node, n_nodes)) in self.0.iter().take(N_LISTED).enumerate() {
            let (operator, node) = (operator.escape_debug(), node.escape_debug());
            let comma = if i == 0 { "" } else { ", " };
            match n_nodes {
                1 => write!(f, "{comma}{operator} (node `{node}`)")?,
                _ => write!(f, "{comma}{operator} (node `{node}` and {} more)", n_nodes - 1)?,
            }
        }
        match self.0.len().saturating_sub(N_LISTED) {
            0 => Ok(()),
            n => write!(f, ", and {n} more"),
        }
    }
}
