//! Which filter width locates a unit jump best, by noise level (thesis sec. 3.2.2): figure 3.5, and the best τ of the
//! training set.

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use vitrine_analysis::detectors::{GaussianDerivative, TauScore, score_taus};
use vitrine_analysis::errors::share_within;
use vitrine_data::{JumpSettings, Sigma};
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::{About, Gallery, Matrix, Preset, Study, Vector, data_streams};

use crate::thesis::Context;
use crate::thesis::detector::bayes;

pub struct Width;

static ABOUT: About = About {
    id: "3.2-width",
    title: "The best filter width by noise level, and on the training set",
    figures: &["3.5"],
    tables: &[],
    claims: &[],
};

/// Noise levels of figure 3.5, for a jump of size 1.
const SIGMAS: [f64; 6] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
/// Noise levels in a panel.
const N_IN_PANEL: usize = 3;

/// How well each width locates a unit jump.
#[derive(Serialize, Deserialize)]
pub struct Found {
    sigmas: Vec<f64>,
    n_signals: usize,
    taus: Vector,
    /// `[n_sigmas, n_taus]`.
    share_within_one: Matrix,
    /// Ends of its 95 % interval, lower and upper one beside each other: `[n_sigmas, 2 n_taus]`.
    share_within_one_ends: Matrix,
    /// By noise level, the share of the best possible.
    bayes_bound: Vector,
    /// By seed.
    best_tau_on_the_training_set: Vec<Option<f64>>,
    best_tau_of_the_thesis: f64,
}

impl Study for Width {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let n_signals = if cx.plan.preset == Preset::Smoke { 300 } else { 6_000 };
        let taus: Vec<f64> = (1..=24).map(|k| 0.25 * f64::from(k)).collect();
        let mut shares = Array2::zeros((SIGMAS.len(), taus.len()));
        let mut ends = Array2::zeros((SIGMAS.len(), 2 * taus.len()));
        let mut bounds = Vec::new();
        for (row, sigma) in SIGMAS.into_iter().enumerate() {
            cx.zoo.stop().check()?;
            let settings = JumpSettings {
                jump_size: 1.0,
                sigma_before: Sigma::Fixed(sigma),
                ..cx.plan.settings.signals.clone()
            };
            let streams = data_streams(cx.plan.first_seed()).child(&format!("width/{sigma}"));
            let signals = settings.draw(n_signals, &streams);
            let inputs = signals.dataset.rows();
            for (column, score) in score_taus(detector(), &taus, inputs, &signals.jumps).iter().enumerate() {
                shares[(row, column)] = score.within_one.mean;
                ends[(row, 2 * column)] = score.within_one.lo;
                ends[(row, 2 * column + 1)] = score.within_one.hi;
            }
            let best_possible = bayes(&settings).posterior(inputs).most_within(1);
            bounds.push(share_within(&best_possible, &signals.jumps, 1).mean);
        }
        Ok(Found {
            sigmas: SIGMAS.to_vec(),
            n_signals,
            taus: taus.into_iter().collect(),
            share_within_one: Matrix::of(shares.view()),
            share_within_one_ends: Matrix::of(ends.view()),
            bayes_bound: bounds.into_iter().collect(),
            best_tau_on_the_training_set: cx.plan.seeds.iter().map(|&seed| best_tau(cx, seed)).collect(),
            best_tau_of_the_thesis: GaussianDerivative::default().tau,
        })
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let levels: Vec<usize> = (0..found.sigmas.len()).collect();
        let panels = levels.chunks(N_IN_PANEL).map(|levels| found.panel(levels)).collect();
        gallery.add("3.5", Picture { width: 720, height: 320 }, &LineChart { panels })
    }
}

impl Found {
    /// Shares against widths for some of the noise levels.
    fn panel(&self, levels: &[usize]) -> Panel {
        let mut panel = Panel {
            title: "unit jump; thin: the best possible".into(),
            x_label: "width τ of the Gaussian (samples)".into(),
            y_label: "P(|error| ≤ 1)".into(),
            ..Panel::default()
        };
        for &level in levels {
            let shares = self.share_within_one.row(level);
            let points: Vec<(f64, f64)> = self.taus.iter().copied().zip(shares.iter().copied()).collect();
            let top = points.iter().copied().fold((0.0, 0.0), |best, p| if best.1 < p.1 { p } else { best });
            let ends = [self.taus[0], self.taus[self.taus.len() - 1]];
            panel.bounds.push(ends.map(|tau| (tau, self.bayes_bound[level])).into());
            panel.series.push(Series { name: format!("σ = {}", self.sigmas[level]), points });
            panel.optima.push(top);
        }
        panel
    }
}

/// With a window that holds the widest Gaussian.
fn detector() -> GaussianDerivative {
    GaussianDerivative { window: 37, ..GaussianDerivative::default() }
}

/// The width with the smallest L1 error on a seed's training set, with the thesis' window of 19 taps.
fn best_tau(cx: &Context, seed: u64) -> Option<f64> {
    let training = cx.training(seed);
    let taus: Vec<f64> = (15..=50).map(|k| 0.1 * f64::from(k)).collect();
    let scores = score_taus(GaussianDerivative::default(), &taus, training.dataset.rows(), &training.jumps);
    TauScore::best(&scores, |score| score.errors.l1).map(|score| score.tau)
}
