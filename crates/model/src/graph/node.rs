//! A node of a network.

use super::op::Op;

/// A node by its place in the graph's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) usize);

impl NodeId {
    /// The input.
    pub const INPUT: NodeId = NodeId(0);

    /// Its place in the order, from 0.
    pub fn index(self) -> usize {
        self.0
    }
}

/// A step of a network's computation.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its name: of what is learnt, `hidden1`; of what follows it, `hidden1.relu`.
    pub name: String,
    /// What it computes.
    pub op: Op,
    /// The nodes whose values it takes, all before it.
    pub inputs: Vec<NodeId>,
    /// The shape of what it computes of one sample.
    pub shape: Vec<usize>,
}

impl Node {
    /// Values of one sample.
    pub fn n_units(&self) -> usize {
        self.shape.iter().product()
    }
}
