//! CNNs layer by layer (thesis sec. 3.4): figures 3.17 to 3.23.

use std::collections::BTreeMap;

use anyhow::Context as _;
use ndarray::{ArrayView1, Axis, s};
use serde::{Deserialize, Serialize};
use vitrine_analysis::errors::DetectionErrors;
use vitrine_data::JumpSignals;
use vitrine_figures::{Beside, HeatMap, HeatMaps, Picture, SignalPanel, SignalPanels, edge_before};
use vitrine_lab::{About, Agreement, Gallery, Matrix, Recipe, Study, Vector, diagram};
use vitrine_model::Network;

use super::conv_agreements;
use super::conv_behaviour::Behaviour;
use crate::thesis::Context;
use crate::thesis::layers::{self, LayerMeans, LayerWeights, Means, means_map, weight_map};
use crate::thesis::networks::{CNNS, spec, specs};
use crate::thesis::rows::BLOCK;

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
/// The jump of the slice and of the single signal, if any signal jumps there.
const JUMP: usize = 50;

/// Networks by figure.
#[derive(Serialize, Deserialize)]
pub struct Found {
    /// Layer by layer, of the first seed.
    networks: BTreeMap<String, Vec<Layer>>,
    /// What their layers do, by seed.
    behaviour: BTreeMap<String, Vec<Behaviour>>,
    first_jump: usize,
    jump_size: f64,
    /// The jump of the slice and of the single signal.
    shown_jump: usize,
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
        cx.plan.recipes(&SHOWN.map(|(_, network)| spec(network)))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let settings = &cx.plan.settings.signals;
        let shown = cx.evaluation(cx.plan.first_seed());
        let single = shown.jumps.iter().position(|&jump| jump == JUMP).unwrap_or(0);
        let (mut networks, mut behaviour) = (BTreeMap::new(), BTreeMap::new());
        for (figure, name) in SHOWN {
            let mut first = None;
            let mut by_seed = Vec::new();
            for (trained, &seed) in cx.networks(&spec(name))?.iter().zip(&cx.plan.seeds) {
                let (network, signals) = (&trained.network, cx.evaluation(seed));
                let weights = layers::weights(network);
                let means = layers::means(network, &signals.dataset);
                let estimates = cx.estimates(network, &signals.dataset);
                let errors = DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK);
                by_seed.push(Behaviour::of(&weights, &means, settings.first_jump, &errors));
                first.get_or_insert_with(|| layer_by_layer(network, weights, means, &signals, single));
            }
            networks.insert(figure.to_string(), first.context("a plan has at least one seed")?);
            behaviour.insert(figure.to_string(), by_seed);
        }
        Ok(Found {
            networks,
            behaviour,
            first_jump: settings.first_jump,
            jump_size: settings.jump_size,
            shown_jump: shown.jumps[single],
        })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        conv_agreements::agreements(&found.behaviour, found.jump_size)
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (figure, spec) in ["3.17", "3.20", "3.22"].iter().zip(specs(&CNNS)) {
            diagram::draw(gallery, figure, &spec)?;
        }
        for (figure, layers) in &found.networks {
            let maps = layers.iter().flat_map(|layer| layer.maps(found)).collect();
            let panels = layers.iter().flat_map(|layer| layer.lines(found)).collect();
            let maps_and_lines = Beside {
                left: HeatMaps { maps, n_columns: 2 },
                right: SignalPanels { panels, n_columns: 2 },
                share: 0.54,
            };
            let picture = Picture { width: 1_200, height: 250 * layers.len() as u32 };
            gallery.add_raster(figure, picture, &maps_and_lines)?;
        }
        Ok(())
    }
}

