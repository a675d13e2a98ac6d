//! The signals (thesis sec. 3.1): examples with their jumps, figure 3.1.

use ndarray::{ArrayView1, ArrayView2, s};
use serde::{Deserialize, Serialize};
use vitrine_data::{JumpSettings, JumpSignals, Sigma};
use vitrine_figures::{Picture, Signal, SignalGrid, edge_before};
use vitrine_lab::numbers::percent_span;
use vitrine_lab::{About, Agreement, Gallery, Matrix, Study, Vector, agreement, data_streams};

use crate::thesis::Context;
use crate::thesis::detector::bayes;

/// Signals of a seed whose jumps the best possible detector locates.
const N_LOCATED: usize = 6_000;
/// The upper end of the noise levels that the thesis speaks of.
const STRONG_NOISE: f64 = 2.0;

/// Examples shown.
const N_EXAMPLES: usize = 6;

pub struct Examples;

static ABOUT: About = About {
    id: "3.1-examples",
    title: "Examples of noisy step signals",
    figures: &["3.1"],
    tables: &[],
    claims: &[],
};

/// Signals with their jumps.
#[derive(Serialize, Deserialize)]
pub struct Found {
    signals: Matrix,
    jumps: Vector,
    jump_size: f64,
    /// How well their jumps can be located, by seed.
    located: Vec<Located>,
    /// The same under the strongest noise that the thesis speaks of.
    located_in_strong_noise: Vec<Located>,
}

/// What the best possible detector, the Bayes posterior, can say of signals.
#[derive(Serialize, Deserialize)]
struct Located {
    /// Share of the signals with one position more probable than 95 %.
    easy: f64,
    /// Share of the signals with 95 % of the probability spread over ten samples and more.
    hard: f64,
}

impl Study for Examples {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let signals = cx.evaluation(cx.plan.first_seed());
        let n = N_EXAMPLES.min(signals.jumps.len());
        let settings = &cx.plan.settings.signals;
        let strong =
            JumpSettings { sigma_before: Sigma::Fixed(STRONG_NOISE), sigma_after: None, ..settings.clone() };
        let in_strong_noise = |&seed: &u64| {
            let n_signals = N_LOCATED.min(cx.plan.settings.n_evaluation);
            let signals = strong.draw(n_signals, &data_streams(seed).child("examples/strong noise"));
            Located::of(&signals, &strong)
        };
        let seeds = &cx.plan.seeds;
        Ok(Found {
            located: seeds.iter().map(|&seed| Located::of(&cx.evaluation(seed), settings)).collect(),
            located_in_strong_noise: seeds.iter().map(in_strong_noise).collect(),
            signals: Matrix::of(signals.dataset.rows().slice(s![..n, ..])),
            jumps: Vector::of_counts(&signals.jumps[..n]),
            jump_size: settings.jump_size,
        })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let [easy, hard]: [Vec<f64>; 2] = [|l: &Located| l.easy, |l: &Located| l.hard]
            .map(|share| found.located.iter().map(share).collect());
        let hard_in_strong_noise: Vec<f64> =
            found.located_in_strong_noise.iter().map(|located| located.hard).collect();
        vec![
            agreement("3.1")
                .so(
                    "some jumps are easy to locate: in a tenth of the signals or more the best possible detector is 95 % \
                     sure of one position",
                    &easy.iter().map(|&share| 0.1 <= share).collect::<Vec<_>>(),
                    percent_span(&easy),
                )
                .so(
                    "others cannot be told within ten samples: in a hundredth of the signals or more, 95 % of its \
                     probability spread over ten samples",
                    &hard.iter().map(|&share| 0.01 <= share).collect::<Vec<_>>(),
                    percent_span(&hard),
                )
                .because(&format!(
                    "the thesis speaks of noise from σ = 0.5 to 2, its results are those of σ = 1; at σ = \
                     {STRONG_NOISE} such signals are {}",
                    percent_span(&hard_in_strong_noise)
                )),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let signals = found.signals.rows().into_iter().zip(found.jumps.counts());
        let signals = signals.map(|(values, jump)| over_its_step(values, jump, found.jump_size)).collect();
        let grid = SignalGrid { signals, y_label: "signal x[i]", n_columns: 2 };
        gallery.add("3.1", Picture { width: 640, height: 540 }, &grid)
    }
}

impl Located {
    /// Of the first of the signals, which were drawn with `settings`.
    fn of(signals: &JumpSignals, settings: &JumpSettings) -> Located {
        let n = N_LOCATED.min(signals.jumps.len());
        let posterior = bayes(settings).posterior(signals.dataset.rows().slice(s![..n, ..]));
        Located::by_posterior(posterior.probabilities.view())
    }

    /// Of probabilities `[n_signals, n_positions]`.
    fn by_posterior(probabilities: ArrayView2<f64>) -> Located {
        let share = |is: &dyn Fn(ArrayView1<f64>) -> bool| {
            probabilities.outer_iter().filter(|row| is(*row)).count() as f64 / probabilities.nrows() as f64
        };
        Located {
            easy: share(&|row| row.iter().any(|&p| 0.95 < p)),
            hard: share(&|row| 10 <= middle_range(row)),
        }
    }
}

/// Samples over which the middle 95 % of the probability spread.
fn middle_range(probabilities: ArrayView1<f64>) -> usize {
    let mut below = 0.0;
    let up_to: Vec<f64> = probabilities
        .iter()
        .map(|p| {
            below += p;
            below
        })
        .collect();
    let first_above = |share: f64| up_to.iter().position(|&sum| share < sum).unwrap_or(up_to.len() - 1);
    first_above(0.975) - first_above(0.025)
}

/// A signal over the step of height `size` that it is made from, its jump marked.
fn over_its_step(values: ArrayView1<'_, f64>, jump: usize, size: f64) -> Signal<'_> {
    let edge = edge_before(jump);
    let step = vec![(1.0, 0.0), (edge, 0.0), (edge, size), (values.len() as f64, size)];
    Signal { title: format!("jump at {jump}"), values, beneath: step, mark: Some(edge) }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn a_sure_posterior_is_easy_and_a_flat_one_hard() {
        let mut probabilities = Array2::zeros((4, 60));
        probabilities[(0, 7)] = 1.0;
        probabilities.row_mut(1).fill(1.0 / 60.0);
        // Two positions nine samples apart are neither; ten apart they are hard.
        (probabilities[(2, 20)], probabilities[(2, 29)]) = (0.5, 0.5);
        (probabilities[(3, 20)], probabilities[(3, 30)]) = (0.5, 0.5);
        let located = Located::by_posterior(probabilities.view());
        assert_eq!((located.easy, located.hard), (0.25, 0.5));
    }
}
