//! A trained network: predictions, and what every layer does with its inputs.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use ndarray::{Array2, ArrayD, ArrayView1, ArrayView2, ArrayViewD, s};

use crate::error::ModelError;
use crate::fused::FusedModel;
use crate::grammar::NetworkSpec;
use crate::graph::{Graph, NodeId};
use crate::model::{Gradients, Model, Objective};
use crate::native::NativeModel;
use crate::weights::Weights;

/// What a layer computed.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerActivations {
    /// The layer's name.
    pub name: String,
    /// Before the activation, `[n_samples, n_units]`.
    pub pre: Array2<f32>,
    /// After it; of the output layer, the softmax.
    pub post: Array2<f32>,
}

/// A specification with weights, prepared for questions.
#[derive(Clone)]
pub struct Network {
    spec: NetworkSpec,
    weights: Weights,
    model: Arc<dyn Model + Send + Sync>,
}

impl Network {
    /// A network of a specification.
    ///
    /// # Errors
    /// When the weights are those of another network.
    pub fn new(spec: NetworkSpec, weights: Weights) -> Result<Network, ModelError> {
        let model = open_model(spec.graph(), &weights)?.into();
        Ok(Network { spec, weights, model })
    }

    /// The specification.
    pub fn spec(&self) -> &NetworkSpec {
        &self.spec
    }

    /// The weights.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Outputs before the softmax, `[n_samples, n_classes]`, of `inputs [n_samples, n_inputs]`.
    ///
    /// Like all methods here it runs on all cores of the current rayon pool, and gives the same bits for any number.
    ///
    /// # Panics
    /// If the inputs have another width than the network.
    pub fn logits(&self, inputs: ArrayView2<f32>) -> Array2<f32> {
        let mut tapped = self.tapped(inputs, &[self.spec.graph().logits()]);
        tapped.pop().expect("an array per tap")
    }

    /// Probabilities of the classes, `[n_samples, n_classes]`.
    ///
    /// # Panics
    /// If the inputs have another width than the network.
    pub fn probabilities(&self, inputs: ArrayView2<f32>) -> Array2<f32> {
        let mut probabilities = self.logits(inputs);
        for mut row in probabilities.rows_mut() {
            let largest = row.fold(f32::NEG_INFINITY, |m, &z| m.max(z));
            row.mapv_inplace(|z| (z - largest).exp());
            let total = row.sum();
            row.mapv_inplace(|p| p / total);
        }
        probabilities
    }

    /// The most probable class of each sample; of equal ones the first.
    ///
    /// # Panics
    /// If the inputs have another width than the network.
    pub fn predict(&self, inputs: ArrayView2<f32>) -> Vec<usize> {
        let largest = |row: ArrayView1<f32>| {
            let better = |best: usize, i: usize| if row[best] < row[i] { i } else { best };
            (0..row.len()).fold(0, better)
        };
        self.logits(inputs).rows().into_iter().map(largest).collect()
    }

    /// Every layer, before and after its activation: hidden layers in their order, then the output. Values of layers over
    /// channels come in a row, the last axis fastest.
    ///
    /// # Panics
    /// If the inputs have another width than the network.
    pub fn capture(&self, inputs: ArrayView2<f32>) -> Vec<LayerActivations> {
        let layers = self.spec.layers();
        let taps: Vec<NodeId> = layers.iter().flat_map(|layer| [layer.pre, layer.post]).collect();
        let mut tapped = self.tapped(inputs, &taps).into_iter();
        let mut captured = Vec::with_capacity(layers.len());
        while let (Some(pre), Some(post)) = (tapped.next(), tapped.next()) {
            captured.push(LayerActivations { name: layers[captured.len()].name.clone(), pre, post });
        }
        captured
    }

    /// The same in batches, for sets whose activations would not fit: `visit` gets the rows and their layers.
    ///
    /// # Panics
    /// If the inputs have another width than the network.
    pub fn capture_batches(
        &self,
        inputs: ArrayView2<f32>,
        batch_size: usize,
        visit: &mut dyn FnMut(Range<usize>, &[LayerActivations]),
    ) {
        for start in (0..inputs.nrows()).step_by(batch_size.max(1)) {
            let rows = start..(start + batch_size.max(1)).min(inputs.nrows());
            visit(rows.clone(), &self.capture(inputs.slice(s![rows, ..])));
        }
    }

    fn tapped(&self, inputs: ArrayView2<f32>, taps: &[NodeId]) -> Vec<Array2<f32>> {
        self.check(&inputs);
        let n = inputs.nrows();
        let inputs = inputs.as_standard_layout();
        let shape: Vec<usize> = [n].iter().chain(self.spec.graph().input_shape()).copied().collect();
        let samples = inputs.view().into_dyn().into_shape_with_order(shape).expect("the width of a sample");
        let tapped = self.model.run(samples, taps).expect("inputs and nodes are the network's");
        tapped.into_iter().map(rows).collect()
    }

    fn check(&self, inputs: &ArrayView2<f32>) {
        assert_eq!(inputs.ncols(), self.spec.n_inputs(), "inputs of {} have its width", self.spec);
    }
}

/// The values of each sample in a row.
fn rows(array: ArrayD<f32>) -> Array2<f32> {
    let n = array.shape()[0];
    let n_units: usize = array.shape()[1..].iter().product();
    array.into_shape_with_order((n, n_units)).expect("in standard layout")
}

/// Values of all nodes from which on few samples are computed at once as a rule.
const MANY_VALUES: usize = 1 << 20;

/// A model of a graph on the processor: by the fused engine where that knows the graph, else node by node. So are networks
/// over large images too: the fused engine computes many samples side by side, and takes as long for one.
///
/// # Errors
/// When the weights are not the graph's.
pub fn open_model(graph: &Graph, weights: &Weights) -> Result<Box<dyn Model + Send + Sync>, ModelError> {
    if MANY_VALUES <= graph.n_values() {
        return Ok(Box::new(NativeModel::new(graph, weights)?));
    }
    match FusedModel::new(graph, weights) {
        Ok(model) => Ok(Box::new(model)),
        Err(ModelError::Engine { .. }) => Ok(Box::new(NativeModel::new(graph, weights)?)),
        Err(error) => Err(error),
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("spec", &self.spec).finish_non_exhaustive()
    }
}

impl PartialEq for Network {
    fn eq(&self, other: &Network) -> bool {
        self.spec == other.spec && self.weights == other.weights
    }
}

impl Model for Network {
    fn graph(&self) -> &Graph {
        self.spec.graph()
    }

    fn run(&self, inputs: ArrayViewD<f32>, taps: &[NodeId]) -> Result<Vec<ArrayD<f32>>, ModelError> {
        self.model.run(inputs, taps)
    }

    fn gradient(
        &self,
        inputs: ArrayViewD<f32>,
        objective: &Objective,
        at: &[NodeId],
    ) -> Result<Gradients, ModelError> {
        self.model.gradient(inputs, objective, at)
    }
}
