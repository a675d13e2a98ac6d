//! t-SNE of every layer, of the network trained on shuffled labels and of the one that learns (thesis sec. 6.3): figures
//! 6.5 and 6.6. Maps are drawn of the first seed; whether neighbours are of close classes is measured in the layers of all.

use std::iter;
use std::sync::Arc;

use ndarray::{ArrayView2, s};
use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::mean;
use vitrine_data::Dataset;
use vitrine_figures::{Classes, Picture, Scatter, Scatters};
use vitrine_lab::activations::activations;
use vitrine_lab::{About, Agreement, Gallery, Recipe, Study, Table, TrainedNetwork, Vector, data_streams};
use vitrine_model::Layer;

use super::fitting::{last_accuracy, name_of_shuffled};
use super::measures::{largest, smallest};
use super::neighbours::{class_distance, of_any_two};
use super::pair::{Pair, all_recipes, recipes, shuffled_training_set};
use super::tsne_agreements::{Spread, all};
use crate::embed::{Embedded, embed};
use crate::thesis::Context;
use crate::thesis::settings::MAX_EMBEDDED;

pub struct LayerMaps;

static ABOUT: About = About {
    id: "6.3-tsne",
    title: "t-SNE of every layer: trained on shuffled labels, under both labellings, and beside learning",
    figures: &["6.5", "6.6"],
    tables: &[],
    claims: &[],
};

/// The training signals of the first seed in the plane, as every layer sees them, and how neighbours lie in every seed.
#[derive(Serialize, Deserialize)]
pub struct Found {
    /// In the layers themselves, by seed.
    spreads: Vec<Spread>,
    /// In the maps drawn.
    spread_of_maps: Spread,
    /// Share of its shuffled labels that the second network fits, by seed.
    fitted: Vec<f64>,
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
        all_recipes(&cx.plan)
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let (mut spreads, mut fitted) = (Vec::new(), Vec::new());
        for &seed in &cx.plan.seeds {
            let (set, trained) = (shuffled_training_set(cx, seed)?, recipes(&cx.plan, seed).obtain(&cx.zoo)?);
            fitted.push(last_accuracy(&trained.memorising.history).unwrap_or(f64::NAN));
            spreads.push(spread(&trained, &set));
        }
        let seed = cx.plan.first_seed();
        let set = shuffled_training_set(cx, seed)?;
        let n = n_shown(&set);
        let rows = set.rows();
        let inputs = rows.slice(s![..n, ..]);
        let Pair { learning, memorising } = recipes(&cx.plan, seed).obtain(&cx.zoo)?;
        let input = embed_named(cx, "input", inputs)?;
        let networks = Pair {
            learning: embed_layers(cx, "learning", &learning, inputs)?,
            memorising: embed_layers(cx, "shuffled labels", &memorising, inputs)?,
        };
        let true_labels = &set.true_labels()[..n];
        let of_map = |map: &Embedded| class_distance(map.points.mapv(|x| x as f32).view(), true_labels);
        let of_maps = |maps: &[LayerMap]| hidden(maps).iter().map(|layer| of_map(&layer.map)).collect();
        let spread_of_maps = Spread {
            input: of_map(&input),
            layers: Pair { learning: of_maps(&networks.learning), memorising: of_maps(&networks.memorising) },
            any_two: of_any_two(true_labels),
        };
        Ok(Found {
            spreads,
            spread_of_maps,
            fitted,
            input,
            networks,
            true_labels: Vector::of_counts(true_labels),
            shuffled_labels: Vector::of_counts(&set.labels()[..n]),
            n_classes: set.n_classes(),
            first_jump: cx.plan.settings.signals.first_jump,
        })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        all(&found.spreads, &found.spread_of_maps, &found.fitted)
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let (true_labels, shuffled) = (found.true_labels.counts(), found.shuffled_labels.counts());
        let name = name_of_shuffled(&found.fitted[..1]);
        let mut both_labellings = Vec::new();
        let mut both_networks = Vec::new();
        for (layer, Pair { learning, memorising }) in found.layers() {
            both_labellings.push(cloud(layer, &format!("{name}, true labels"), memorising, &true_labels));
            let under_shuffled = || cloud(layer, &format!("{name}, its labels"), memorising, &shuffled);
            both_labellings.push(under_shuffled());
            both_networks.push(under_shuffled());
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
        for (network, layers) in found.networks.named(&found.fitted[..1]) {
            layers.iter().for_each(|l| row(format!("{network}: {}", l.layer), &l.map));
        }
        vec![("-maps".into(), table), ("-neighbours".into(), neighbours(found))]
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

/// Training signals that are embedded.
fn n_shown(set: &Dataset) -> usize {
    MAX_EMBEDDED.min(set.n_samples())
}

/// All but the softmax output.
fn hidden<T>(layers: &[T]) -> &[T] {
    layers.split_last().map_or(&[], |(_, hidden)| hidden)
}

/// How far apart the true classes of neighbours are in the input and the hidden layers.
fn spread(trained: &Pair<Arc<TrainedNetwork>>, set: &Dataset) -> Spread {
    let n = n_shown(set);
    let rows = set.rows();
    let (inputs, labels) = (rows.slice(s![..n, ..]), &set.true_labels()[..n]);
    let of_layers = |trained: &TrainedNetwork| {
        let n_hidden = hidden(trained.network.spec().layers()).len();
        let of_layer = |l| class_distance(activations(&trained.network, inputs, l).view(), labels);
        (0..n_hidden).map(of_layer).collect()
    };
    Spread {
        input: class_distance(inputs, labels),
        layers: Pair { learning: of_layers(&trained.learning), memorising: of_layers(&trained.memorising) },
        any_two: of_any_two(labels),
    }
}

/// How far apart the true classes of neighbours are: in the layers of every seed, and in the maps of the first.
fn neighbours(found: &Found) -> Table {
    let names = found.networks.named(&found.fitted).map(|(name, _)| name);
    let is_one = found.spreads.len() == 1;
    let over = if is_one { "of one seed" } else { "mean, lowest to highest seed" };
    let mut table = Table::new([
        "layer".to_string(),
        format!("{}: positions to a neighbour ({over})", names[0]),
        format!("{}: the same", names[1]),
        format!("{}: in the map drawn", names[0]),
        format!("{}: in the map drawn", names[1]),
    ]);
    let over_seeds = |of: &dyn Fn(&Spread) -> f64| {
        let values: Vec<f64> = found.spreads.iter().map(of).collect();
        match values[..] {
            [alone] => format!("{alone:.2}"),
            _ => format!("{:.2} ({:.2} to {:.2})", mean(&values), smallest(&values), largest(&values)),
        }
    };
    let map = |value: f64| format!("{value:.2}");
    let of_maps = &found.spread_of_maps;
    let input = over_seeds(&|s| s.input);
    table.row(["input".into(), input.clone(), input, map(of_maps.input), map(of_maps.input)]);
    for (l, layer) in hidden(&found.networks.learning).iter().enumerate() {
        table.row([
            layer.layer.clone(),
            over_seeds(&|s| s.layers.learning[l]),
            over_seeds(&|s| s.layers.memorising[l]),
            map(of_maps.layers.learning[l]),
            map(of_maps.layers.memorising[l]),
        ]);
    }
    let any_two = over_seeds(&|s| s.any_two);
    table.row([
        "any two signals".into(),
        any_two.clone(),
        any_two,
        map(of_maps.any_two),
        map(of_maps.any_two),
    ]);
    table
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
