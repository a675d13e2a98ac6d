//! What is made of a file.

use std::collections::HashMap;

use crate::graph::{Graph, NodeId};
use crate::import::file_input::FileInput;
use crate::weights::Weights;

/// What a file holds.
pub struct Parts {
    pub graph: Graph,
    pub weights: Weights,
    pub inputs: Vec<FileInput>,
    pub outputs: Vec<(String, NodeId)>,
    pub opset: i64,
    pub producer: String,
    /// Of each node the file's operator, where it is one of the file's.
    pub operators: Vec<Option<String>>,
    /// What the file calls the results of its nodes.
    pub values: HashMap<String, NodeId>,
    /// Of each node whether it has values for each sample.
    pub is_batched: Vec<bool>,
    /// Whether all that the file calls its input is one sample.
    pub is_whole: bool,
}
