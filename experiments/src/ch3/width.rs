//! Which filter width locates a unit jump best, by noise level (thesis sec. 3.2.2): figure 3.5, and the best τ of the
//! training set.

use ndarray::{Array1, Array2};
use vitrine_analysis::detectors::{GaussianDerivative, TauScore, score_taus};
use vitrine_analysis::errors::share_within;
use vitrine_data::{JumpSettings, Sigma};
use vitrine_figures::{LineChart, Panel, Picture, Series};

use crate::context::Context;
use crate::detector::bayes;
use crate::findings::Findings;
use crate::preset::Preset;
use crate::recipe::data_streams;
use crate::run_folder::Gallery;
use crate::section::{About, Section};

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

impl Section for Width {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let n_signals = if cx.plan.preset == Preset::Smoke { 300 } else { 6_000 };
        let taus: Vec<f64> = (1..=24).map(|k| 0.25 * f64::from(k)).collect();
        let mut shares = Array2::zeros((SIGMAS.len(), taus.len()));
        let mut ends = Array2::zeros((SIGMAS.len(), 2 * taus.len()));
        let mut bounds = Vec::new();
        for (row, sigma) in SIGMAS.into_iter().enumerate() {
            let settings = JumpSettings {
                jump_size: 1.0,
                sigma_before: Sigma::Fixed(sigma),
                ..cx.plan.settings.signals.clone()
            };
            let streams = data_streams(cx.plan.seeds[0]).child(&format!("width/{sigma}"));
            let signals = settings.draw(n_signals, &streams);
            let inputs = signals.dataset.inputs.view();
            for (column, score) in score_taus(detector(), &taus, inputs, &signals.jumps).iter().enumerate() {
                shares[(row, column)] = score.within_one.mean;
                ends[(row, 2 * column)] = score.within_one.lo;
                ends[(row, 2 * column + 1)] = score.within_one.hi;
            }
            bounds.push(
                share_within(&bayes(&settings).posterior(inputs).most_within(1), &signals.jumps, 1).mean,
            );
        }
        findings.array("taus", Array1::from(taus).view());
        findings.array("share_within_one", shares.view());
        findings.array("share_within_one_ends", ends.view());
        findings.array("bayes_bound", Array1::from(bounds).view());
        findings.value("sigmas", SIGMAS)?;
        findings.value("n_signals", n_signals)?;
        let best: Vec<Option<f64>> = cx.plan.seeds.iter().map(|&seed| best_tau(cx, seed)).collect();
        findings.value("best_tau_on_the_training_set", best)?;
        findings.value("best_tau_of_the_thesis", 2.9)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let (taus, shares, bounds) =
            (findings.vector("taus")?, findings.matrix("share_within_one")?, findings.vector("bayes_bound")?);
        let mut panels = Vec::new();
        for (half, rows) in [SIGMAS[..3].iter(), SIGMAS[3..].iter()].into_iter().enumerate() {
            let mut panel = Panel {
                title: "unit jump; thin: the best possible".into(),
                x_label: "width τ of the Gaussian (samples)".into(),
                y_label: "P(|error| ≤ 1)".into(),
                ..Panel::default()
            };
            for (i, sigma) in rows.enumerate() {
                let row = 3 * half + i;
                let points: Vec<(f64, f64)> =
                    taus.iter().copied().zip(shares.row(row).iter().copied()).collect();
                let bound = vec![(taus[0], bounds[row]), (taus[taus.len() - 1], bounds[row])];
                let top =
                    points.iter().copied().fold((0.0, 0.0), |best, p| if best.1 < p.1 { p } else { best });
                panel.series.push(Series { name: format!("σ = {sigma}"), points });
                panel.bounds.push(bound);
                panel.optima.push(top);
            }
            panels.push(panel);
        }
        gallery.add("3.5", Picture { width: 720, height: 320 }, &LineChart { panels })
    }
}

fn detector() -> GaussianDerivative {
    GaussianDerivative { window: 37, ..GaussianDerivative::default() }
}

/// The width with the smallest L1 error on a seed's training set, with the thesis' window of 19 taps.
fn best_tau(cx: &Context, seed: u64) -> Option<f64> {
    let s = &cx.plan.settings;
    let training = s.signals.draw(s.n_train, &data_streams(seed).child("train"));
    let taus: Vec<f64> = (15..=50).map(|k| 0.1 * f64::from(k)).collect();
    let scores =
        score_taus(GaussianDerivative::default(), &taus, training.dataset.inputs.view(), &training.jumps);
    TauScore::best(&scores, |score| score.errors.l1).map(|score| score.tau)
}
