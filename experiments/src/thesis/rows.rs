//! The table of detectors: errors over seeds, beside the thesis and beside the best possible.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::statistics::{Interval, mean};
use vitrine_lab::{Seconds, Table, TrainedNetwork};
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

/// An error of detectors: its name where an error in print is corrected, its heading, ours, the thesis'.
pub struct Quantity {
    pub name: &'static str,
    pub heading: &'static str,
    pub ours: fn(&Row) -> Interval,
    pub thesis: fn(&ThesisErrors) -> f64,
}

/// The errors of tables and figures: of all signals, then of the best 99 %.
pub const QUANTITIES: [Quantity; 4] = [
    Quantity { name: "l1", heading: "L1", ours: |r| r.l1, thesis: |t| t.l1 },
    Quantity { name: "l2", heading: "L2", ours: |r| r.l2, thesis: |t| t.l2 },
    Quantity { name: "p99_l1", heading: "99 % L1", ours: |r| r.p99_l1, thesis: |t| t.p99_l1 },
    Quantity { name: "p99_l2", heading: "99 % L2", ours: |r| r.p99_l2, thesis: |t| t.p99_l2 },
];

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
        cx.zoo.stop().check()?;
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
            cx.zoo.stop().check()?;
            let signals = cx.evaluation(seed);
            let estimates = cx.estimates(&network.network, &signals.dataset);
            let errors = DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK);
            by_seed.entry(spec.to_string()).or_default().push(errors);
        }
        let over_seeds =
            |of: fn(&TrainedNetwork) -> f64| mean(&trained.iter().map(|n| of(n)).collect::<Vec<_>>());
        epochs.insert(spec.to_string(), over_seeds(|n| n.best_epoch as f64));
        seconds.insert(spec.to_string(), Seconds(over_seeds(|n| n.seconds)));
    }
    let floor = mean(&by_seed[BAYES_MEDIAN].iter().map(|e| e.l1).collect::<Vec<_>>());
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
    let mut headers = vec!["detector"];
    headers.extend(QUANTITIES.map(|quantity| quantity.heading));
    headers.extend(["accuracy", "thesis L1 L2 99 % L1 L2", "× floor", "epoch", "s"]);
    let mut table = Table::new(headers);
    for row in rows {
        let printed = |thesis| QUANTITIES.map(|q| format!("{:.4}", (q.thesis)(&thesis))).join(" ");
        let mut cells = vec![row.detector.clone()];
        cells.extend(QUANTITIES.map(|quantity| with_spread(&(quantity.ours)(row))));
        cells.extend([
            format!("{:.3}", row.accuracy.mean),
            row.thesis.map_or("–".into(), printed),
            format!("{:.2}", row.floor_ratio),
            row.best_epoch.map_or("–".into(), |e| format!("{e:.0}")),
            seconds.get(&row.detector).map_or("–".into(), |s| format!("{:.1}", s.0)),
        ]);
        table.row(cells);
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

/// Seed by seed, the largest or smallest over detectors; what is NaN does not count.
pub fn over_detectors(
    by_seed: impl IntoIterator<Item = Vec<f64>>,
    larger_or_smaller: fn(f64, f64) -> f64,
) -> Vec<f64> {
    let of_two =
        |a: Vec<f64>, b: Vec<f64>| a.iter().zip(&b).map(|(a, b)| larger_or_smaller(*a, *b)).collect();
    by_seed.into_iter().reduce(of_two).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_of_a_seed_is_the_smallest_that_is_a_number() {
        let detectors = [vec![0.9, f64::NAN, f64::NAN], vec![0.5, 0.7, f64::NAN]];
        let worst = over_detectors(detectors, f64::min);
        assert_eq!(worst[..2], [0.5, 0.7]);
        assert!(worst[2].is_nan());
    }
}
