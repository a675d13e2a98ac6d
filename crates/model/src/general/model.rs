//! The reference behind [`Model`]: any graph on any device.

use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};
use ndarray::{ArrayD, ArrayViewD};

use super::module::GraphModule;
use super::value::of_all;
use crate::device::DeviceChoice;
use crate::error::ModelError;
use crate::graph::{Graph, NodeId};
use crate::model::{Gradients, Model, Objective, check_inputs, check_node, node_array};
use crate::tensors::values;
use crate::weights::Weights;

/// Rows computed at once at most. A graph always has the same number: the order in which products sum up hangs on their
/// shape alone.
const MAX_CHUNK: usize = 100;
/// Values that are there at once, where one sample has not more of them: 32 MiB.
const VALUES_AT_ONCE: usize = 1 << 23;

/// Rows that are computed at once, where so many values are there of a sample.
pub(crate) fn chunk(of_sample: usize) -> usize {
    (VALUES_AT_ONCE / of_sample.max(1)).clamp(1, MAX_CHUNK)
}

/// A network of any graph on any device, with gradients by automatic differentiation.
#[derive(Debug)]
pub struct GeneralModel {
    graph: Graph,
    module: GraphModule,
    device: Device,
    /// Rows computed at once.
    chunk: usize,
}

impl GeneralModel {
    /// A network with weights on a device.
    ///
    /// # Errors
    /// When the weights are not the graph's, or the device is not there.
    pub fn new(graph: &Graph, weights: &Weights, device: DeviceChoice) -> Result<GeneralModel, ModelError> {
        let device = device.open()?;
        let module = GraphModule::new(graph, weights, &device)?;
        let chunk = chunk(graph.n_values());
        Ok(GeneralModel { graph: graph.clone(), module, device, chunk })
    }

    pub(crate) fn device(&self) -> &Device {
        &self.device
    }

    /// What a node gives in use, `[n, n_units]`, of what the nodes that it takes gave; one row where that is the same for
    /// all samples.
    pub(crate) fn node(&self, id: NodeId, inputs: Vec<Tensor<2>>) -> Tensor<2> {
        self.module.node(id, inputs, None)
    }

    /// `∂ Σ gradient · value / ∂ input` of a node in use, row by row, for each input of `wants`: of what the nodes that it
    /// takes gave, and the gradient of what it gives, `[n, n_units]` each.
    pub(crate) fn node_gradient(
        &self,
        id: NodeId,
        inputs: Vec<Tensor<2>>,
        wants: &[bool],
        gradient: Tensor<2>,
    ) -> Vec<Option<Vec<f32>>> {
        let n = gradient.dims()[0];
        let leaf = |(input, &is_wanted): (Tensor<2>, &bool)| match is_wanted {
            true => Tensor::from_inner(of_all(input, n)).require_grad(),
            false => Tensor::from_inner(input),
        };
        let leaves: Vec<Tensor<2>> = inputs.into_iter().zip(wants).map(leaf).collect();
        let value = of_all(self.module.node(id, leaves.clone(), None), n);
        let total = (value * Tensor::from_inner(gradient)).sum();
        let gradients = total.is_tracked().then(|| total.backward());
        let of_leaf = |leaf: &Tensor<2>| leaf.grad(gradients.as_ref()?).map(values);
        leaves
            .iter()
            .zip(wants)
            .map(|(leaf, &is_wanted)| if is_wanted { of_leaf(leaf) } else { None })
            .collect()
    }

    /// The inputs chunk by chunk: which rows, and their values on the device, `[chunk, n_units]`, zeros after the last.
    fn chunks(&self, inputs: &ArrayViewD<'_, f32>) -> impl Iterator<Item = (Range<usize>, Tensor<2>)> {
        let n = inputs.shape()[0];
        let n_units = self.graph[NodeId::INPUT].n_units();
        // Without a copy where they lie row by row.
        let inputs = inputs.as_standard_layout();
        let chunk = self.chunk;
        (0..n).step_by(chunk).map(move |first| {
            let rows = first..n.min(first + chunk);
            let all = inputs.as_slice().expect("row by row");
            let mut values = Vec::with_capacity(chunk * n_units);
            values.extend_from_slice(&all[first * n_units..rows.end * n_units]);
            values.resize(chunk * n_units, 0.0);
            (rows, Tensor::from_data(TensorData::new(values, [chunk, n_units]), &self.device))
        })
    }
}

impl Model for GeneralModel {
    fn graph(&self) -> &Graph {
        &self.graph
    }

