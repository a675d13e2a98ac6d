//! What the one-layer network learned (thesis sec. 3.3.3): figures 3.14 and 3.15, claim C3.

use anyhow::Context as _;
use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};
use vitrine_analysis::detectors::{GaussianDerivative, LinearDetector, without_common_row};
use vitrine_analysis::profiles::Profile;
use vitrine_data::{JumpSettings, Sigma};
use vitrine_figures::{HeatMaps, Picture, StemChart, Stems};
use vitrine_lab::{About, Agreement, Claim, Gallery, Matrix, Recipe, Study, Vector};

use super::learned_rows::{Pattern, Rows};
use super::one_layer_agreements;
use crate::thesis::Context;
use crate::thesis::layers::{self, LayerMeans, LayerWeights, Means, means_map, weight_map};
use crate::thesis::networks::{MLPS, spec};
use crate::thesis::paper::registered;

pub struct OneLayer;

static ABOUT: About = About {
    id: "3.3-one-layer",
    title: "The one-layer network: its weights beside a Gaussian derivative and the best linear detector",
    figures: &["3.14", "3.15"],
    tables: &[],
    claims: &["C3"],
};

/// The jump whose weight row is shown.
const JUMP: usize = 50;
/// Samples on either side of the jump over which rows are aligned and compared.
const REACH: usize = 10;

/// The network of the first seed, and what its rows are like in every seed.
#[derive(Serialize, Deserialize)]
pub struct Found {
    weights: LayerWeights,
    means: LayerMeans,
    offsets: Vector,
    profile: Vector,
    per_seed: Vec<Rows>,
    first_jump: usize,
    reach: usize,
    best_linear_weight: Matrix,
    best_linear: Pattern,
    gaussian_derivative_row: Vector,
}

impl Study for OneLayer {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&[spec(MLPS[0])])
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let settings = &cx.plan.settings.signals;
        let networks = cx.networks(&spec(MLPS[0]))?;
        let mut first = None;
        let mut per_seed = Vec::new();
        for (network, &seed) in networks.iter().zip(&cx.plan.seeds) {
            let weights = layers::weights(&network.network).swap_remove(0);
            let rows = without_common_row(weights.weight.view());
            let profile = Profile::aligned(rows.view(), settings.first_jump, REACH);
            per_seed.push(Rows::of(&weights, rows.view(), &profile, &cx.evaluation(seed), settings));
            first.get_or_insert((weights, profile));
        }
        let (weights, profile) = first.context("a plan has at least one seed")?;
        let signals = cx.evaluation(cx.plan.first_seed());
        let best = best_linear(settings).weights;
        let best_profile = Profile::aligned(best.view(), settings.first_jump, REACH);
        Ok(Found {
            best_linear: Pattern::of(best.view(), best.view(), &best_profile, settings.first_jump),
            weights,
            means: layers::means(&networks[0].network, &signals.dataset).swap_remove(0),
            offsets: profile.offsets.iter().map(|&o| o as f64).collect(),
            profile: profile.mean.into_iter().collect(),
            per_seed,
            first_jump: settings.first_jump,
            reach: REACH,
            best_linear_weight: Matrix::of(best.view()),
            gaussian_derivative_row: derivative_at_the_jump(settings.n_features),
        })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let correlations: Vec<f64> =
            found.per_seed.iter().map(|rows| rows.correlation.unwrap_or(f64::NAN)).collect();
        let gains: Vec<f64> =
            found.per_seed.iter().map(|rows| rows.profile.l1 - rows.gaussian_derivative.l1).collect();
        vec![registered("C3.shape").over(&correlations), registered("C3.better").over(&gains)]
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        one_layer_agreements::agreements(&found.per_seed, &found.best_linear)
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let (first_jump, weight) = (found.first_jump, found.weights.weight.view());
        let mut weights = weight_map("output", weight);
        (weights.x_label, weights.y_label, weights.first_row) = ("position i", "jump position", first_jump);
        let mut means = means_map("output", found.means.means.view(), first_jump, Means::Probabilities);
        (means.y_label, means.first_row) = ("jump position of the unit", first_jump);
        let maps = HeatMaps { maps: vec![weights, means], n_columns: 2 };
        gallery.add_raster("3.14", Picture { width: 760, height: 340 }, &maps)?;
        let row = JUMP.saturating_sub(first_jump);
        let aligned = found.offsets.iter().copied().zip(found.profile.iter().copied()).collect();
        let panels = vec![
            by_position("learned, jump at 50", weight.row(row)),
            by_position("Gaussian derivative", found.gaussian_derivative_row.view()),
            by_position("best linear detector", found.best_linear_weight.row(row)),
            Stems { title: "learned rows, aligned and averaged".into(), taps: aligned },
        ];
        let chart = StemChart {
            panels,
            x_label: "position, or offset from the jump",
            y_label: "weight",
            n_columns: 2,
        };
        gallery.add("3.15", Picture { width: 720, height: 480 }, &chart)
    }
}

fn best_linear(settings: &JumpSettings) -> LinearDetector {
    let sigma = match settings.sigma_before {
        Sigma::Fixed(sigma) => sigma,
        Sigma::Uniform { low, high } => (low + high) / 2.0,
    };
    let JumpSettings { jump_size, n_features, first_jump, last_jump, .. } = *settings;
    LinearDetector::best(jump_size, sigma, n_features, first_jump, last_jump)
}

/// The thesis' filter as it is laid over a signal to detect a jump at [`JUMP`].
fn derivative_at_the_jump(n_features: usize) -> Vector {
    let derivative = GaussianDerivative::default().filter();
    (0..n_features).map(|i| derivative.tap(JUMP as isize - 1 - i as isize)).collect()
}

fn by_position(title: &str, values: ArrayView1<f64>) -> Stems {
    let taps = values.iter().enumerate().map(|(i, &v)| ((i + 1) as f64, v)).collect();
    Stems { title: title.into(), taps }
}
