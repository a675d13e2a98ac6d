//! A trained network: predictions, and what every layer does with its inputs.

use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};
use ndarray::{Array2, ArrayView2, s};

use crate::classifier::{self, Classifier};
use crate::fused::FusedNetwork;
use crate::spec::NetworkSpec;
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

/// A specification with weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// The layers.
    pub spec: NetworkSpec,
    /// Their weights.
    pub weights: Weights,
}

impl Network {
    /// Outputs before the softmax, `[n_samples, n_classes]`, of `inputs [n_samples, n_inputs]`.
    ///
    /// Like all methods here it runs on all cores of the current rayon pool, and gives the same bits for any number.
    ///
    /// # Panics
    /// If the inputs have another width than the network.
    pub fn logits(&self, inputs: ArrayView2<f32>) -> Array2<f32> {
        self.check(&inputs);
        self.prepare().logits(inputs)
    }

    /// The same through burn on `device`.
    pub fn logits_on(&self, device: &Device, inputs: ArrayView2<f32>) -> Array2<f32> {
        self.check(&inputs);
        let values: Vec<f32> = inputs.iter().copied().collect();
        let x = Tensor::from_data(TensorData::new(values, [inputs.nrows(), inputs.ncols()]), device);
        let logits = Classifier::new(&self.spec, &self.weights, device).forward(x);
        Array2::from_shape_vec((inputs.nrows(), self.spec.n_outputs()), classifier::values(logits))
            .expect("a row per sample")
    }

    /// Probabilities of the classes, `[n_samples, n_classes]`.
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
    pub fn predict(&self, inputs: ArrayView2<f32>) -> Vec<usize> {
        let largest = |row: ndarray::ArrayView1<f32>| {
            let better = |best: usize, i: usize| if row[best] < row[i] { i } else { best };
            (0..row.len()).fold(0, better)
        };
        self.logits(inputs).rows().into_iter().map(largest).collect()
    }

    /// Every layer, before and after its activation: hidden layers in their order, then the output.
    pub fn capture(&self, inputs: ArrayView2<f32>) -> Vec<LayerActivations> {
        self.check(&inputs);
        self.prepare().capture(inputs, &self.layer_names())
    }

    /// The same in batches, for sets whose activations would not fit: `visit` gets the rows and their layers.
    pub fn capture_batches(
        &self,
        inputs: ArrayView2<f32>,
        batch_size: usize,
        visit: &mut dyn FnMut(Range<usize>, &[LayerActivations]),
    ) {
        self.check(&inputs);
        let (prepared, names) = (self.prepare(), self.layer_names());
        for start in (0..inputs.nrows()).step_by(batch_size.max(1)) {
            let rows = start..(start + batch_size.max(1)).min(inputs.nrows());
            visit(rows.clone(), &prepared.capture(inputs.slice(s![rows, ..]), &names));
        }
    }

    /// Gradient with respect to the inputs, given that with respect to the pre-activations of layer `layer_idx`.
    ///
    /// `captured` are the activations of the same inputs, and `gradient` is `[n_samples, n_units]` of that layer.
    ///
    /// # Panics
    /// If there is no such layer.
    pub fn input_gradient(
        &self,
        captured: &[LayerActivations],
        layer_idx: usize,
        gradient: ArrayView2<f32>,
    ) -> Array2<f32> {
        assert!(layer_idx < captured.len(), "layer {layer_idx} is one of {}", captured.len());
        self.prepare().input_gradient(captured, layer_idx, gradient)
    }

    /// Names of the layers, the output last.
    pub fn layer_names(&self) -> Vec<String> {
        self.spec.layers().iter().map(|layer| layer.name.clone()).collect()
    }

    fn prepare(&self) -> FusedNetwork {
        FusedNetwork::new(&self.spec, &self.weights, false)
    }

    fn check(&self, inputs: &ArrayView2<f32>) {
        assert_eq!(inputs.ncols(), self.spec.n_inputs(), "inputs of {} have its width", self.spec);
    }
}
