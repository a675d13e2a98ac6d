//! CNNs layer by layer (thesis sec. 3.4): figures 3.17 to 3.23.

use std::collections::BTreeMap;

use ndarray::{ArrayView1, Axis, s};
use serde::{Deserialize, Serialize};
use vitrine_data::JumpSignals;
use vitrine_figures::{ColourMap, HeatMap, HeatMaps, Picture};
use vitrine_lab::{About, Gallery, Matrix, Recipe, Study, Vector, diagram};
use vitrine_model::Network;

use crate::thesis::Context;
use crate::thesis::layers::{self, Means, means_map, weight_map};
use crate::thesis::networks::{CNNS, spec, specs};

pub struct ConvLayers;

static ABOUT: About = About {
    id: "3.4-conv",
    title: "CNNs layer by layer: weights, averaged activations, the slice at jump 50",
    figures: &["3.17", "3.18", "3.19", "3.20", "3.21", "3.22", "3.23"],
    tables: &[],
    claims: &[],
};

/// Figures with their networks.
const SHOWN: [(&str, &str); 4] =
    [("3.18", CNNS[0]), ("3.19", "cnn:100,conv5,60"), ("3.21", CNNS[1]), ("3.23", CNNS[2])];
/// The jump of the slice.
const JUMP: usize = 50;

/// Networks layer by layer, by figure.
#[derive(Serialize, Deserialize)]
pub struct Found {
    networks: BTreeMap<String, Vec<Layer>>,
    first_jump: usize,
    /// At the slice's jump, if any signal jumps there.
    single_signal_jump: usize,
}

/// One layer.
#[derive(Serialize, Deserialize)]
struct Layer {
    name: String,
    kind: Kind,
    weight: Matrix,
    bias: Vector,
    means: Matrix,
    /// Its activations for one signal.
    single: Vector,
}

/// What a layer's maps show.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Conv,
    Hidden,
    Output,
}

impl Study for ConvLayers {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes_of_first_seed(&SHOWN.map(|(_, network)| spec(network)))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let seed = cx.plan.first_seed();
        let signals = cx.evaluation(seed);
        let single = signals.jumps.iter().position(|&jump| jump == JUMP).unwrap_or(0);
        let mut networks = BTreeMap::new();
        for (figure, name) in SHOWN {
            let network = &cx.network(&spec(name), seed)?.network;
            networks.insert(figure.to_string(), layer_by_layer(network, &signals, single));
        }
        Ok(Found {
            networks,
            first_jump: cx.plan.settings.signals.first_jump,
            single_signal_jump: signals.jumps[single],
        })
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (figure, spec) in ["3.17", "3.20", "3.22"].iter().zip(specs(&CNNS)) {
            diagram::draw(gallery, figure, &spec)?;
        }
        for (figure, layers) in &found.networks {
            let maps = layers.iter().flat_map(|layer| layer.maps(found)).collect();
            let picture = Picture { width: 1_200, height: 250 * layers.len() as u32 };
            gallery.add_raster(figure, picture, &HeatMaps { maps, n_columns: 4 })?;
        }
        Ok(())
    }
}

fn layer_by_layer(network: &Network, signals: &JumpSignals, single: usize) -> Vec<Layer> {
    let kinds = network.spec().layers().iter().map(|layer| match layer {
        layer if layer.op.is_local() => Kind::Conv,
        layer if layer.has_softmax => Kind::Output,
        _ => Kind::Hidden,
    });
    let alone = network.capture(signals.dataset.rows().slice(s![single..single + 1, ..]));
    let learned = layers::weights(network).into_iter().zip(layers::means(network, &signals.dataset));
    let layer =
        |((kind, (weights, means)), alone): ((Kind, (layers::LayerWeights, layers::LayerMeans)), &_)| {
            let alone: &vitrine_model::LayerActivations = alone;
            Layer {
                name: weights.layer,
                kind,
                weight: weights.weight,
                bias: weights.bias,
                means: means.means,
                single: Vector::of(alone.post.row(0)),
            }
        };
    kinds.zip(learned).zip(&alone).map(layer).collect()
}

impl Layer {
    /// Weights, averaged activations, their slice at the jump, one signal.
    fn maps(&self, found: &Found) -> [HeatMap<'_>; 4] {
        let Found { first_jump, single_signal_jump, .. } = *found;
        let mut weight = weight_map(&self.name, self.weight.view());
        if self.kind == Kind::Conv {
            (weight.x_label, weight.y_label) = ("tap", "");
        }
        let of_means = if self.kind == Kind::Output { Means::Probabilities } else { Means::Signed };
        let slice = self.means.index_axis(Axis(0), JUMP.saturating_sub(first_jump));
        [
            weight,
            means_map(&self.name, self.means.view(), first_jump, of_means),
            strip(format!("{}: mean, jump at {JUMP}", self.name), slice),
            strip(format!("{}: one signal, jump at {single_signal_jump}", self.name), self.single.view()),
        ]
    }
}

/// One vector of activations as a column of colours.
fn strip(title: String, values: ArrayView1<'_, f64>) -> HeatMap<'_> {
    HeatMap {
        title,
        x_label: "",
        y_label: "unit",
        value_label: "activation",
        first_column: 1,
        first_row: 1,
        values: values.insert_axis(Axis(1)),
        colours: ColourMap::Signed,
    }
}
