//! What a file asks for.

use crate::graph::NodeId;

/// An input as the file states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInput {
    /// Its name.
    pub name: String,
    /// Its shape in the file; `None` where that is open: how many samples there are.
    pub shape: Vec<Option<usize>>,
    /// The node that gives its values.
    pub node: NodeId,
}
