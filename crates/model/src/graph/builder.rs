//! Graphs node by node.

use std::collections::HashSet;

use super::activation::Activation;
use super::error::{GraphError, MAX_PARAMETERS};
use super::network_graph::Graph;
use super::node::{Node, NodeId};
use super::op::Op;
use super::op_error::OpError;
use super::window::Window;

/// A graph in the making. Each call adds a node after the last one; the first mistake is what
/// [`build`](GraphBuilder::build) returns.
#[derive(Clone, Debug)]
pub struct GraphBuilder {
    nodes: Vec<Node>,
    names: HashSet<String>,
    /// Of all nodes, of which there may be more than a machine's numbers count.
    n_parameters: u128,
    /// The last node, where no other is named.
    output: Option<NodeId>,
    /// The name that nodes without parameters go by: that of the last one that learns.
    layer: String,
    error: Option<GraphError>,
}

impl GraphBuilder {
    /// A graph on samples of this shape, its node `input`.
    pub fn input(shape: impl Into<Vec<usize>>) -> GraphBuilder {
        GraphBuilder::input_named("input", shape)
    }

    /// A graph on samples of this shape, its input of another name.
    pub fn input_named(name: &str, shape: impl Into<Vec<usize>>) -> GraphBuilder {
        let (name, shape) = (name.to_string(), shape.into());
        let error = check_size(&shape).err().map(|reason| GraphError::Op {
            node: name.clone(),
            op: Op::Input.to_string(),
            reason,
        });
        let error = error.or(check_name(&name).err());
        let input = Node { name: name.clone(), op: Op::Input, inputs: Vec::new(), shape };
        GraphBuilder {
            nodes: vec![input],
            names: HashSet::from([name.clone()]),
            layer: name,
            n_parameters: 0,
            output: None,
            error,
        }
    }

    /// A dense layer of `n_units`.
    #[must_use]
    pub fn dense(self, name: &str, n_units: usize) -> GraphBuilder {
        self.learning(name, Op::Dense { n_units })
    }

    /// A filter of `kernel_size` taps along a signal.
    #[must_use]
    pub fn conv1d(self, name: &str, kernel_size: usize) -> GraphBuilder {
        self.learning(name, Op::Conv1d { kernel_size })
    }

    /// Filters over all channels of a signal or an image.
    #[must_use]
    pub fn conv(self, name: &str, n_filters: usize, window: Window, has_bias: bool) -> GraphBuilder {
        self.learning(name, Op::Conv { n_filters, window, groups: 1, has_bias })
    }

    /// A step that learns nothing, but what follows it is named after it: a pool.
    #[must_use]
    pub fn step(self, name: &str, op: Op) -> GraphBuilder {
        self.learning(name, op)
    }

    /// A batch normalisation with the settings of PyTorch, named after its layer: `conv1.bn`.
    #[must_use]
    pub fn batch_norm(self) -> GraphBuilder {
        self.following("bn", Op::BatchNorm { epsilon: 1e-5, momentum: 0.1 })
    }

    /// An activation, named after its layer: `hidden1.relu`.
    #[must_use]
    pub fn activation(self, activation: Activation) -> GraphBuilder {
        self.following(activation.word(), Op::Activation(activation))
    }

    /// Dropout, named after its layer: `hidden1.dropout`.
    #[must_use]
    pub fn dropout(self, share: f64) -> GraphBuilder {
        self.following("dropout", Op::Dropout { share })
    }

    /// A softmax, named after its layer: `output.softmax`.
    #[must_use]
    pub fn softmax(self) -> GraphBuilder {
        self.following("softmax", Op::Softmax)
    }

    /// The node added last.
    pub fn last(&self) -> NodeId {
        NodeId(self.nodes.len() - 1)
    }

    /// The shape of one sample there.
    pub fn shape(&self) -> &[usize] {
        &self.nodes[self.nodes.len() - 1].shape
    }

    /// The same with what follows named after `name`.
    #[must_use]
    pub fn named(self, name: &str) -> GraphBuilder {
        GraphBuilder { layer: name.into(), ..self }
    }

