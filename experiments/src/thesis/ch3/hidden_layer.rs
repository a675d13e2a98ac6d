//! What the hidden layer of the two-layer MLP is like, in numbers: what figures 3.11 and 3.12 are read for, for every seed.

use std::ops::RangeInclusive;

use ndarray::{ArrayView1, ArrayView2, Axis};
use serde::{Deserialize, Serialize};
use vitrine_analysis::smoothness::roughness;
use vitrine_analysis::statistics::{mean, median};

use crate::thesis::layers::{LayerMeans, LayerWeights};

/// A unit that is active for a smaller share of the signals is almost never active.
pub const RARELY: f64 = 0.01;

/// One network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HiddenLayer {
    /// Mean size of its weights from inputs where no signal jumps over that from the others.
    pub outside_over_inside: f64,
    /// Roughness of averaged activations along the jump position: 0 on a fine curve, 1 without any order.
    pub roughness: f64,
    /// Jump positions in a row over which a unit's averaged activation is more than half of its largest, in the median
    /// over the units that are active at all.
    pub width: f64,
    /// Share of the variance of averaged activations that is between units, and not along the jump position.
    pub between_units: f64,
    /// Units that are almost never active.
    pub n_rarely_active: usize,
    /// Share of the jump positions for which the output of that position has the largest averaged probability.
    pub on_the_diagonal: f64,
}

impl HiddenLayer {
    /// Of the layer's weights, its averaged activations and those of the output, and the share of the signals for which
    /// each unit is active; signals jump at `jumps`, from 1.
    pub fn of(
        weights: &LayerWeights,
        hidden: &LayerMeans,
        output: &LayerMeans,
        active: &[f64],
        jumps: RangeInclusive<usize>,
    ) -> HiddenLayer {
        let [outside, inside] = sizes(weights.weight.view(), jumps);
        HiddenLayer {
            outside_over_inside: outside / inside,
            roughness: roughness(hidden.means.view()),
            width: median_width(hidden.means.view()),
            between_units: between_units(hidden.means.view()),
            n_rarely_active: active.iter().filter(|&&share| share < RARELY).count(),
            on_the_diagonal: on_the_diagonal(output.means.view()),
        }
    }
}

/// Mean sizes of weights `[n_units, n_inputs]`, from inputs where no signal jumps and from the others.
fn sizes(weights: ArrayView2<f64>, jumps: RangeInclusive<usize>) -> [f64; 2] {
    [true, false].map(|is_outside| {
        let columns = (0..weights.ncols()).filter(|i| jumps.contains(&(i + 1)) != is_outside);
        mean(&columns.flat_map(|i| weights.column(i)).map(|w| w.abs()).collect::<Vec<_>>())
    })
}

/// Of averaged activations `[n_classes, n_units]`.
fn median_width(means: ArrayView2<f64>) -> f64 {
    let is_active = |unit: &ArrayView1<f64>| unit.iter().any(|&value| 0.0 < value);
    let widths: Vec<f64> = means.columns().into_iter().filter(is_active).map(width).collect();
    median(&widths)
}

/// The longest run of values that are more than half of the largest.
fn width(values: ArrayView1<f64>) -> f64 {
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (mut run, mut longest) = (0, 0);
    for &value in values {
        run = if 0.5 * largest < value { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest as f64
}

/// Of averaged activations `[n_classes, n_units]`.
fn between_units(means: ArrayView2<f64>) -> f64 {
    let all: Vec<f64> = means.iter().copied().collect();
    let of_units: Vec<f64> = means.axis_iter(Axis(1)).map(|unit| mean(&unit.to_vec())).collect();
    variance(&of_units) / variance(&all)
}

fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    mean(&values.iter().map(|value| (value - centre).powi(2)).collect::<Vec<_>>())
}

/// Of averaged probabilities `[n_classes, n_classes]`.
fn on_the_diagonal(means: ArrayView2<f64>) -> f64 {
    let is_largest = |&(class, row): &(usize, ArrayView1<f64>)| row.iter().all(|&p| p <= row[class]);
    means.outer_iter().enumerate().filter(is_largest).count() as f64 / means.nrows() as f64
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn weights_outside_the_jumps_are_held_against_those_inside() {
        // Inputs 1 and 5 lie outside 2 to 4.
        let weights = array![[1.0, -4.0, 4.0, 4.0, -1.0], [1.0, 4.0, 4.0, -4.0, 1.0]];
        assert_eq!(sizes(weights.view(), 2..=4), [1.0, 4.0]);
    }

    #[test]
    fn a_unit_is_as_wide_as_its_longest_run_above_half_of_its_largest() {
        assert_eq!(width(array![0.0, 4.0, 3.0, 1.0, 3.0, 3.0, 3.0, 2.0].view()), 3.0);
        // The second unit is never active.
        let means = array![[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]];
        assert_eq!(median_width(means.view()), 2.0);
    }

    #[test]
    fn stripes_differ_between_units_and_a_diagonal_along_the_positions() {
        let stripes = Array2::from_shape_fn((6, 6), |(_, unit)| unit as f64);
        let diagonal = Array2::from_shape_fn((6, 6), |(class, unit)| f64::from(u8::from(class == unit)));
        assert!((between_units(stripes.view()) - 1.0).abs() < 1e-12);
        assert!(between_units(diagonal.view()).abs() < 1e-12);
        assert_eq!((on_the_diagonal(diagonal.view()), on_the_diagonal(stripes.view())), (1.0, 1.0 / 6.0));
    }
}
