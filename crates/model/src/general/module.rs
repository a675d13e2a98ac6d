//! A graph with its parameters on a device: the burn module.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rand::Rng;

use super::batch_norm;
use super::forward::{InTraining, differs_in_training, draw_noise, forward};
use super::parameter::ParameterTensor;
use super::value::{Value, of_all};
use crate::error::ModelError;
use crate::graph::{Graph, NodeId, Op};
use crate::weights::Weights;

/// A network of any graph as a burn module; see its methods for burn's users.
///
/// Every value is a matrix `[n_samples, n_units]` with a sample's values in a row; the node's shape is the graph's to
/// know, and the op that needs more axes takes them from the row. So nodes of all ranks stand in one list, batches are
/// cut and masks are laid without a look at the shape, and a row in standard layout is reshaped without a copy.
#[derive(Debug, Module)]
pub struct GraphModule {
    /// By node, in the order of [`Graph::parameters`].
    parameters: Vec<Vec<ParameterTensor>>,
    #[module(skip)]
    graph: Graph,
}

/// A pass in training: by node, what it does there and not in use.
pub(super) type Training = Vec<InTraining>;

impl GraphModule {
    /// The graph with these weights on `device`, in training where that differentiates.
    ///
    /// # Errors
    /// When the weights are not the graph's.
    pub(crate) fn new(graph: &Graph, weights: &Weights, device: &Device) -> Result<GraphModule, ModelError> {
        weights.check(graph)?;
        let of_node = |id: NodeId| {
            let parameters = graph.parameters(id).into_iter();
            let array = |parameter| weights.get(&graph[id].name, parameter).expect("just checked");
            parameters.map(|parameter| ParameterTensor::new(array(parameter.name), device)).collect()
        };
        Ok(GraphModule { parameters: graph.ids().map(of_node).collect(), graph: graph.clone() })
    }

    /// What it computes.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The logits `[n_samples, n_units]` of `x [n_samples, n_units]`, in use or in training.
    pub(super) fn logits(&self, x: Tensor<2>, training: Option<&mut Training>) -> Tensor<2> {
        let mut logits = self.tapped(x, &[self.graph.logits()], training, |_, value| value);
        logits.pop().expect("a value per tap")
    }

    /// The values of any nodes, `[n_samples, n_units]` each. Every node's values pass through `pass` on their way to
    /// those that take them; what no tap rests on is not computed.
    pub(super) fn tapped(
        &self,
        x: Tensor<2>,
        taps: &[NodeId],
        mut training: Option<&mut Training>,
        mut pass: impl FnMut(NodeId, Tensor<2>) -> Tensor<2>,
    ) -> Vec<Tensor<2>> {
        let n = x.dims()[0];
        let mut values = Values::new(&self.graph, taps);
        let mut x = Some(x);
        for id in self.graph.ids() {
            if !values.is_needed(id) {
                continue;
            }
            let value = match id {
                NodeId::INPUT => x.take().expect("one input"),
                _ => {
                    let inputs = self.graph[id].inputs.iter().map(|&input| values.take(input)).collect();
                    self.node(id, inputs, training.as_mut().map(|training| &mut training[id.index()]))
                }
            };
            values.put(id, pass(id, value));
        }
        taps.iter().map(|&tap| of_all(values.take(tap), n)).collect()
    }

    /// What a node gives of what the nodes that it takes gave.
    pub(super) fn node(
        &self,
        id: NodeId,
        inputs: Vec<Tensor<2>>,
        training: Option<&mut InTraining>,
    ) -> Tensor<2> {
        let node = &self.graph[id];
        let shapes = node.inputs.iter().map(|&input| self.graph[input].shape.as_slice());
        let inputs = inputs.into_iter().zip(shapes).map(|(rows, shape)| Value { rows, shape }).collect();
        forward(&node.op, inputs, &self.parameters[id.index()], training)
    }

    /// A pass in training of `n` samples: the noise is drawn node by node on the host, and put on `device`.
    pub(super) fn training(&self, n: usize, rng: &mut impl Rng, device: &Device) -> Training {
        let tensor = |values, n_units| Tensor::from_data(TensorData::new(values, [n, n_units]), device);
        let of_node = |id: NodeId| {
            let node = &self.graph[id];
            let n_units = node.n_units();
            let noise = draw_noise(&node.op, n * n_units, rng).map(|values| tensor(values, n_units));
            InTraining { noise, moments: None }
        };
        self.graph.ids().map(of_node).collect()
    }

    /// Whether the network does something else in training than in use.
    pub(super) fn differs_in_training(&self) -> bool {
        self.graph.nodes().iter().any(|node| differs_in_training(&node.op))
    }

    /// Takes up what a pass in training saw of its batch: running means move on.
    pub(super) fn run_on(&mut self, training: Training) {
        for ((node, parameters), training) in
            self.graph.nodes().iter().zip(&mut self.parameters).zip(training)
        {
            if let (Op::BatchNorm { momentum, .. }, Some(moments)) = (node.op.of_part(), training.moments) {
                batch_norm::run_on(parameters, moments, *momentum);
            }
        }
    }

    /// The parameters, node by node.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &ParameterTensor> {
        self.parameters.iter().flatten()
    }

    /// The parameters to be changed, node by node.
    pub(super) fn parameters_mut(&mut self) -> impl Iterator<Item = &mut ParameterTensor> {
        self.parameters.iter_mut().flatten()
    }

    /// The weights, read back from the device.
    pub fn weights(&self) -> Weights {
        let mut weights = Weights::default();
        for (id, tensors) in self.graph.ids().zip(&self.parameters) {
            for (parameter, tensor) in self.graph.parameters(id).iter().zip(tensors) {
                weights.set(&self.graph[id].name, parameter.name, tensor.array());
            }
        }
        weights
    }
}

/// Values of nodes as long as somebody will take them: the last who does gets the tensor itself, so that burn may
/// compute in its memory.
struct Values {
    n_takers: Vec<usize>,
    values: Vec<Option<Tensor<2>>>,
}

impl Values {
    fn new(graph: &Graph, taps: &[NodeId]) -> Values {
        let mut n_takers = vec![0; graph.nodes().len()];
        taps.iter().for_each(|tap| n_takers[tap.index()] += 1);
        for id in graph.ids().rev() {
            if 0 < n_takers[id.index()] {
                graph[id].inputs.iter().for_each(|input| n_takers[input.index()] += 1);
            }
        }
        Values { values: vec![None; n_takers.len()], n_takers }
    }

    fn is_needed(&self, id: NodeId) -> bool {
        0 < self.n_takers[id.index()]
    }

    fn put(&mut self, id: NodeId, value: Tensor<2>) {
        self.values[id.index()] = Some(value);
    }

    fn take(&mut self, id: NodeId) -> Tensor<2> {
        let n_takers = &mut self.n_takers[id.index()];
        *n_takers -= 1;
        let value = &mut self.values[id.index()];
        let taken = if *n_takers == 0 { value.take() } else { value.clone() };
        taken.expect("nodes come after those that they take")
    }
}
