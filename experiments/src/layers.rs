//! What a network's layers hold and do, for any network: weights, biases, averaged activations.

use ndarray::{Array2, ArrayView2};
use vitrine_analysis::class_means::ClassMoments;
use vitrine_data::Dataset;
use vitrine_figures::{ColourMap, HeatMap};
use vitrine_model::Network;

use crate::findings::Findings;

/// Samples whose activations are held at once.
const BATCH: usize = 6_000;

/// Mean activation of every layer per class over a set, `[n_classes, n_units]` each (thesis eq. 3.6).
pub fn averaged_activations(network: &Network, set: &Dataset) -> Vec<(String, Array2<f64>)> {
    let layers = network.spec.layers();
    let mut moments: Vec<ClassMoments> =
        layers.iter().map(|l| ClassMoments::new(set.n_classes, l.n_units())).collect();
    network.capture_batches(set.inputs.view(), BATCH, &mut |rows, captured| {
        for (moments, layer) in moments.iter_mut().zip(captured) {
            moments.add_batch(layer.post.view(), &set.labels[rows.clone()]);
        }
    });
    layers.iter().zip(&moments).map(|(l, m)| (l.name.clone(), m.means())).collect()
}

/// Keeps weights, biases and averaged activations of every layer under `name`.
pub fn keep(findings: &mut Findings, name: &str, network: &Network, set: &Dataset) {
    for layer in &network.weights.0 {
        findings.array(&format!("{name}_{}_weight", layer.name), layer.weight.view());
        findings.array(&format!("{name}_{}_bias", layer.name), layer.bias.view());
    }
    for (layer, means) in averaged_activations(network, set) {
        findings.array(&format!("{name}_{layer}_means"), means.view());
    }
}

/// The heat map of a dense layer's weights.
pub fn weight_map<'a>(layer: &str, values: ArrayView2<'a, f64>) -> HeatMap<'a> {
    HeatMap {
        title: format!("{layer}: weights"),
        x_label: "from unit",
        y_label: "to unit",
        value_label: "weight",
        first_column: 1,
        first_row: 1,
        values,
        colours: ColourMap::Signed,
    }
}

/// The heat map of averaged activations, classes along the horizontal axis: `means` is `[n_classes, n_units]`.
pub fn means_map<'a>(
    layer: &str,
    means: ArrayView2<'a, f64>,
    first_jump: usize,
    is_signed: bool,
) -> HeatMap<'a> {
    HeatMap {
        title: format!("{layer}: averaged activation"),
        x_label: "jump position",
        y_label: "unit",
        value_label: if layer == "output" { "probability" } else { "activation" },
        first_column: first_jump,
        first_row: 1,
        values: means.reversed_axes(),
        colours: if is_signed { ColourMap::Signed } else { ColourMap::Magnitude },
    }
}