    /// A node of any op that takes any nodes before it.
    #[must_use]
    pub fn node(mut self, name: &str, op: Op, inputs: &[NodeId]) -> GraphBuilder {
        if self.error.is_none() {
            self.error = self.add(name, op, inputs).err();
        }
        self
    }

    /// The same, and which node it is; the builder stays as it is where there can be no such node.
    ///
    /// # Errors
    /// The node's name, and what would be right.
    pub fn add(&mut self, name: &str, op: Op, inputs: &[NodeId]) -> Result<NodeId, GraphError> {
        let node = self.checked(name, op, inputs)?;
        self.n_parameters = self.n_parameters.saturating_add(self.n_parameters_of(&node));
        self.names.insert(node.name.clone());
        self.nodes.push(node);
        Ok(self.last())
    }

    /// The nodes so far.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Whether there is a node of that name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The same with another output than the last node.
    #[must_use]
    pub fn with_output(self, output: NodeId) -> GraphBuilder {
        GraphBuilder { output: Some(output), ..self }
    }

    /// The graph.
    ///
    /// # Errors
    /// The first node that could not be: its name, and what would be right.
    pub fn build(self) -> Result<Graph, GraphError> {
        let last = self.last();
        match self.error {
            Some(error) => Err(error),
            None if u128::from(MAX_PARAMETERS) < self.n_parameters => {
                Err(GraphError::TooLarge { n_parameters: self.n_parameters })
            }
            None => Ok(Graph::of(self.nodes, self.output.unwrap_or(last))),
        }
    }

    /// Weights and biases of a node.
    fn n_parameters_of(&self, node: &Node) -> u128 {
        let shapes: Vec<&[usize]> =
            node.inputs.iter().map(|input| self.nodes[input.index()].shape.as_slice()).collect();
        let size = |shape: &[usize]| shape.iter().fold(1, |size: u128, &n| size.saturating_mul(n as u128));
        node.op
            .parameters(&shapes)
            .iter()
            .map(|parameter| size(&parameter.shape))
            .fold(0, u128::saturating_add)
    }

    fn learning(mut self, name: &str, op: Op) -> GraphBuilder {
        self.layer = name.into();
        let last = self.last();
        self.node(name, op, &[last])
    }

    fn following(self, word: &str, op: Op) -> GraphBuilder {
        let (name, last) = (format!("{}.{word}", self.layer), self.last());
        self.node(&name, op, &[last])
    }

    fn checked(&self, name: &str, op: Op, inputs: &[NodeId]) -> Result<Node, GraphError> {
        check_name(name)?;
        if self.has(name) {
            return Err(GraphError::SameName { name: name.into() });
        }
        let n_nodes = self.nodes.len();
        if let Some(input) = inputs.iter().find(|input| n_nodes <= input.index()) {
            return Err(GraphError::NotBefore { node: name.into(), input: input.index(), n_nodes });
        }
        let shapes: Vec<&[usize]> =
            inputs.iter().map(|input| self.nodes[input.index()].shape.as_slice()).collect();
        let wrong = |reason| GraphError::Op { node: name.into(), op: op.to_string(), reason };
        let shape = op.shape(&shapes).map_err(wrong)?;
        check_size(&shape).map_err(wrong)?;
        Ok(Node { name: name.into(), op, inputs: inputs.to_vec(), shape })
    }
}

/// Values of one sample at a node at most: 4 GiB of them.
const MAX_VALUES: usize = 1 << 30;

fn check_size(shape: &[usize]) -> Result<(), OpError> {
    match shape.iter().fold(1, |product: usize, &size| product.saturating_mul(size)) {
        0 => Err(OpError::Empty { shape: shape.into() }),
        n if MAX_VALUES < n => Err(OpError::TooManyValues { shape: shape.into(), most: MAX_VALUES }),
        _ => Ok(()),
    }
}

/// Refuses names that cannot be shown: empty ones, and signs that end lines or turn text around. A network from
/// elsewhere has `/` and `:` in its names, so that a name is no name of a file.
fn check_name(name: &str) -> Result<(), GraphError> {
    let turns = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    match name.is_empty() || name.chars().any(|c| c.is_control() || turns(c)) {
        true => Err(GraphError::NoName { name: name.into() }),
        false => Ok(()),
    }
}
