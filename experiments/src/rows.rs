//! The table of detectors: errors over seeds, beside the thesis and beside the best possible.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::statistics::Interval;
use vitrine_model::NetworkSpec;

use crate::context::Context;
use crate::detector::{BAYES_MEDIAN, SIGNAL_PROCESSING, detect_untrained};
use crate::table::Table;
use crate::thesis::{self, ThesisErrors};

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

/// Errors of one detector, one per seed.
pub type PerSeed = BTreeMap<String, Vec<DetectionErrors>>;

/// Rows with the per-seed errors they summarise, and mean seconds of training by network.
pub struct Comparison {
    /// The rows, in the order asked for.
    pub rows: Vec<Row>,
    /// Errors by detector and seed.
    pub per_seed: PerSeed,
    /// Mean seconds of training by network.
    pub seconds: BTreeMap<String, f64>,
}

/// Runs the untrained detectors and `networks` on the evaluation signals of every seed.
///
/// Rows come in the order: signal processing, networks as given, the remaining untrained detectors.
pub fn compare(cx: &Context, networks: &[NetworkSpec]) -> anyhow::Result<Comparison> {
    let settings = &cx.plan.settings.signals;
    let mut per_seed = PerSeed::new();
    let mut order = vec![SIGNAL_PROCESSING.to_string()];
    order.extend(networks.iter().map(ToString::to_string));
    for &seed in &cx.plan.seeds {
        let signals = cx.evaluation(seed);
        for (name, estimates) in detect_untrained(signals.dataset.inputs.view(), settings) {
            let errors = DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK);
            per_seed.entry(name.to_string()).or_default().push(errors);
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
            let labels = network.network.predict(signals.dataset.inputs.view());
            let estimates: Vec<usize> = labels.iter().map(|&label| settings.jump_of(label)).collect();
            let errors = DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK);
            per_seed.entry(spec.to_string()).or_default().push(errors);
        }
        epochs.insert(spec.to_string(), mean(trained.iter().map(|n| n.best_epoch as f64)));
        seconds.insert(spec.to_string(), mean(trained.iter().map(|n| n.seconds)));
    }
    let floor = mean(per_seed[BAYES_MEDIAN].iter().map(|e| e.l1));
    let rows =
        order.iter().map(|name| row(name, &per_seed[name], floor, epochs.get(name).copied())).collect();
    Ok(Comparison { rows, per_seed, seconds })
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
        thesis: thesis::errors(detector),
        best_epoch,
    }
}

/// The rows as a table: ours, the thesis' in brackets, the ratio to the best possible.
pub fn table(rows: &[Row], seconds: &BTreeMap<String, f64>) -> Table {
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
            seconds.get(&row.detector).map_or("–".into(), |s| format!("{s:.1}")),
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
