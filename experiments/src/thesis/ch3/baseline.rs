//! The signal-processing approach (thesis sec. 3.2.3): table 3.1, figure 3.7.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use vitrine_analysis::detectors::GaussianDerivative;
use vitrine_analysis::errors::{DetectionErrors, share_within};
use vitrine_lab::numbers::{percent_span, span};
use vitrine_lab::{About, Agreement, Gallery, Study, Table, agreement, table_agreement};

use super::histograms::ErrorCounts;
use crate::thesis::Context;
use crate::thesis::detector::is_signal_processing;
use crate::thesis::rows::{BLOCK, Comparison, compare};

pub struct Baseline;

static ABOUT: About = About {
    id: "3.2-baseline",
    title: "Signal processing: Gaussian smoothing, first difference, largest value",
    figures: &["3.7"],
    tables: &["3.1"],
    claims: &[],
};

/// Errors of signal processing.
#[derive(Serialize, Deserialize)]
pub struct Found {
    comparison: Comparison,
    /// Of the first seed.
    errors: ErrorCounts,
    by_seed: Vec<Spread>,
}

/// How the errors of one seed spread.
#[derive(Serialize, Deserialize)]
struct Spread {
    errors: DetectionErrors,
    /// Share of the signals that are off by at most one sample.
    within_one: f64,
    /// The largest error of the best 99 %, in samples.
    largest_p99: usize,
}

impl Study for Baseline {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let mut first = None;
        let mut by_seed = Vec::new();
        for &seed in &cx.plan.seeds {
            let signals = cx.evaluation(seed);
            let estimates = GaussianDerivative::default().detect(signals.dataset.rows());
            let counts = ErrorCounts::of(&estimates, &signals.jumps);
            by_seed.push(Spread {
                errors: DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK),
                within_one: share_within(&estimates, &signals.jumps, 1).mean,
                largest_p99: counts.largest_p99,
            });
            first.get_or_insert(counts);
        }
        let errors = first.context("a plan has at least one seed")?;
        Ok(Found { comparison: compare(cx, &[])?.comparison, errors, by_seed })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let of = |value: fn(&Spread) -> f64| found.by_seed.iter().map(value).collect::<Vec<f64>>();
        let l1_drop = of(|seed| 1.0 - seed.errors.p99_l1 / seed.errors.l1);
        let l2_drop = of(|seed| 1.0 - seed.errors.p99_l2 / seed.errors.l2);
        let drops =
            |drops: &[f64], is: fn(f64) -> bool| drops.iter().map(|&drop| is(drop)).collect::<Vec<_>>();
        let within_one = of(|seed| seed.within_one);
        let largest = of(|seed| seed.errors.max);
        let largest_p99 = of(|seed| seed.largest_p99 as f64);
        let clearly = |drop| 1.0 / 3.0 < drop;
        let n_signals = found.errors.n_signals();
        vec![
            agreement("3.7")
                .so(
                    "most errors are 0 or 1",
                    &drops(&within_one, |share| 0.5 < share),
                    percent_span(&within_one),
                )
                .so(
                    "a few are very large, above 20 samples",
                    &drops(&largest, |samples| 20.0 < samples),
                    format!("the largest of {n_signals} signals {}", span(&largest, 0)),
                )
                .so(
                    "without the worst 1 % none is above 2",
                    &drops(&largest_p99, |samples| samples <= 2.0),
                    format!("the largest {}", span(&largest_p99, 0)),
                )
                .so(
                    "without them the L2 error drops clearly, by more than a third",
                    &drops(&l2_drop, clearly),
                    format!("by {}", percent_span(&l2_drop)),
                ),
            table_agreement("3.1")
                .so(
                    "without the worst 1 % the L2 error drops clearly, by more than a third",
                    &drops(&l2_drop, clearly),
                    format!("by {}", percent_span(&l2_drop)),
                )
                .so(
                    "the L1 error drops slightly, by less than a fifth",
                    &drops(&l1_drop, |drop| 0.0 < drop && drop < 0.2),
                    format!("by {}", percent_span(&l1_drop)),
                ),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        found.errors.draw("3.7", gallery)
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        vec![("3.1".into(), found.comparison.table_of(is_signal_processing))]
    }
}
