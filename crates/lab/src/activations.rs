//! Activations of a network over whole sets, batch by batch, so that never all layers of all samples are in memory.

use ndarray::{Array2, ArrayView2, s};
use vitrine_analysis::class_means::ClassMoments;
use vitrine_analysis::unit_activity::UnitActivity;
use vitrine_data::Dataset;
use vitrine_model::Network;

/// Samples whose activations are held at once.
const BATCH: usize = 6_000;

/// Mean activation of every layer per class over a set, `[n_classes, n_units]` each, by the layer's name (class means as
/// in `vitrine_analysis::class_means`).
///
/// # Panics
/// If the set has another width than the network.
pub fn averaged_activations(network: &Network, set: &Dataset) -> Vec<(String, Array2<f64>)> {
    let layers = network.spec().layers();
    let mut moments: Vec<ClassMoments> =
        layers.iter().map(|l| ClassMoments::new(set.n_classes(), l.n_units)).collect();
    network.capture_batches(set.rows(), BATCH, &mut |rows, captured| {
        for (moments, layer) in moments.iter_mut().zip(captured) {
            moments.add_batch(layer.post.view(), &set.labels()[rows.clone()]);
        }
    });
    layers.iter().zip(&moments).map(|(l, m)| (l.name.clone(), m.means())).collect()
}

/// Activations of one layer over a set, `[n_samples, n_units]`.
///
/// # Panics
/// If the network has no such layer, or the inputs another width.
pub fn activations(network: &Network, inputs: ArrayView2<f32>, layer_idx: usize) -> Array2<f32> {
    let n_units = network.spec().layers()[layer_idx].n_units;
    let mut activations = Array2::zeros((inputs.nrows(), n_units));
    network.capture_batches(inputs, BATCH, &mut |rows, captured| {
        activations.slice_mut(s![rows, ..]).assign(&captured[layer_idx].post);
    });
    activations
}

/// How often each unit of every layer is active over a set.
///
/// # Panics
/// If the inputs have another width than the network.
pub fn unit_activity(network: &Network, inputs: ArrayView2<f32>) -> Vec<UnitActivity> {
    let mut activity: Vec<UnitActivity> =
        network.spec().layers().iter().map(|l| UnitActivity::new(l.n_units)).collect();
    network.capture_batches(inputs, BATCH, &mut |_, captured| {
        activity.iter_mut().zip(captured).for_each(|(activity, layer)| activity.add_batch(layer.post.view()));
    });
    activity
}

/// Share of a set that is classified as labelled; NaN of an empty set.
///
/// # Panics
/// If the set has another width than the network.
pub fn accuracy(network: &Network, set: &Dataset) -> f64 {
    let predicted = network.predict(set.rows());
    let n_right = predicted.iter().zip(set.labels()).filter(|(a, b)| a == b).count();
    n_right as f64 / set.n_samples() as f64
}
