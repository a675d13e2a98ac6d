//! What detectors make of the family, as findings keep it, as curves and as tables.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView1, Axis, s};
use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::mean;
use vitrine_data::Shape;
use vitrine_figures::Series;
use vitrine_lab::{Matrix, Table};

use super::asked::Detector;
use super::family::{Recognised, SIZES};
use super::stack::stack;

/// What is found of one detector.
#[derive(Serialize, Deserialize)]
pub struct Answers {
    /// Probability of the jump of the signals shown, `[n_seeds, n_shapes]`; NaN where the detector has none.
    pub probabilities: Matrix,
    /// Positions that it names for the signals shown, `[n_seeds, n_shapes]`.
    pub named: Matrix,
    /// Smallest size of which it is sure, `[n_seeds, n_shapes]`; NaN where it never is, or has no probability.
    pub sure_sizes: Matrix,
    /// What it recognises without noise.
    pub clean: Shares,
    /// What it recognises with noise like that of the training signals.
    pub noisy: Shares,
}

/// Shares of the family recognised by one detector.
#[derive(Serialize, Deserialize)]
pub struct Shares {
    /// At the training signals' own size, over all positions: `[n_seeds, n_shapes]`.
    pub shape: Matrix,
    /// Over all shapes but the training signals' own and all positions: `[n_seeds, n_sizes]`.
    pub size: Matrix,
    /// At the training signals' own size, over all shapes but their own: `[n_seeds, n_positions]`.
    pub position: Matrix,
    /// Means over seeds and positions: `[n_shapes, n_sizes]`.
    pub shape_and_size: Matrix,
}

impl Shares {
    /// The shares of every seed, the means of those by shape and size.
    pub fn of(per_seed: &[Recognised]) -> Shares {
        let rows = |of: fn(&Recognised) -> &_| Matrix::of(stack(per_seed.iter().map(of).cloned()).view());
        let n_seeds = per_seed.len() as f64;
        let nothing = Array2::<f64>::zeros((Shape::ALL.len(), SIZES.len()));
        let means = per_seed.iter().fold(nothing, |sum, r| sum + &r.by_shape_and_size / n_seeds);
        Shares {
            shape: rows(|r| &r.by_shape),
            size: rows(|r| &r.by_size),
            position: rows(|r| &r.by_position),
            shape_and_size: Matrix::of(means.view()),
        }
    }

    /// By seed, over all shapes but the training signals' own.
    pub fn unlike(&self) -> Vec<f64> {
        self.shape.rows().into_iter().map(|row| mean(&row.slice(s![1..]).to_vec())).collect()
    }
}

/// A column of the findings of one detector.
pub type Quantity = fn(&Answers) -> &Matrix;

/// The mean over seeds of a quantity against `x`, a line for each of `detectors`, a point for every `width` columns.
pub fn curves(
    answers: &BTreeMap<String, Answers>,
    detectors: &[Detector],
    quantity: impl Fn(&Answers) -> &Matrix,
    x: &[f64],
    width: usize,
) -> Vec<Series> {
    let line = |detector: &Detector| {
        let shares = quantity(&answers[&detector.name()]);
        let means: Vec<f64> = shares.mean_axis(Axis(0)).into_iter().flatten().collect();
        let points = x.chunks(width).zip(means.chunks(width)).map(|(x, share)| (mean(x), mean(share)));
        Series { name: detector.short_name(), points: points.collect() }
    };
    detectors.iter().map(line).collect()
}

/// A quantity of detectors by shapes: means over seeds.
pub fn by_shape(answers: &BTreeMap<String, Answers>, detectors: &[Detector], quantity: Quantity) -> Table {
    let mut table = Table::new(std::iter::once("detector").chain(Shape::ALL.map(Shape::name)));
    for name in detectors.iter().map(Detector::name) {
        let cell = |over_seeds: ArrayView1<f64>| {
            let mean = mean(&over_seeds.to_vec());
            if mean.is_finite() { format!("{mean:.3}") } else { "–".into() }
        };
        let cells: Vec<String> = quantity(&answers[&name]).columns().into_iter().map(cell).collect();
        table.row(std::iter::once(name).chain(cells));
    }
    table
}