    fn run(&self, inputs: ArrayViewD<f32>, taps: &[NodeId]) -> Result<Vec<ArrayD<f32>>, ModelError> {
        let n = check_inputs(&self.graph, &inputs)?;
        taps.iter().try_for_each(|&tap| check_node(&self.graph, tap))?;
        let room = |tap: &NodeId| Vec::with_capacity(n * self.graph[*tap].n_units());
        let mut arrays: Vec<Vec<f32>> = taps.iter().map(room).collect();
        for (rows, x) in self.chunks(&inputs) {
            let tapped = self.module.tapped(x, taps, None, |_, value| value);
            for ((array, tap), node) in arrays.iter_mut().zip(tapped).zip(taps) {
                array.extend_from_slice(&values(tap)[..rows.len() * self.graph[*node].n_units()]);
            }
        }
        Ok(taps.iter().zip(arrays).map(|(&tap, values)| node_array(&self.graph, tap, n, values)).collect())
    }

    fn gradient(
        &self,
        inputs: ArrayViewD<f32>,
        objective: &Objective,
        at: &[NodeId],
    ) -> Result<Gradients, ModelError> {
        let n = check_inputs(&self.graph, &inputs)?;
        objective.check(&self.graph, n)?;
        at.iter().try_for_each(|&node| check_node(&self.graph, node))?;
        let mut all = Vec::with_capacity(n);
        let mut arrays = vec![Vec::new(); at.len()];
        for (rows, x) in self.chunks(&inputs) {
            let (values, gradients) = self.chunk_gradient(x, objective, rows, at);
            all.extend(values);
            arrays.iter_mut().zip(gradients).for_each(|(array, gradient)| array.extend(gradient));
        }
        let at =
            at.iter().zip(arrays).map(|(&node, values)| node_array(&self.graph, node, n, values)).collect();
        Ok(Gradients { values: all, at })
    }
}

impl GeneralModel {
    /// The objectives of `rows`, whose inputs are `x`, and their gradients with respect to each of `at`, row by row.
    fn chunk_gradient(
        &self,
        x: Tensor<2>,
        objective: &Objective,
        rows: Range<usize>,
        at: &[NodeId],
    ) -> (Vec<f32>, Vec<Vec<f32>>) {
        let mut nodes: Vec<NodeId> =
            rows.clone().flat_map(|row| objective.row(row)).map(|term| term.node).collect();
        nodes.sort();
        nodes.dedup();
        // A zero that is added to a node's values has their gradient, and is a leaf, as burn wants it.
        let mut zeros: Vec<Option<Tensor<2>>> = vec![None; self.graph.nodes().len()];
        let tapped = self.module.tapped(Tensor::from_inner(x), &nodes, None, |id, value| {
            if !at.contains(&id) {
                return value;
            }
            // What is the same for all samples has a gradient for each.
            let value = of_all(value, self.chunk);
            let zero = Tensor::from_inner(value.clone().inner().zeros_like()).require_grad();
            zeros[id.index()] = Some(zero.clone());
            value + zero
        });

        // Σ weight · unit: of each row in the order of its terms, and as one sum on the device.
        let mut sums = vec![0.0; rows.len()];
        let mut total: Option<Tensor<1>> = None;
        for (&node, tap) in nodes.iter().zip(tapped) {
            let n_units = self.graph[node].n_units();
            let found = values(tap.clone().inner());
            let mut weights = vec![0.0; self.chunk * n_units];
            for (row, sum) in rows.clone().zip(&mut sums) {
                let place = (row - rows.start) * n_units;
                for term in objective.row(row).iter().filter(|term| term.node == node) {
                    weights[place + term.unit] += term.weight;
                    *sum += term.weight * found[place + term.unit];
                }
            }
            let weights =
                Tensor::<2>::from_data(TensorData::new(weights, [self.chunk, n_units]), &self.device);
            let part = (tap * weights).sum();
            total = Some(match total {
                Some(total) => total + part,
                None => part,
            });
        }

        let gradients = total.filter(Tensor::is_tracked).map(|total| total.backward());
        let gradient = |&node: &NodeId| {
            let zero = zeros[node.index()].as_ref();
            let found = zero.zip(gradients.as_ref()).and_then(|(zero, gradients)| zero.grad(gradients));
            let n_values = rows.len() * self.graph[node].n_units();
            match found {
                Some(gradient) => values(gradient)[..n_values].to_vec(),
                // Nothing that the objectives rest on comes after the node.
                None => vec![0.0; n_values],
            }
        };
        (sums, at.iter().map(gradient).collect())
    }
}
