//! What a network's layers hold and do, as findings keep it and as pictures show it.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};
use vitrine_data::Dataset;
use vitrine_figures::{BarChart, Bars, Beside, ColourMap, HeatMap, HeatMaps};
use vitrine_lab::activations::averaged_activations;
use vitrine_lab::{Matrix, Vector};
use vitrine_model::Network;

/// Weights and biases of one layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LayerWeights {
    /// The layer's name.
    pub layer: String,
    /// Dense `[n_out, n_in]`, conv `[1, kernel_size]`.
    pub weight: Matrix,
    /// `[n_out]`; conv `[1]`.
    pub bias: Vector,
}

/// Averaged activations of one layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LayerMeans {
    /// The layer's name.
    pub layer: String,
    /// Mean activation per class, `[n_classes, n_units]` (thesis eq. 3.6).
    pub means: Matrix,
}

/// Weights and biases of every layer, the output last.
pub fn weights(network: &Network) -> Vec<LayerWeights> {
    let weights = network.weights();
    let layer = |layer: &vitrine_model::Layer| {
        let (weight, bias) = (weights.matrix(&layer.name, "weight")?, weights.vector(&layer.name, "bias")?);
        Some(LayerWeights { layer: layer.name.clone(), weight: Matrix::of(weight), bias: Vector::of(bias) })
    };
    network.spec().layers().iter().filter_map(layer).collect()
}

/// Averaged activations of every layer over a set, the output last.
pub fn means(network: &Network, set: &Dataset) -> Vec<LayerMeans> {
    let averaged = averaged_activations(network, set).into_iter();
    averaged.map(|(layer, means)| LayerMeans { layer, means: Matrix::of(means.view()) }).collect()
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

/// The weights and biases of layers, one below the other: a map of the weights, and beside each of its rows a bar for the
/// bias of its unit.
pub fn weight_maps(layers: &[LayerWeights]) -> Beside<HeatMaps<'_>, BarChart<'static>> {
    let maps = layers.iter().map(|layer| weight_map(&layer.layer, layer.weight.view())).collect();
    let bars = layers
        .iter()
        .map(|layer| Bars { title: format!("{}: biases", layer.layer), values: layer.bias.to_vec() });
    Beside {
        left: HeatMaps { maps, n_columns: 1 },
        right: BarChart { panels: bars.collect(), x_label: "bias", y_label: "unit", n_columns: 1 },
        share: 0.6,
    }
}

/// What the units of a layer are said to do in its map of averaged activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// Activations from zero up, as of a ReLU.
    Positive,
    /// Activations of both signs.
    Signed,
    /// Probabilities, as of the output.
    Probabilities,
}

/// The heat map of averaged activations, classes along the horizontal axis: `means` is `[n_classes, n_units]`.
pub fn means_map<'a>(layer: &str, means: ArrayView2<'a, f64>, first_jump: usize, kind: Means) -> HeatMap<'a> {
    HeatMap {
        title: format!("{layer}: averaged activation"),
        x_label: "jump position",
        y_label: "unit",
        value_label: if kind == Means::Probabilities { "probability" } else { "activation" },
        first_column: first_jump,
        first_row: 1,
        values: means.reversed_axes(),
        colours: if kind == Means::Signed { ColourMap::Signed } else { ColourMap::Magnitude },
    }
}

/// The heat maps of averaged activations, hidden layers first and the output last, in two columns.
pub fn means_maps(layers: &[LayerMeans], first_jump: usize) -> HeatMaps<'_> {
    let last = layers.len().saturating_sub(1);
    let kind = |l: usize| if l == last { Means::Probabilities } else { Means::Positive };
    let mut maps = Vec::with_capacity(layers.len());
    for (l, layer) in layers.iter().enumerate() {
        maps.push(means_map(&layer.layer, layer.means.view(), first_jump, kind(l)));
    }
    HeatMaps { maps, n_columns: 2 }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn weights_are_maps_and_biases_bars_layer_by_layer() {
        let layer = |name: &str, bias: [f64; 2]| LayerWeights {
            layer: name.into(),
            weight: Matrix::of(array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].view()),
            bias: bias.into_iter().collect(),
        };
        let layers = [layer("hidden1", [-1.0, 0.5]), layer("output", [2.0, 0.0])];
        let Beside { left, right, .. } = weight_maps(&layers);
        let maps: Vec<_> = left.maps.iter().map(|map| (map.title.as_str(), map.values.dim())).collect();
        assert_eq!(maps, [("hidden1: weights", (2, 3)), ("output: weights", (2, 3))]);
        let bars: Vec<_> = right.panels.into_iter().map(|Bars { title, values }| (title, values)).collect();
        let expected = [("hidden1: biases", vec![-1.0, 0.5]), ("output: biases", vec![2.0, 0.0])];
        assert_eq!(bars, expected.map(|(title, values)| (title.to_string(), values)));
        assert_eq!((left.n_columns, right.n_columns), (1, 1), "a bar lies beside its row");
    }
}
