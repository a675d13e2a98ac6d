//! What the names of a file stand for while it is translated.

use std::rc::Rc;

use super::known::Known;
use crate::graph::NodeId;

/// What a name of the file stands for.
#[derive(Clone, Debug)]
pub enum Value {
    /// What is known already.
    Known(Rc<Constant>),
    /// What a node computes.
    Node(Computed),
}

/// An array that is known, and where it comes from.
#[derive(Debug)]
pub struct Constant {
    /// Its name in the file.
    pub name: String,
    /// Whether it is a weight, which descent would change.
    pub is_learnt: bool,
    pub array: Known,
}

/// What a node of the graph computes.
#[derive(Clone, Copy, Debug)]
pub struct Computed {
    pub id: NodeId,
    /// Whether the file's axis 0 is that of the samples, which the node's shape is without.
    pub is_batched: bool,
    /// Whether its values are whole numbers or truths.
    pub is_whole: bool,
}
