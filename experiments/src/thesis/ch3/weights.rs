//! Weights, biases and averaged activations of the two-layer MLP (thesis sec. 3.3.2): figures 3.8, 3.11 to 3.13.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use vitrine_figures::Picture;
use vitrine_lab::activations::unit_activity;
use vitrine_lab::{About, Agreement, Gallery, Recipe, Study, diagram};

use super::hidden_layer::HiddenLayer;
use super::weights_agreements;
use crate::thesis::Context;
use crate::thesis::layers::{self, LayerMeans, LayerWeights, means_maps, weight_maps};
use crate::thesis::networks::{MLPS, spec, specs};

pub struct WeightMaps;

static ABOUT: About = About {
    id: "3.3-weights",
    title: "The two-layer MLP: weights, biases and averaged activations; diagrams of the MLPs",
    figures: &["3.8", "3.11", "3.12", "3.13"],
    tables: &[],
    claims: &[],
};

/// The network shown.
const SHOWN: &str = MLPS[1];

/// The network shown.
#[derive(Serialize, Deserialize)]
pub struct Found {
    /// Layer by layer, of the first seed.
    weights: Vec<LayerWeights>,
    means: Vec<LayerMeans>,
    /// What it is like, by seed.
    by_seed: Vec<HiddenLayer>,
    first_jump: usize,
}

impl Study for WeightMaps {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&[spec(SHOWN)])
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let settings = &cx.plan.settings.signals;
        let (mut first, mut by_seed) = (None, Vec::new());
        for (trained, &seed) in cx.networks(&spec(SHOWN))?.iter().zip(&cx.plan.seeds) {
            let (network, signals) = (&trained.network, cx.evaluation(seed));
            let (weights, means) = (layers::weights(network), layers::means(network, &signals.dataset));
            let active = unit_activity(network, signals.dataset.rows())[0].shares();
            let jumps = settings.first_jump..=settings.last_jump;
            by_seed.push(HiddenLayer::of(&weights[0], &means[0], &means[1], &active, jumps));
            first.get_or_insert((weights, means));
        }
        let (weights, means) = first.context("a plan has at least one seed")?;
        Ok(Found { weights, means, by_seed, first_jump: settings.first_jump })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        vec![weights_agreements::weights(&found.by_seed), weights_agreements::activations(&found.by_seed)]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        diagram::draw(gallery, "3.8", &spec(SHOWN))?;
        gallery.add_raster("3.11", Picture { width: 720, height: 680 }, &weight_maps(&found.weights))?;
        let means = means_maps(&found.means, found.first_jump);
        gallery.add_raster("3.12", Picture { width: 760, height: 340 }, &means)?;
        for (part, spec) in ["a", "b", "c"].iter().zip(specs(&[MLPS[0], MLPS[2], MLPS[3]])) {
            diagram::draw(gallery, &format!("3.13{part}"), &spec)?;
        }
        Ok(())
    }
}
