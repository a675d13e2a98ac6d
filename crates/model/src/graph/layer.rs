//! Layers: a graph as people speak of it, each node that learns with what follows it.

use super::activation::Activation;
use super::node::{Node, NodeId};
use super::op::Op;
use super::parameter::Parameter;
use super::tensor::TensorOp;

/// A node that learns, and what follows it up to the next: a normalisation belongs to what it normalises.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The name of the node that learns: `hidden1`, `conv1`, … and `output`.
    pub name: String,
    /// What that node computes.
    pub op: Op,
    /// What that node learns.
    pub parameters: Vec<Parameter>,
    /// The normalisation that follows it, and what that learns.
    pub norm: Option<(NodeId, Vec<Parameter>)>,
    /// The activation that follows it.
    pub activation: Option<Activation>,
    /// Whether a softmax follows it.
    pub has_softmax: bool,
    /// Share of its activations set to zero in training.
    pub dropout: f64,
    /// Units.
    pub n_units: usize,
    /// The values before the activation: the node that learns, or its normalisation.
    pub pre: NodeId,
    /// The values after the activation, of an output layer after its softmax; where nothing follows, as before it.
    pub post: NodeId,
    /// The last node of the layer, which the next one takes.
    pub end: NodeId,
}

impl Layer {
    /// Number of weights and biases; running means are none.
    pub fn n_parameters(&self) -> usize {
        let of_norm = self.norm.iter().flat_map(|(_, parameters)| parameters);
        self.parameters.iter().chain(of_norm).filter(|p| p.role.is_learnt()).map(Parameter::len).sum()
    }

    /// Taps of its filter, where it has one.
    pub fn kernel_size(&self) -> Option<usize> {
        if let Op::Conv1d { kernel_size } = self.op { Some(kernel_size) } else { None }
    }
}

/// The layers among `nodes`, in their order.
pub(super) fn layers_of(nodes: &[Node]) -> Vec<Layer> {
    let input_shapes = |node: &Node| -> Vec<&[usize]> {
        node.inputs.iter().map(|input| nodes[input.index()].shape.as_slice()).collect()
    };
    let mut layers: Vec<Layer> = Vec::new();
    for (place, node) in nodes.iter().enumerate() {
        let (id, parameters) = (NodeId(place), node.op.parameters(&input_shapes(node)));
        let is_norm_of_another =
            layers.iter().any(|layer| matches!(layer.norm, Some((norm, _)) if norm == id));
        let is_constant = matches!(node.op, Op::Tensor(TensorOp::Constant { .. }));
        if parameters.is_empty() || is_norm_of_another || is_constant {
            continue;
        }
        let mut layer = Layer {
            name: node.name.clone(),
            op: node.op.clone(),
            parameters,
            norm: None,
            activation: None,
            has_softmax: false,
            dropout: 0.0,
            n_units: node.n_units(),
            pre: id,
            post: id,
            end: id,
        };
        while let Some(next) = only_taker(nodes, layer.end) {
            let node = &nodes[next.index()];
            match &node.op {
                Op::BatchNorm { .. } if layer.end == id => {
                    layer.norm = Some((next, node.op.parameters(&input_shapes(node))));
                    (layer.pre, layer.post) = (next, next);
                }
                Op::Activation(activation) => (layer.activation, layer.post) = (Some(*activation), next),
                Op::Softmax => (layer.has_softmax, layer.post) = (true, next),
                Op::Dropout { share } => layer.dropout = *share,
                _ => break,
            }
            layer.end = next;
        }
        layers.push(layer);
    }
    layers
}

/// The node that takes `id`, where it is the only one and takes nothing else.
fn only_taker(nodes: &[Node], id: NodeId) -> Option<NodeId> {
    let mut takers = (id.index() + 1..nodes.len()).filter(|&place| nodes[place].inputs.contains(&id));
    let taker = takers.next()?;
    (takers.next().is_none() && nodes[taker].inputs.len() == 1).then_some(NodeId(taker))
}
