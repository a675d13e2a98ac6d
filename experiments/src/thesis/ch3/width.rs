//! Which filter width locates a unit jump best, by noise level and on the training set (thesis sec. 3.2.2): figure 3.5.

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use vitrine_analysis::detectors::{GaussianDerivative, TauScore, score_taus};
use vitrine_analysis::errors::share_within;
use vitrine_data::{JumpSettings, Sigma};
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::numbers::{percent_span, span};
use vitrine_lab::{About, Agreement, Gallery, Matrix, Preset, Study, Vector, agreement, data_streams};

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
/// Step of the widths tried.
const STEP: f64 = 0.25;
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
    /// By seed and noise level.
    best: Vec<Vec<Best>>,
}

/// The best width of one noise level, and what the narrowest and the widest tried come to.
#[derive(Serialize, Deserialize)]
struct Best {
    tau: f64,
    /// Its share of jumps located within one sample.
    share: f64,
    narrowest: f64,
    widest: f64,
}

impl Study for Width {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let n_signals = if cx.plan.preset == Preset::Smoke { 300 } else { 6_000 };
        let taus: Vec<f64> = (1..=24).map(|k| STEP * f64::from(k)).collect();
        let mut shares = Array2::zeros((SIGMAS.len(), taus.len()));
        let mut ends = Array2::zeros((SIGMAS.len(), 2 * taus.len()));
        let mut bounds = Vec::new();
        let mut best = Vec::new();
        for &seed in &cx.plan.seeds {
            let mut of_seed = Vec::new();
            for (row, sigma) in SIGMAS.into_iter().enumerate() {
                cx.zoo.stop().check()?;
                let settings = JumpSettings {
                    jump_size: 1.0,
                    sigma_before: Sigma::Fixed(sigma),
                    ..cx.plan.settings.signals.clone()
                };
                let streams = data_streams(seed).child(&format!("width/{sigma}"));
                let signals = settings.draw(n_signals, &streams);
                let inputs = signals.dataset.rows();
                let scores = score_taus(detector(), &taus, inputs, &signals.jumps);
                of_seed.push(Best::of(&scores));
                if seed != cx.plan.first_seed() {
                    continue;
                }
                for (column, score) in scores.iter().enumerate() {
                    shares[(row, column)] = score.within_one.mean;
                    ends[(row, 2 * column)] = score.within_one.lo;
                    ends[(row, 2 * column + 1)] = score.within_one.hi;
                }
                let best_possible = bayes(&settings).posterior(inputs).most_within(1);
                bounds.push(share_within(&best_possible, &signals.jumps, 1).mean);
            }
            best.push(of_seed);
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
            best,
        })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let everywhere = |is: fn(&Best) -> bool| {
            found.best.iter().map(|levels| levels.iter().all(is)).collect::<Vec<bool>>()
        };
        let fails_at = |is: fn(&Best) -> bool| -> Vec<usize> {
            let fails = |level: &usize| found.best.iter().any(|levels| !is(&levels[*level]));
            (0..found.sigmas.len()).filter(fails).collect()
        };
        let where_not = |is: fn(&Best) -> bool| -> String {
            let levels: Vec<String> =
                fails_at(is).into_iter().map(|level| found.sigmas[level].to_string()).collect();
            if levels.is_empty() {
                "at every σ".into()
            } else {
                format!("not at σ = {}", levels.join(", "))
            }
        };
        let grows: Vec<bool> = found.best.iter().map(|levels| grows(levels)).collect();
        let by_level: Vec<String> = (0..found.sigmas.len())
            .map(|level| {
                let best: Vec<f64> = found.best.iter().map(|levels| levels[level].tau).collect();
                format!("{} at σ = {}", span(&best, 2), found.sigmas[level])
            })
            .collect();
        let trained: Vec<f64> =
            found.best_tau_on_the_training_set.iter().map(|tau| tau.unwrap_or(f64::NAN)).collect();
        let thesis = found.best_tau_of_the_thesis;
        let located: Vec<String> = fails_at(|best| too_wide(best) && too_narrow(best))
            .into_iter()
            .map(|level| found.located(level))
            .collect();
        let why = (!located.is_empty()).then(|| {
            format!(
                "where noise is slight nearly every width will do, and single signals decide which is best: {}",
                located.join("; ")
            )
        });
        vec![
            agreement("3.5")
                .so(
                    "a filter can be too wide at each noise level: the widest tried locates fewer jumps than the best, by \
                     more than a hundredth",
                    &everywhere(too_wide),
                    where_not(too_wide),
                )
                .so(
                    "it can be too narrow at each noise level: the narrowest tried locates fewer, likewise",
                    &everywhere(too_narrow),
                    where_not(too_narrow),
                )
                .so(
                    "the best width grows with the noise: from one level to the next it falls by no more than the step of \
                     0.25 that widths are tried in, and from the first to the last it rises",
                    &grows,
                    by_level.join(", "),
                )
                .so(
                    &format!("on the training set (not drawn) a width of {thesis} is best, or one within 0.3 of it"),
                    &trained.iter().map(|tau| (tau - thesis).abs() < 0.3 + 1e-9).collect::<Vec<_>>(),
                    span(&trained, 1),
                )
                .because_of(why),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let levels: Vec<usize> = (0..found.sigmas.len()).collect();
        let panels = levels.chunks(N_IN_PANEL).map(|levels| found.panel(levels)).collect();
        gallery.add("3.5", Picture { width: 720, height: 320 }, &LineChart { panels })
    }
}

