//! The table of detectors: errors over seeds, beside the thesis and beside the best possible.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::statistics::Interval;
use vitrine_lab::{Seconds, Table};
use vitrine_model::NetworkSpec;

use super::context::Context;
use super::detector::{BAYES_MEDIAN, SIGNAL_PROCESSING, detect_untrained};
use super::printed::{self, ThesisErrors};

/// Errors are averaged over blocks of this many signals, since the L2 of a set hangs on a few outliers.
pub const BLOCK: usize = 6_000;

/// One detector: its errors with 95 % intervals over seeds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Specification of a network, or the name of a detector.
    pub detector: String,
    /// Mean absolute error, in samples.
    pub l1: Interval,
    /// Root of the mean squared error, in samples.
    pub l2: Interval,
    /// Mean absolute error of the best 99 %.
    pub p99_l1: Interval,
    /// Root of the mean squared error of the best 99 %.
    pub p99_l2: Interval,
    /// Share of jumps located exactly.
    pub accuracy: Interval,
    /// L1 over the L1 of the posterior median on the same signals, which no detector can beat.
    pub floor_ratio: f64,
    /// What the thesis printed.
    pub thesis: Option<ThesisErrors>,
    /// Mean epoch of the weights kept.
    pub best_epoch: Option<f64>,
}

/// Errors of each detector, one per seed.
pub type ErrorsBySeed = BTreeMap<String, Vec<DetectionErrors>>;

/// The table of detectors as findings keep it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    /// The rows, in the order asked for.
    pub rows: Vec<Row>,
    /// Mean seconds of training by network.
    pub seconds: BTreeMap<String, Seconds>,
}

/// A comparison with the errors by seed that it sums up.
pub struct Compared {
    /// What is kept.
    pub comparison: Comparison,
    /// Errors by detector and seed.
    pub by_seed: ErrorsBySeed,
}

/// Runs the untrained detectors and `networks` on the evaluation signals of every seed.
///
/// Rows come in the order: signal processing, networks as given, the remaining untrained detectors.
pub fn compare(cx: &Context, networks: &[NetworkSpec]) -> anyhow::Result<Compared> {
    let settings = &cx.plan.settings.signals;
    let mut by_seed = ErrorsBySeed::new();
    let mut order = vec![SIGNAL_PROCESSING.to_string()];
    order.extend(networks.iter().map(ToString::to_string));
    for &seed in &cx.plan.seeds {
        let signals = cx.evaluation(seed);
        for (name, estimates) in detect_untrained(signals.dataset.rows(), settings) {
            let errors = DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK);
            by_seed.entry(name.to_string()).or_default().push(errors);
            if !order.iter().any(|n| n == name) {
                order.push(name.to_string());
            }
        }
    }
    let (mut epochs, mut seconds) = (BTreeMap::new(), BTreeMap::new());
    for spec in networks {
        let trained = cx.networks(spec)?;
        for (network, &seed) in trained.iter().zip(&cx.plan.seeds) {
            let signals = cx.evaluation(seed);
            let estimates = cx.estimates(&network.network, &signals.dataset);
            let errors = DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK);
            by_seed.entry(spec.to_string()).or_default().push(errors);
        }
        epochs.insert(spec.to_string(), mean(trained.iter().map(|n| n.best_epoch as f64)));
        seconds.insert(spec.to_string(), Seconds(mean(trained.iter().map(|n| n.seconds))));
    }
    let floor = mean(by_seed[BAYES_MEDIAN].iter().map(|e| e.l1));
    let rows = order.iter().map(|name| row(name, &by_seed[name], floor, epochs.get(name).copied())).collect();
    Ok(Compared { comparison: Comparison { rows, seconds }, by_seed })
}

impl Comparison {
    /// The table of all rows: ours, the thesis', the ratio to the best possible.
    pub fn table(&self) -> Table {
        self.table_of(|_| true)
    }

    /// The same of the rows whose detector is wanted.
    pub fn table_of(&self, is_wanted: impl Fn(&str) -> bool) -> Table {
        table(self.rows.iter().filter(|row| is_wanted(&row.detector)), &self.seconds)
    }

    /// The row of a detector.
    pub fn row(&self, detector: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.detector == detector)
    }
}

fn row(detector: &str, errors: &[DetectionErrors], floor: f64, best_epoch: Option<f64>) -> Row {
    let over_seeds =
        |field: fn(&DetectionErrors) -> f64| Interval::of_mean(&errors.iter().map(field).collect::<Vec<_>>());
    let l1 = over_seeds(|e| e.l1);
    Row {
        detector: detector.into(),
        l1,
        l2: over_seeds(|e| e.l2),
        p99_l1: over_seeds(|e| e.p99_l1),
        p99_l2: over_seeds(|e| e.p99_l2),
        accuracy: over_seeds(|e| e.accuracy),
        floor_ratio: l1.mean / floor,
        thesis: printed::errors(detector),
        best_epoch,
    }
}

fn table<'a>(rows: impl Iterator<Item = &'a Row>, seconds: &BTreeMap<String, Seconds>) -> Table {
    let mut table = Table::new([
        "detector",
        "L1",
        "L2",
        "99 % L1",
        "99 % L2",
        "accuracy",
        "thesis L1 L2 99 % L1 L2",
        "× floor",
        "epoch",
        "s",
    ]);
    for row in rows {
        table.row([
            row.detector.clone(),
            with_spread(&row.l1),
            with_spread(&row.l2),
            with_spread(&row.p99_l1),
            with_spread(&row.p99_l2),
            format!("{:.3}", row.accuracy.mean),
            row.thesis
                .map_or("–".into(), |t| format!("{:.4} {:.4} {:.4} {:.4}", t.l1, t.l2, t.p99_l1, t.p99_l2)),
            format!("{:.2}", row.floor_ratio),
            row.best_epoch.map_or("–".into(), |e| format!("{e:.0}")),
            seconds.get(&row.detector).map_or("–".into(), |s| format!("{:.1}", s.0)),
        ]);
    }
    table
}

/// The mean, with half the width of its interval where there are several seeds.
pub fn with_spread(interval: &Interval) -> String {
    if interval.n < 2 {
        format!("{:.4}", interval.mean)
    } else {
        format!("{:.4} ± {:.4}", interval.mean, (interval.hi - interval.lo) / 2.0)
    }
}

/// The mean; NaN of nothing.
pub fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len() as f64;
    values.sum::<f64>() / n
}
