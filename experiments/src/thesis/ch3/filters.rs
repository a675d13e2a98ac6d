//! Filters of signal processing (thesis sec. 3.2): figures 3.3, 3.4, 3.6 and 3.16, eq. 3.3 and 3.4 against simulation.

use std::collections::BTreeMap;

use anyhow::Context as _;
use ndarray::s;
use serde::{Deserialize, Serialize};
use vitrine_analysis::detectors::{GaussianDerivative, Padding};
use vitrine_analysis::filters::Filter;
use vitrine_analysis::statistics::mean;
use vitrine_data::{JumpSettings, JumpSignals};
use vitrine_figures::{LineChart, Panel, Picture, Series, StemChart, Stems};
use vitrine_lab::numbers;
use vitrine_lab::{About, Agreement, Gallery, Study, Vector, agreement, data_streams};

use crate::thesis::Context;

pub struct Filters;

static ABOUT: About = About {
    id: "3.2-filters",
    title: "Smoothing, difference and mixed filters on a noisy step; their gain and noise",
    figures: &["3.3", "3.4", "3.6", "3.16"],
    tables: &[],
    claims: &[],
};

/// Jump of the signal that is filtered, and of the local views of figure 3.16.
const JUMP: usize = 50;
/// Signals that eq. 3.3 and 3.4 are held against.
const N_SIMULATED: usize = 20_000;

/// A signal before and after filters, and what filters are like.
#[derive(Serialize, Deserialize)]
pub struct Found {
    signal: Vector,
    mixed_filtered: Vector,
    smoothing_filtered: Vector,
    difference_filtered: Vector,
    gaussian: Taps,
    gaussian_derivative: Taps,
    moments: BTreeMap<String, Moments>,
}

/// A filter by its taps.
#[derive(Serialize, Deserialize)]
struct Taps {
    taps: Vector,
    lags: Vector,
}

/// Norm, gain, and mean and variance of the filtered step at its jump: by eq. 3.3 and 3.4, and simulated.
#[derive(Serialize, Deserialize)]
struct Moments {
    norm: f64,
    gain: f64,
    mean_at_jump: f64,
    mean_at_jump_simulated: f64,
    variance: f64,
    variance_simulated: f64,
}

impl Study for Filters {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let signals = cx.evaluation(cx.plan.first_seed());
        let first = signals.jumps.iter().position(|&jump| jump == JUMP);
        let first = first.with_context(|| {
            format!("no signal jumps at {JUMP}: it must lie between signals.first_jump and signals.last_jump")
        })?;
        let signal = signals.dataset.rows().row(first).to_owned();
        let filtered = |filter: &Filter| Vector::of(filter.convolve(signal.view(), Padding::Edge).view());
        let parts = Filter::mixed().split();
        let detector = GaussianDerivative::default();
        let gaussian = Filter::gaussian(detector.window, detector.tau);
        let derivative = detector.filter();
        let settings = JumpSettings { first_jump: JUMP, last_jump: JUMP, ..cx.plan.settings.signals.clone() };
        let simulated = settings.draw(N_SIMULATED, &data_streams(cx.plan.first_seed()).child("filters"));
        let moments = [
            ("mixed", &Filter::mixed()),
            ("smoothing of 4", &Filter::smoothing(4)),
            ("difference", &Filter::difference()),
            ("gaussian", &gaussian),
            ("gaussian derivative", &derivative),
        ];
        Ok(Found {
            signal: Vector::of(signal.view()),
            mixed_filtered: filtered(&Filter::mixed()),
            smoothing_filtered: filtered(&parts.smoothing),
            difference_filtered: filtered(&parts.difference),
            gaussian: Taps::of(&gaussian),
            gaussian_derivative: Taps::of(&derivative),
            moments: moments
                .map(|(name, filter)| (name.to_string(), Moments::of(filter, &settings, &simulated)))
                .into(),
        })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let (whole, parts) = (Filter::mixed(), Filter::mixed().split());
        let apart = largest_difference((&parts.smoothing + &parts.difference).taps(), whole.taps());
        let least = parts.smoothing.taps().iter().copied().fold(f64::INFINITY, f64::min);
        let sum_of_parts: Vec<f64> = found
            .smoothing_filtered
            .iter()
            .zip(found.difference_filtered.iter())
            .map(|(a, b)| a + b)
            .collect();
        let outputs_apart = largest_difference(&sum_of_parts, &found.mixed_filtered.to_vec());
        let [smoothed, differentiated] =
            [&parts.smoothing, &parts.difference].map(|part| part.step_mean(found.signal.len(), JUMP, 1.0));
        let rises = smoothed.windows(2).into_iter().all(|pair| pair[0] <= pair[1]);
        let n_answers = differentiated.iter().filter(|value| 1e-9 < value.abs()).count();
        let in_two_steps = found.gaussian.filter().convolve(found.signal.view(), Padding::Reflect);
        let in_two_steps: Vec<f64> = in_two_steps.windows(2).into_iter().map(|s| s[1] - s[0]).collect();
        let in_one =
            found.gaussian_derivative.filter().convolve(found.signal.view(), Padding::Reflect).to_vec();
        let two_apart = largest_difference(&in_two_steps, &in_one[1..]);
        vec![
            agreement("3.3")
                .is(
                    "[1 1 1 0 0] and [0 0 0 1 −1] add up to the mixed filter tap by tap",
                    apart < 1e-12,
                    format!("largest difference {}", numbers::short(apart)),
                )
                .is(
                    "the first smooths (no tap below zero), the second differentiates (its taps sum to zero)",
                    0.0 <= least && parts.difference.gain().abs() < 1e-12,
                    format!("smallest tap {least:.0}, sum {:.0}", parts.difference.gain()),
                ),
            agreement("3.4")
                .is(
                    "what comes out of the parts adds up to what comes out of the whole",
                    outputs_apart < 1e-9,
                    format!("largest difference {}", numbers::short(outputs_apart)),
                )
                .is(
                    "the parts can be told apart: of a step without noise the smoothing one makes a slope that never \
                     falls, the difference one a spike of a single sample",
                    rises && n_answers == 1,
                    format!("a slope of {} samples, a spike of {n_answers}", n_between_levels(&smoothed.to_vec())),
                ),
            agreement("3.16").is(
                "filter (d) does in one step what smoothing and then taking the first difference of the result do in two",
                two_apart < 1e-9,
                format!("largest difference on the signal {}", numbers::short(two_apart)),
            ),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let panel = |title: &str, filtered: &Vector| Panel {
            title: title.into(),
            x_label: "position i".into(),
            y_label: "value".into(),
            series: vec![
                Series::counted("signal", found.signal.iter()),
                Series::counted("filtered", filtered.iter()),
            ],
            ..Panel::default()
        };
        let mixed = panel("[1 1 1 1 −1]", &found.mixed_filtered);
        let smoothing = panel("[1 1 1 0 0]", &found.smoothing_filtered);
        let difference = panel("[0 0 0 1 −1]", &found.difference_filtered);
        let alone = LineChart { panels: vec![mixed.clone()] };
        gallery.add("3.3", Picture { width: 480, height: 280 }, &alone)?;
        let panels = LineChart { panels: vec![smoothing, difference, mixed] };
        gallery.add("3.4", Picture { width: 960, height: 280 }, &panels)?;
        let GaussianDerivative { tau, window, .. } = GaussianDerivative::default();
        let gaussian = found.gaussian.stems(&format!("Gaussian, τ = {tau}, {window} taps"), 0);
        gallery.add("3.6", Picture { width: 400, height: 260 }, &stem_chart(vec![gaussian], 1))?;
        let difference = Stems { title: "(c) first difference".into(), taps: vec![(-1.0, -1.0), (0.0, 1.0)] };
        let panels = vec![
            found.gaussian.stems("(a) Gaussian", 0),
            found.gaussian.stems("(b) Gaussian centred at 50", JUMP),
            difference,
            found.gaussian_derivative.stems("(d) both in one, at 50", JUMP),
        ];
        gallery.add("3.16", Picture { width: 640, height: 460 }, &stem_chart(panels, 2))
    }
}

