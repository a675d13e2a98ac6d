//! The deviations of every layer of a network over a set (thesis sec. 6.4), and what chance gives in their place.

use rand::Rng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};
use vitrine_analysis::deviations::{ClassPairs, Deviation, Deviations, LayerDeviations};
use vitrine_data::Dataset;
use vitrine_lab::activations::activations;
use vitrine_model::Network;

pub use crate::thesis::extremes::{largest, smallest};

/// The deviations of one layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// `input`, `hidden1`, …, `output`; the output is the softmax, which the thesis leaves out.
    pub layer: String,
    /// What was measured.
    pub deviations: LayerDeviations,
    /// The same with the labels permuted once more: classes that nothing tells apart.
    pub permuted: LayerDeviations,
}

/// One measure of a layer.
pub type Pick = fn(&LayerDeviations) -> Deviation;

/// Measures the input and every layer, under the labels of the set and under the same permuted.
pub fn measure(network: &Network, set: &Dataset, pairs: ClassPairs, rng: &mut impl Rng) -> Vec<Measured> {
    let measured = measure_under(network, set, set.labels(), pairs, rng);
    let mut labels = set.labels().to_vec();
    labels.shuffle(rng);
    let permuted = measure_under(network, set, &labels, pairs, rng);
    let layer = |((layer, deviations), (_, permuted))| Measured { layer, deviations, permuted };
    measured.into_iter().zip(permuted).map(layer).collect()
}

/// Measures the input and every layer under some labels; of each layer only its own activations are in memory.
pub fn measure_under(
    network: &Network,
    set: &Dataset,
    labels: &[usize],
    pairs: ClassPairs,
    rng: &mut impl Rng,
) -> Vec<(String, LayerDeviations)> {
    let deviations = Deviations { pairs, ..Deviations::default() };
    let input = deviations.measure(set.rows(), labels, set.n_classes(), rng);
    let mut measured = vec![("input".into(), input)];
    for (layer_idx, layer) in network.spec().layers().iter().enumerate() {
        let activations = activations(network, set.rows(), layer_idx);
        let deviations = deviations.measure(activations.view(), labels, set.n_classes(), rng);
        measured.push((layer.name.clone(), deviations));
    }
    measured
}

/// Samples of the smallest class.
pub fn smallest_class(set: &Dataset) -> usize {
    let mut counts = vec![0; set.n_classes()];
    set.labels().iter().for_each(|&label| counts[label] += 1);
    counts.into_iter().min().unwrap_or(0)
}

/// The first `n` samples of every class, so that sets of unlike size are measured at one number.
pub fn first_of_each_class(set: &Dataset, n: usize) -> Dataset {
    let mut counts = vec![0; set.n_classes()];
    let is_among = |&sample: &usize| {
        let count = &mut counts[set.labels()[sample]];
        *count += 1;
        *count <= n
    };
    let chosen: Vec<usize> = (0..set.n_samples()).filter(is_among).collect();
    set.select(&chosen)
}

/// The layers that the thesis plots: all but the softmax output.
pub fn without_output(measured: &[Measured]) -> &[Measured] {
    measured.split_last().map_or(&[], |(_, rest)| rest)
}

/// A measure layer by layer, from the input to the last hidden layer.
pub fn along(measured: &[Measured], pick: Pick) -> Vec<f64> {
    without_output(measured).iter().map(|m| pick(&m.deviations).interval.mean).collect()
}

/// By how much a measure changes from each layer to the next, the softmax left out.
pub fn steps(measured: &[Measured], pick: Pick) -> Vec<f64> {
    along(measured, pick).windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[cfg(test)]
pub mod tests;
