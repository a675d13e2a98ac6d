//! Codes of two-unit bottlenecks (thesis sec. 4.2): figures 4.7 and 4.8.

use serde::{Deserialize, Serialize};
use vitrine_figures::{Classes, Picture, Scatter, Scatters};
use vitrine_lab::activations::{activations, averaged_activations};
use vitrine_lab::{About, Gallery, Matrix, Recipe, Study, Vector};

use super::bottlenecks::{ByDepth, Depth, IN_THE_PLANE, recipes_in_the_plane};
use crate::thesis::Context;

pub struct Codes;

static ABOUT: About = About {
    id: "4.2-codes",
    title: "Codes of two-unit bottlenecks: every training signal, and the class means along the jump position",
    figures: &["4.7", "4.8"],
    tables: &[],
    claims: &[],
};

/// Codes of the training signals, whose labels stand beside.
#[derive(Serialize, Deserialize)]
pub struct Found {
    bottlenecks: ByDepth<Coded>,
    labels: Vector,
    n_classes: usize,
    first_jump: usize,
}

/// Codes of one bottleneck.
#[derive(Serialize, Deserialize)]
struct Coded {
    /// Of every training signal, `[n_signals, 2]`.
    codes: Matrix,
    /// Of every class, averaged over the evaluation signals, `[n_classes, 2]`.
    means: Matrix,
}

impl Study for Codes {
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
        let (training, evaluation) = (cx.training(seed).dataset, cx.evaluation(seed));
        let bottlenecks = ByDepth::try_of(|depth| {
            let network = &cx.network(&depth.spec(IN_THE_PLANE), seed)?.network;
            let codes = activations(network, training.rows(), depth.code_layer());
            let (_, means) =
                averaged_activations(network, &evaluation.dataset).swap_remove(depth.code_layer());
            Ok(Coded { codes: Matrix::of(codes.view()), means: Matrix::of(means.view()) })
        })?;
        Ok(Found {
            bottlenecks,
            labels: Vector::of_counts(training.labels()),
            n_classes: training.n_classes(),
            first_jump: cx.plan.settings.signals.first_jump,
        })
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let labels = found.labels.counts();
        let every_class: Vec<usize> = (0..found.n_classes).collect();
        let classes =
            Classes::Ordered { label: "jump position", first: found.first_jump, n_classes: found.n_classes };
        for (figure, depth) in [("4.7", Depth::Shallow), ("4.8", Depth::Deep)] {
            let Coded { codes, means } = &found.bottlenecks[depth];
            let clouds = vec![
                cloud("every training signal", codes, &labels, false),
                cloud("class means", means, &every_class, true),
            ];
            let map = Scatters { clouds, classes, n_columns: 2 };
            gallery.add_raster(figure, Picture { width: 860, height: 400 }, &map)?;
        }
        Ok(())
    }
}

fn cloud<'a>(title: &str, points: &'a Matrix, labels: &'a [usize], joins_means: bool) -> Scatter<'a> {
    let axes = Some(("first unit", "second unit"));
    Scatter { title: title.into(), points: points.view(), labels, axes, joins_means }
}
