//! Averaged activations of the memorising network, under the labels it was trained on and under the true ones
//! (thesis sec. 6.2.4): figures 6.3 and 6.4.

use serde::{Deserialize, Serialize};
use vitrine_figures::Picture;
use vitrine_lab::{About, Gallery, Recipe, Study};

use super::pair::{recipes, shuffled_training_set};
use crate::thesis::Context;
use crate::thesis::layers::{LayerMeans, means, means_maps};

pub struct AveragedActivations;

static ABOUT: About = About {
    id: "6.2-activations",
    title: "The memorising network: averaged activations under the shuffled and under the true labels",
    figures: &["6.3", "6.4"],
    tables: &[],
    claims: &[],
};

/// Averaged activations of the memorising network under either labelling.
#[derive(Serialize, Deserialize)]
pub struct Found {
    shuffled_labels: Vec<LayerMeans>,
    true_labels: Vec<LayerMeans>,
    first_jump: usize,
}

impl Study for AveragedActivations {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        vec![recipes(&cx.plan, cx.plan.first_seed()).memorising]
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let seed = cx.plan.first_seed();
        let network = &cx.zoo.obtain_one(&recipes(&cx.plan, seed).memorising)?.network;
        Ok(Found {
            shuffled_labels: means(network, &shuffled_training_set(cx, seed)?),
            true_labels: means(network, &cx.evaluation(seed).dataset),
            first_jump: cx.plan.settings.signals.first_jump,
        })
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let picture = Picture { width: 760, height: 660 };
        let mut shuffled = means_maps(&found.shuffled_labels, found.first_jump);
        shuffled.maps.iter_mut().for_each(|map| map.x_label = "shuffled label (jump position)");
        gallery.add_raster("6.3", picture, &shuffled)?;
        gallery.add_raster("6.4", picture, &means_maps(&found.true_labels, found.first_jump))
    }
}
