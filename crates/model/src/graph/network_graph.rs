//! The graph itself: nodes in an order in which each can be computed from those before it.

use std::ops::Index;
use std::sync::Arc;

use super::layer::{Layer, layers_of};
use super::node::{Node, NodeId};
use super::op::Op;
use super::parameter::Parameter;

/// What a network is: nodes in topological order, the input first, as a rule the output last.
///
/// ```
/// use vitrine_model::{Activation, GraphBuilder};
/// let graph = GraphBuilder::input([100])
///     .dense("hidden1", 50)
///     .activation(Activation::Tanh)
///     .dense("output", 60)
///     .softmax()
///     .build()?;
/// let names: Vec<&str> = graph.nodes().iter().map(|node| node.name.as_str()).collect();
/// assert_eq!(names, ["input", "hidden1", "hidden1.tanh", "output", "output.softmax"]);
/// assert_eq!(graph[graph.logits()].shape, [60]);
/// # Ok::<(), vitrine_model::GraphError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Arc<[Node]>,
    layers: Arc<[Layer]>,
    output: NodeId,
}

impl Graph {
    /// The graph of nodes that a builder has checked.
    pub(super) fn of(nodes: Vec<Node>, output: NodeId) -> Graph {
        Graph { layers: layers_of(&nodes).into(), nodes: nodes.into(), output }
    }

    /// The nodes, each after those that it takes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The nodes by their ids, in the same order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId)
    }

    /// The node of that name.
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.nodes.iter().position(|node| node.name == name).map(NodeId)
    }

    /// The shape of one sample.
    pub fn input_shape(&self) -> &[usize] {
        &self.nodes[0].shape
    }

    /// What the network is asked for: the last node, but where a builder named another.
    pub fn output(&self) -> NodeId {
        self.output
    }

    /// What the softmax at the end takes; without one, the output itself.
    pub fn logits(&self) -> NodeId {
        let last = &self[self.output()];
        match &last.op {
            Op::Softmax => last.inputs[0],
            _ => self.output(),
        }
    }

    /// What a node learns.
    pub fn parameters(&self, id: NodeId) -> Vec<Parameter> {
        let node = &self[id];
        let shapes: Vec<&[usize]> = node.inputs.iter().map(|&input| self[input].shape.as_slice()).collect();
        node.op.parameters(&shapes)
    }

    /// What all nodes learn, each with its node, in their order.
    pub fn all_parameters(&self) -> impl Iterator<Item = (&Node, Parameter)> {
        let of_node =
            move |id: NodeId| self.parameters(id).into_iter().map(move |parameter| (&self[id], parameter));
        self.ids().flat_map(of_node)
    }

    /// Number of weights and biases; running means are none.
    pub fn n_parameters(&self) -> usize {
        let learnt = self.all_parameters().filter(|(_, parameter)| parameter.role.is_learnt());
        learnt.map(|(_, parameter)| parameter.len()).sum()
    }

    /// Values of all nodes of one sample.
    pub(crate) fn n_values(&self) -> usize {
        self.nodes.iter().fold(0, |sum: usize, node| sum.saturating_add(node.n_units()))
    }

    /// Every node that learns with what follows it, in their order.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }
}

impl PartialEq for Graph {
    fn eq(&self, other: &Graph) -> bool {
        self.nodes == other.nodes && self.output == other.output
    }
}

/// # Panics
/// If the id is of another, larger graph.
impl Index<NodeId> for Graph {
    type Output = Node;

    fn index(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }
}
