//! Averaged activations of two-unit bottlenecks (thesis sec. 4.2): figures 4.6 and 4.9.

use serde::{Deserialize, Serialize};
use vitrine_figures::Picture;
use vitrine_lab::{About, Gallery, Recipe, Study};

use super::bottlenecks::{ByDepth, Depth, IN_THE_PLANE, recipes_in_the_plane};
use crate::thesis::Context;
use crate::thesis::layers::{self, LayerMeans, means_maps};

pub struct CodeActivations;

static ABOUT: About = About {
    id: "4.2-activations",
    title: "Averaged activations of two-unit bottlenecks",
    figures: &["4.6", "4.9"],
    tables: &[],
    claims: &[],
};

/// Averaged activations, layer by layer.
#[derive(Serialize, Deserialize)]
pub struct Found {
    layers: ByDepth<Vec<LayerMeans>>,
    first_jump: usize,
}

impl Study for CodeActivations {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        recipes_in_the_plane(&cx.plan)
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let seed = cx.plan.first_seed();
        let signals = cx.evaluation(seed);
        let layers = ByDepth::try_of(|depth| {
            let trained = cx.network(&depth.spec(IN_THE_PLANE), seed)?;
            Ok(layers::means(&trained.network, &signals.dataset))
        })?;
        Ok(Found { layers, first_jump: cx.plan.settings.signals.first_jump })
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (figure, depth) in [("4.6", Depth::Shallow), ("4.9", Depth::Deep)] {
            let maps = means_maps(&found.layers[depth], found.first_jump);
            let height = 300 * maps.maps.len().div_ceil(maps.n_columns) as u32;
            gallery.add_raster(figure, Picture { width: 760, height }, &maps)?;
        }
        Ok(())
    }
}
