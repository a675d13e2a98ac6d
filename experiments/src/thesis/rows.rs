//! The table of detectors: errors over seeds, beside the thesis and beside the best possible.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::statistics::{Interval, mean};
use vitrine_lab::{Seconds, Table, TrainedNetwork};
use vitrine_model::NetworkSpec;

use super::context::Context;
use super::detector::{SIGNAL_PROCESSING, detect_untrained, median_estimates, windowed_signal_processing};
use super::floor::Floor;
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
    /// L1 over the smallest possible.
    pub floor_ratio: f64,
    /// The same of a network's own decision for a small L1, the median of its softmax instead of the argmax.
    pub median_floor_ratio: Option<f64>,
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

/// Headings of the two columns that compare with the smallest L1 possible.
pub const FLOOR_HEADINGS: [&str; 2] = ["× floor", "median × floor"];

/// Errors of each detector, one per seed.
pub type ErrorsBySeed = BTreeMap<String, Vec<DetectionErrors>>;

/// The table of detectors as findings keep it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    /// The rows, in the order asked for.
    pub rows: Vec<Row>,
    /// Mean seconds of training by network.
    pub seconds: BTreeMap<String, Seconds>,
    /// The smallest L1 possible.
    pub floor: Floor,
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
/// Rows come in the order: signal processing, over all and over the possible positions, networks as given, the remaining
/// untrained detectors.
pub fn compare(cx: &Context, networks: &[NetworkSpec]) -> anyhow::Result<Compared> {
    let settings = &cx.plan.settings.signals;
    let mut by_seed = ErrorsBySeed::new();
    let floor = cx.floor()?;
    let mut order = vec![SIGNAL_PROCESSING.to_string(), windowed_signal_processing(settings)];
    order.extend(networks.iter().map(ToString::to_string));
    for &seed in &cx.plan.seeds {
        cx.zoo.stop().check()?;
        let signals = cx.evaluation(seed);
        for (name, estimates) in detect_untrained(signals.dataset.rows(), settings) {
            let errors = DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK);
            if !order.contains(&name) {
                order.push(name.clone());
            }
            by_seed.entry(name).or_default().push(errors);
        }
    }
    let (mut epochs, mut seconds, mut medians) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for spec in networks {
        let trained = cx.networks(spec)?;
        for (network, &seed) in trained.iter().zip(&cx.plan.seeds) {
            cx.zoo.stop().check()?;
            let signals = cx.evaluation(seed);
            let estimates = cx.estimates(&network.network, &signals.dataset);
            let errors = DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK);
            by_seed.entry(spec.to_string()).or_default().push(errors);
            let at_medians = median_estimates(&network.network, signals.dataset.rows(), settings);
            let l1 = DetectionErrors::in_blocks(&at_medians, &signals.jumps, BLOCK).l1;
            medians.entry(spec.to_string()).or_insert_with(Vec::new).push(l1);
        }
        let over_seeds =
            |of: fn(&TrainedNetwork) -> f64| mean(&trained.iter().map(|n| of(n)).collect::<Vec<_>>());
        epochs.insert(spec.to_string(), over_seeds(|n| n.best_epoch as f64));
        seconds.insert(spec.to_string(), Seconds(over_seeds(|n| n.seconds)));
    }
    // The thesis prints what it found with its settings.
    let thesis = |name: &str| printed::errors(name).filter(|_| cx.plan.has_preset_settings());
    let row = |name: &String| {
        let median_l1 = medians.get(name).map(|l1| mean(l1));
        let row = Row::of(name, &by_seed[name], median_l1, floor.l1);
        Row { best_epoch: epochs.get(name).copied(), thesis: thesis(name), ..row }
    };
    let rows = order.iter().map(row).collect();
    Ok(Compared { comparison: Comparison { rows, seconds, floor }, by_seed })
}

impl Comparison {
    /// The table of all rows: ours, the thesis', the ratio to the best possible.
    pub fn table(&self) -> Table {
        self.table_of(|_| true)
    }

