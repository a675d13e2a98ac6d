//! t-SNE of every layer, memorising and learning (thesis sec. 6.3): figures 6.5 and 6.6.

use std::iter;

use ndarray::{ArrayView2, s};
use serde::{Deserialize, Serialize};
use vitrine_figures::{Classes, Picture, Scatter, Scatters};
use vitrine_lab::activations::activations;
use vitrine_lab::{About, Gallery, Recipe, Study, Table, TrainedNetwork, Vector, data_streams};
use vitrine_model::Layer;

use super::pair::{Pair, recipes, shuffled_training_set};
use crate::embed::{Embedded, embed};
use crate::thesis::Context;
use crate::thesis::settings::MAX_EMBEDDED;

pub struct LayerMaps;

static ABOUT: About = About {
    id: "6.3-tsne",
    title: "t-SNE of every layer: memorising under both labellings, and beside learning",
    figures: &["6.5", "6.6"],
    tables: &[],
    claims: &[],
};

/// The training signals of one seed in the plane, as every layer sees them.
#[derive(Serialize, Deserialize)]
pub struct Found {
    input: Embedded,
    networks: Pair<Vec<LayerMap>>,
    true_labels: Vector,
    shuffled_labels: Vector,
    n_classes: usize,
    first_jump: usize,
}

/// The activations of one layer in the plane.
#[derive(Serialize, Deserialize)]
struct LayerMap {
    layer: String,
    map: Embedded,
}

impl Study for LayerMaps {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        recipes(&cx.plan, cx.plan.first_seed()).both().into()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let seed = cx.plan.first_seed();
        let set = shuffled_training_set(cx, seed)?;
        let n = MAX_EMBEDDED.min(set.n_samples());
        let rows = set.rows();
        let inputs = rows.slice(s![..n, ..]);
        let Pair { learning, memorising } = recipes(&cx.plan, seed).obtain(&cx.zoo)?;
        let input = embed_named(cx, "input", inputs)?;
        let networks = Pair {
            learning: embed_layers(cx, "learning", &learning, inputs)?,
            memorising: embed_layers(cx, "memorising", &memorising, inputs)?,
        };
        Ok(Found {
            input,
            networks,
            true_labels: Vector::of_counts(&set.true_labels()[..n]),
            shuffled_labels: Vector::of_counts(&set.labels()[..n]),
            n_classes: set.n_classes(),
            first_jump: cx.plan.settings.signals.first_jump,
        })
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let (true_labels, shuffled) = (found.true_labels.counts(), found.shuffled_labels.counts());
        let mut both_labellings = Vec::new();
        let mut both_networks = Vec::new();
        for (layer, Pair { learning, memorising }) in found.layers() {
            both_labellings.push(cloud(layer, "memorising, true labels", memorising, &true_labels));
            both_labellings.push(cloud(layer, "memorising, shuffled labels", memorising, &shuffled));
            both_networks.push(cloud(layer, "memorising, shuffled labels", memorising, &shuffled));
            both_networks.push(cloud(layer, "learning, true labels", learning, &true_labels));
        }
        let classes =
            Classes::Ordered { label: "jump position", first: found.first_jump, n_classes: found.n_classes };
        let picture = Picture { width: 760, height: 320 * found.layers().count() as u32 };
        for (figure, clouds) in [("6.5", both_labellings), ("6.6", both_networks)] {
            gallery.add_raster(figure, picture, &Scatters { clouds, classes, n_columns: 2 })?;
        }
        Ok(())
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new(["map", "KL divergence", "trustworthiness", "neighbours kept"]);
        let mut row = |name: String, Embedded { kl_divergence, quality, .. }: &Embedded| {
            let numbers = [*kl_divergence, quality.trustworthiness, quality.neighbour_preservation];
            table.row(iter::once(name).chain(numbers.map(|number| format!("{number:.4}"))));
        };
        row("input".into(), &found.input);
        for (network, layers) in found.networks.named() {
            layers.iter().for_each(|l| row(format!("{network}_{}", l.layer), &l.map));
        }
        vec![("-maps".into(), table)]
    }
}

impl Found {
    /// The input, which is one map for both networks, and every layer.
    fn layers(&self) -> impl Iterator<Item = (&str, Pair<&Embedded>)> {
        let input = ("input", Pair { learning: &self.input, memorising: &self.input });
        let both = self.networks.learning.iter().zip(&self.networks.memorising);
        let layers = both.map(|(l, m)| (l.layer.as_str(), Pair { learning: &l.map, memorising: &m.map }));
        iter::once(input).chain(layers)
    }
}

/// Embeds what every layer of a network makes of `inputs`; of each layer only its own activations are in memory.
fn embed_layers(
    cx: &Context,
    name: &str,
    trained: &TrainedNetwork,
    inputs: ArrayView2<f32>,
) -> anyhow::Result<Vec<LayerMap>> {
    let network = &trained.network;
    let map = |(layer_idx, layer): (usize, &Layer)| {
        let activations = activations(network, inputs, layer_idx);
        let map = embed_named(cx, &format!("{name}_{}", layer.name), activations.view())?;
        Ok(LayerMap { layer: layer.name.clone(), map })
    };
    network.spec().layers().iter().enumerate().map(map).collect()
}

/// Embeds activations; each name has a stream of its own.
fn embed_named(cx: &Context, name: &str, activations: ArrayView2<f32>) -> anyhow::Result<Embedded> {
    let mut rng = data_streams(cx.plan.first_seed()).rng(&format!("tsne/{name}"));
    embed(&cx.zoo, &cx.plan.settings.tsne, name, activations, &mut rng)
}

fn cloud<'a>(layer: &str, labelling: &str, map: &'a Embedded, labels: &'a [usize]) -> Scatter<'a> {
    Scatter {
        title: format!("{layer}: {labelling}"),
        points: map.points.view(),
        labels,
        axes: None,
        joins_means: false,
    }
}