impl Found {
    /// What the narrowest, the best and the widest filter locate at a noise level.
    fn located(&self, level: usize) -> String {
        let sigma = self.sigmas[level];
        let of = |share: fn(&Best) -> f64| {
            percent_span(&self.best.iter().map(|levels| share(&levels[level])).collect::<Vec<_>>())
        };
        let [narrowest, best, widest] = [of(|b| b.narrowest), of(|b| b.share), of(|b| b.widest)];
        format!(
            "at σ = {sigma} the narrowest locates {narrowest} of the jumps, the best {best}, the widest {widest}"
        )
    }
}

/// Whether the widest filter tried locates fewer jumps than the best, by more than a hundredth.
fn too_wide(best: &Best) -> bool {
    best.widest < best.share - 0.01
}

/// The same of the narrowest.
fn too_narrow(best: &Best) -> bool {
    best.narrowest < best.share - 0.01
}

impl Best {
    fn of(scores: &[TauScore]) -> Best {
        let best = TauScore::best(scores, |score| -score.within_one.mean);
        let share = |score: Option<&TauScore>| score.map_or(f64::NAN, |score| score.within_one.mean);
        Best {
            tau: best.map_or(f64::NAN, |score| score.tau),
            share: share(best.as_ref()),
            narrowest: share(scores.first()),
            widest: share(scores.last()),
        }
    }
}

/// Whether the best width grows from level to level, but for a step of the widths tried.
fn grows(levels: &[Best]) -> bool {
    let nowhere_falls = levels.windows(2).all(|pair| pair[0].tau - pair[1].tau < 1.5 * STEP);
    let ends = [levels.first(), levels.last()].map(|best| best.map_or(f64::NAN, |best| best.tau));
    nowhere_falls && ends[0] < ends[1]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_grow_where_they_fall_by_no_more_than_a_step() {
        let levels = |taus: [f64; 4]| taus.map(|tau| Best { tau, share: 1.0, narrowest: 1.0, widest: 1.0 });
        assert!(grows(&levels([0.25, 1.0, 0.75, 2.0])));
        assert!(!grows(&levels([0.25, 1.25, 0.75, 2.0])), "a fall of two steps");
        assert!(!grows(&levels([1.0, 1.25, 1.0, 1.0])), "no rise");
    }
}