fn layer_by_layer(
    network: &Network,
    weights: Vec<LayerWeights>,
    means: Vec<LayerMeans>,
    signals: &JumpSignals,
    single: usize,
) -> Vec<Layer> {
    let alone = network.capture(signals.dataset.rows().slice(s![single..single + 1, ..]));
    let layers = network.spec().layers().iter().zip(weights).zip(means).zip(&alone);
    layers
        .map(|(((layer, weights), means), alone)| Layer {
            name: weights.layer,
            kind: match layer {
                layer if layer.op.is_local() => Kind::Conv,
                layer if layer.has_softmax => Kind::Output,
                _ => Kind::Hidden,
            },
            weight: weights.weight,
            bias: weights.bias,
            means: means.means,
            single: Vector::of(alone.post.row(0)),
        })
        .collect()
}

impl Layer {
    /// Weights and averaged activations.
    fn maps(&self, found: &Found) -> [HeatMap<'_>; 2] {
        let mut weight = weight_map(&self.name, self.weight.view());
        if self.kind == Kind::Conv {
            (weight.x_label, weight.y_label) = ("tap", "");
        }
        let of_means = if self.kind == Kind::Output { Means::Probabilities } else { Means::Signed };
        [weight, means_map(&self.name, self.means.view(), found.first_jump, of_means)]
    }

    /// The slice of the averaged activations, and one signal.
    fn lines(&self, found: &Found) -> [SignalPanel; 2] {
        let Found { first_jump, shown_jump, .. } = *found;
        let is_output = self.kind == Kind::Output;
        let panel = |what: &str, values: ArrayView1<'_, f64>| SignalPanel {
            title: format!("{}: {what}, jump at {shown_jump}", self.name),
            y_label: if is_output { "probability" } else { "activation" },
            x_label: is_output.then_some("jump position"),
            signal: values.to_vec(),
            // The output's units are jump positions, the others' samples.
            offset: if is_output { first_jump.saturating_sub(1) } else { 0 },
            mark: Some(if is_output { shown_jump as f64 } else { edge_before(shown_jump) }),
            ..SignalPanel::default()
        };
        let slice = self.means.index_axis(Axis(0), shown_jump - first_jump);
        [panel("mean", slice), panel("one signal", self.single.view())]
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2};

    use super::*;

    /// A layer whose mean activation of unit u for a jump at j is j + u / 1000.
    fn layer(kind: Kind, n_units: usize) -> Layer {
        let means = Array2::from_shape_fn((60, n_units), |(class, u)| (21 + class) as f64 + u as f64 / 1e3);
        Layer {
            name: "conv1".into(),
            kind,
            weight: Matrix::of(Array2::<f64>::zeros((1, 7)).view()),
            bias: Vector::of(Array1::<f64>::zeros(1).view()),
            means: Matrix::of(means.view()),
            single: Vector::of(Array1::<f64>::ones(n_units).view()),
        }
    }

    fn found() -> Found {
        Found {
            networks: BTreeMap::new(),
            behaviour: BTreeMap::new(),
            first_jump: 21,
            jump_size: 3.0,
            shown_jump: 50,
        }
    }

    #[test]
    fn slices_of_a_layer_are_lines_over_its_samples_and_of_the_output_over_jump_positions() {
        let [slice, single] = layer(Kind::Conv, 100).lines(&found());
        let at_50: Vec<f64> = (0..100).map(|u| 50.0 + f64::from(u) / 1e3).collect();
        assert_eq!((slice.signal, single.signal), (at_50, vec![1.0; 100]));
        assert_eq!(
            [slice.title, single.title],
            ["mean", "one signal"].map(|what| format!("conv1: {what}, jump at 50"))
        );
        assert_eq!((slice.offset, slice.mark, slice.y_label), (0, Some(49.5), "activation"));
        let [slice, _] = layer(Kind::Output, 60).lines(&found());
        assert_eq!((slice.signal.len(), slice.offset, slice.mark), (60, 20, Some(50.0)));
        assert_eq!((slice.x_label, slice.y_label), (Some("jump position"), "probability"));
    }
}
