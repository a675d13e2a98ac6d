//! What a network's layers hold and do, for any network: weights, biases, averaged activations.

use ndarray::{Array2, ArrayView1, ArrayView2, Axis, s};
use vitrine_analysis::class_means::ClassMoments;
use vitrine_data::Dataset;
use vitrine_figures::{ColourMap, HeatMap, HeatMaps};
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

/// Activations of one layer over a set, `[n_samples, n_units]`, without holding those of the others.
pub fn activations(network: &Network, inputs: ArrayView2<f32>, layer_idx: usize) -> Array2<f32> {
    let n_units = network.spec.layers()[layer_idx].n_units();
    let mut activations = Array2::zeros((inputs.nrows(), n_units));
    network.capture_batches(inputs, BATCH, &mut |rows, captured| {
        activations.slice_mut(s![rows, ..]).assign(&captured[layer_idx].post);
    });
    activations
}

/// Keeps weights and biases of every layer under `name`.
pub fn keep_weights(findings: &mut Findings, name: &str, network: &Network) {
    for layer in &network.weights.0 {
        findings.array(&format!("{name}_{}_weight", layer.name), layer.weight.view());
        findings.array(&format!("{name}_{}_bias", layer.name), layer.bias.view());
    }
}

/// Keeps weights, biases and averaged activations of every layer under `name`.
pub fn keep(findings: &mut Findings, name: &str, network: &Network, set: &Dataset) {
    keep_weights(findings, name, network);
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

/// The heat map of a layer's biases, as a single column.
pub fn bias_map<'a>(layer: &str, values: ArrayView1<'a, f64>) -> HeatMap<'a> {
    HeatMap {
        title: format!("{layer}: biases"),
        x_label: "bias",
        value_label: "bias",
        ..weight_map(layer, values.insert_axis(Axis(1)))
    }
}

/// The heat maps of weights and biases that are kept under `name`, layer by layer: two columns.
pub fn weight_maps<'a>(findings: &'a Findings, name: &str, layers: &[&str]) -> anyhow::Result<HeatMaps<'a>> {
    let mut maps = Vec::new();
    for layer in layers {
        maps.push(weight_map(layer, findings.matrix(&format!("{name}_{layer}_weight"))?));
        maps.push(bias_map(layer, findings.vector(&format!("{name}_{layer}_bias"))?));
    }
    Ok(HeatMaps { maps, n_columns: 2 })
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
