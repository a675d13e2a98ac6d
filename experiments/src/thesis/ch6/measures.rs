//! The deviations of every layer of a network over a set (thesis sec. 6.4).

use rand::Rng;
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
}

/// One measure of a layer.
pub type Pick = fn(&LayerDeviations) -> Deviation;

/// Measures the input and every layer; of each layer only its own activations are in memory.
pub fn measure(network: &Network, set: &Dataset, pairs: ClassPairs, rng: &mut impl Rng) -> Vec<Measured> {
    let deviations = Deviations { pairs, ..Deviations::default() };
    let input = deviations.measure(set.rows(), set.labels(), set.n_classes(), rng);
    let mut measured = vec![Measured { layer: "input".into(), deviations: input }];
    for (layer_idx, layer) in network.spec().layers().iter().enumerate() {
        let activations = activations(network, set.rows(), layer_idx);
        let deviations = deviations.measure(activations.view(), set.labels(), set.n_classes(), rng);
        measured.push(Measured { layer: layer.name.clone(), deviations });
    }
    measured
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
