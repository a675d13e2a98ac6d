//! Weights, biases and averaged activations of the two-layer MLP (thesis sec. 3.3.2): figures 3.8, 3.11 to 3.13.

use serde::{Deserialize, Serialize};
use vitrine_figures::Picture;
use vitrine_lab::{About, Gallery, Recipe, Study, diagram};

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

/// The network shown, layer by layer.
#[derive(Serialize, Deserialize)]
pub struct Found {
    weights: Vec<LayerWeights>,
    means: Vec<LayerMeans>,
    first_jump: usize,
}

impl Study for WeightMaps {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes_of_first_seed(&[spec(SHOWN)])
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let seed = cx.plan.first_seed();
        let network = &cx.network(&spec(SHOWN), seed)?.network;
        Ok(Found {
            weights: layers::weights(network),
            means: layers::means(network, &cx.evaluation(seed).dataset),
            first_jump: cx.plan.settings.signals.first_jump,
        })
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