    /// The same of the rows whose detector is wanted.
    pub fn table_of(&self, is_wanted: impl Fn(&str) -> bool) -> Table {
        let mut table = table(self.rows.iter().filter(|row| is_wanted(&row.detector)), &self.seconds);
        table.row(self.floor_row(table.headers().len()));
        table
    }

    /// The last row of a table whose first columns are the detector and its L1: the smallest L1 possible with its error.
    pub fn floor_row(&self, n_columns: usize) -> Vec<String> {
        let mut cells = vec![format!("floor ({} signals)", self.floor.n_signals), self.floor.words()];
        cells.resize(n_columns, "–".into());
        cells
    }

    /// The row of a detector.
    pub fn row(&self, detector: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.detector == detector)
    }
}

impl Row {
    fn of(detector: &str, errors: &[DetectionErrors], median_l1: Option<f64>, floor: f64) -> Row {
        let over_seeds = |field: fn(&DetectionErrors) -> f64| {
            Interval::of_mean(&errors.iter().map(field).collect::<Vec<_>>())
        };
        let l1 = over_seeds(|e| e.l1);
        Row {
            detector: detector.into(),
            l1,
            l2: over_seeds(|e| e.l2),
            p99_l1: over_seeds(|e| e.p99_l1),
            p99_l2: over_seeds(|e| e.p99_l2),
            accuracy: over_seeds(|e| e.accuracy),
            floor_ratio: l1.mean / floor,
            median_floor_ratio: median_l1.map(|l1| l1 / floor),
            thesis: None,
            best_epoch: None,
        }
    }

    /// L1 as multiples of the smallest possible: of the answer, and of the median of a network's softmax.
    pub fn floor_cells(&self) -> [String; 2] {
        let ratio = |ratio: f64| format!("{ratio:.2}");
        [ratio(self.floor_ratio), self.median_floor_ratio.map_or("–".into(), ratio)]
    }
}

fn table<'a>(rows: impl Iterator<Item = &'a Row>, seconds: &BTreeMap<String, Seconds>) -> Table {
    let mut headers = vec!["detector"];
    headers.extend(QUANTITIES.map(|quantity| quantity.heading));
    headers.extend(["accuracy", "thesis L1 L2 99 % L1 L2"]);
    headers.extend(FLOOR_HEADINGS);
    headers.extend(["epoch", "s"]);
    let mut table = Table::new(headers);
    for row in rows {
        let is_corrected = |quantity: &Quantity| {
            printed::corrections().iter().any(|c| c.detector == row.detector && c.quantity == quantity.name)
        };
        let printed = |thesis: ThesisErrors| {
            let number = |q: Quantity| {
                format!("{:.4}{}", (q.thesis)(&thesis), if is_corrected(&q) { "†" } else { "" })
            };
            QUANTITIES.map(number).join(" ")
        };
        let mut cells = vec![row.detector.clone()];
        cells.extend(QUANTITIES.map(|quantity| with_spread(&(quantity.ours)(row))));
        cells.extend([format!("{:.3}", row.accuracy.mean), row.thesis.map_or("–".into(), printed)]);
        cells.extend(row.floor_cells());
        cells.extend([
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_compared_with_the_floor_by_its_answer_and_by_its_median() {
        let errors = DetectionErrors::of(&[1, 2, 2, 4], &[1, 2, 2, 2]);
        let row = Row::of("x", &[errors], Some(0.4), 0.25);
        assert_eq!((row.floor_ratio, row.floor_cells()), (2.0, ["2.00".to_string(), "1.60".to_string()]));
        assert_eq!(Row::of("x", &[errors], None, 0.25).floor_cells()[1], "–");
    }

    #[test]
    fn the_floor_stands_below_the_errors_with_its_own_error() {
        let floor = Floor { l1: 0.1685, standard_error: 0.00037, n_signals: 1_500_000 };
        let comparison = Comparison { rows: Vec::new(), seconds: BTreeMap::new(), floor };
        let table = comparison.table();
        assert_eq!(table.rows()[0][..3], ["floor (1500000 signals)", "0.1685 ± 0.0007", "–"]);
    }
}
