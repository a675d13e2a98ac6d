//! The sets of all networks of a stack, on the device.

use burn::tensor::{Device, Int, Tensor, TensorData};
use vitrine_data::Dataset;

/// Inputs `[n_networks, n_samples, n_features]` and labels `[n_networks, n_samples]`.
pub struct StackedSet {
    pub inputs: Tensor<3>,
    pub labels: Tensor<2, Int>,
    pub n_samples: usize,
    pub device: Device,
}

impl StackedSet {
    /// # Panics
    /// If the sets differ in size.
    pub fn new(sets: &[&Dataset], device: &Device) -> StackedSet {
        let (n_samples, n_features) = sets.first().map_or((0, 0), |set| set.rows().dim());
        assert!(sets.iter().all(|set| set.rows().dim() == (n_samples, n_features)), "sets of one size");
        let inputs: Vec<f32> = sets.iter().flat_map(|set| set.values()).copied().collect();
        let labels: Vec<i32> = sets.iter().flat_map(|set| set.labels()).map(|&label| label as i32).collect();
        let n_networks = sets.len();
        StackedSet {
            inputs: Tensor::from_data(TensorData::new(inputs, [n_networks, n_samples, n_features]), device),
            labels: Tensor::from_data(TensorData::new(labels, [n_networks, n_samples]), device),
            n_samples,
            device: device.clone(),
        }
    }

    /// The samples of `rows [n_networks, size]`, numbered through over all networks.
    pub fn batch(&self, rows: Tensor<2, Int>) -> (Tensor<3>, Tensor<2, Int>) {
        let [n_networks, size] = rows.dims();
        let [places, n_samples, n_features] = self.inputs.dims();
        let rows = rows.reshape([n_networks * size]);
        let inputs = self.inputs.clone().reshape([places * n_samples, n_features]).select(0, rows.clone());
        let labels = self.labels.clone().reshape([places * n_samples]).select(0, rows);
        (inputs.reshape([n_networks, size, n_features]), labels.reshape([n_networks, size]))
    }

    /// Samples `start..start + size` of every network.
    pub fn rows(&self, start: usize, size: usize) -> (Tensor<3>, Tensor<2, Int>) {
        (self.inputs.clone().narrow(1, start, size), self.labels.clone().narrow(1, start, size))
    }

    /// Keeps the sets of these networks.
    pub fn select(&mut self, places: &[usize]) {
        let places = index(places, &self.device);
        self.inputs = self.inputs.clone().select(0, places.clone());
        self.labels = self.labels.clone().select(0, places);
    }
}

/// Places as a tensor.
pub fn index(places: &[usize], device: &Device) -> Tensor<1, Int> {
    let places: Vec<i32> = places.iter().map(|&place| place as i32).collect();
    let n = places.len();
    Tensor::from_data(TensorData::new(places, [n]), device)
}