/// The largest absolute difference of numbers in pairs; infinite where there are more on one side.
fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Steps from one sample to the next at which values change.
fn n_between_levels(values: &[f64]) -> usize {
    values.windows(2).filter(|pair| 1e-9 < (pair[1] - pair[0]).abs()).count()
}

fn stem_chart(panels: Vec<Stems>, n_columns: usize) -> StemChart<'static> {
    StemChart { panels, x_label: "position", y_label: "weight", n_columns }
}

impl Taps {
    fn of(filter: &Filter) -> Taps {
        Taps {
            taps: filter.taps().iter().copied().collect(),
            lags: filter.lags().map(|lag| lag as f64).collect(),
        }
    }

    fn filter(&self) -> Filter {
        Filter::starting_at(self.lags.first().map_or(0, |&lag| lag as isize), self.taps.to_vec())
    }

    /// The weights of the samples around a position: `φ(k)` weighs the one `k` samples before it.
    fn stems(&self, title: &str, around: usize) -> Stems {
        let taps = self.lags.iter().zip(self.taps.iter()).map(|(lag, &tap)| (around as f64 - lag, tap));
        Stems { title: title.into(), taps: taps.collect() }
    }
}

impl Moments {
    /// Of a filter over `simulated` signals, drawn with `settings`, which all jump at the same position.
    fn of(filter: &Filter, settings: &JumpSettings, simulated: &JumpSignals) -> Moments {
        let reach = filter.taps().len();
        let around = s![JUMP - 1 - reach..(JUMP + reach).min(settings.n_features)];
        let at_jump = |signal| filter.convolve(signal, Padding::Edge)[reach];
        let signals = simulated.dataset.rows();
        let values: Vec<f64> = signals.outer_iter().map(|row| at_jump(row.slice_move(around))).collect();
        let centre = mean(&values);
        let mean_variance =
            mean(&simulated.sigmas.iter().map(|[before, _]| before * before).collect::<Vec<_>>());
        Moments {
            norm: filter.norm(),
            gain: filter.gain(),
            mean_at_jump: filter.step_mean(settings.n_features, JUMP, settings.jump_size)[JUMP - 1],
            mean_at_jump_simulated: centre,
            variance: filter.noise_gain() * mean_variance,
            variance_simulated: mean(&values.iter().map(|v| (v - centre).powi(2)).collect::<Vec<_>>()),
        }
    }
}
