//! What the layers of a CNN do, in numbers: what figures 3.18 to 3.23 are read for, for every seed.

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};
use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::filters::{Filter, FilterKind, FilterRule};
use vitrine_analysis::profiles::Profile;
use vitrine_analysis::statistics::{mean, pearson};

use crate::thesis::layers::{LayerMeans, LayerWeights};

/// Samples on either side of the jump over which averaged activations are aligned.
const REACH: usize = 14;
/// Offsets from here on are beyond the reach of three conv layers: the levels before and after the jump.
const LEVEL: isize = 10;
/// Samples around the jump in which a row's largest weight is near it.
pub const NEAR: usize = 5;

/// One network.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Behaviour {
    /// Its conv layers, the one after the input first.
    pub convs: Vec<ConvLayer>,
    /// Share of the rows of the output's weights whose largest lies within [`NEAR`] samples of the row's jump.
    pub near_the_diagonal: f64,
    /// Mean absolute error of the best 99 %, in samples.
    pub p99_l1: f64,
    /// Correlation of the averaged activations of the last two conv layers, without its sign; none of one layer.
    pub last_two_alike: Option<f64>,
}

/// One conv layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConvLayer {
    /// As the layer holds and the figure shows them: the first lies over the leftmost sample.
    pub taps: Vec<f64>,
    /// What the layer's averaged activations do at the jump.
    pub response: Response,
}

/// Averaged activations along the signal, aligned on the jump and averaged over the jump positions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The level after the jump less that before it.
    pub step: f64,
    /// How far they go, near the jump, beyond both levels; negative where they stay between them.
    pub peak: f64,
    /// Where they do so, in samples from the jump.
    pub peak_offset: isize,
}

impl Behaviour {
    /// Of a network's weights and averaged activations, layer by layer, the output last, and of its errors.
    pub fn of(
        weights: &[LayerWeights],
        means: &[LayerMeans],
        first_jump: usize,
        errors: &DetectionErrors,
    ) -> Behaviour {
        let n_convs = weights.len().saturating_sub(1);
        let convs = weights.iter().zip(means).take(n_convs).map(|(weights, means)| ConvLayer {
            taps: weights.weight.row(0).to_vec(),
            response: Response::of(means.means.view(), first_jump),
        });
        let alike = |pair: &[LayerMeans]| {
            let [one, other] = [0, 1].map(|i| pair[i].means.iter().copied().collect::<Vec<f64>>());
            pearson(&one, &other).abs()
        };
        Behaviour {
            convs: convs.collect(),
            near_the_diagonal: weights.last().map_or(f64::NAN, |w| near_the_diagonal(&w.weight, first_jump)),
            p99_l1: errors.p99_l1,
            last_two_alike: means[..n_convs].windows(2).last().map(alike),
        }
    }
}

impl ConvLayer {
    /// What its filter is by the rule of claims C5 and C6.
    pub fn kind(&self) -> FilterKind {
        FilterRule::default().kind(&self.filter(), true)
    }

    /// Share of all weight that is in the taps of the lesser sign.
    pub fn lesser_sign(&self) -> f64 {
        (1.0 - self.filter().smoothing_share()) / 2.0
    }

    /// The smallest tap over the largest, the largest being positive: negative with taps of both signs.
    pub fn smallest_over_largest(&self) -> f64 {
        let largest = self.taps.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs()));
        let largest = largest.unwrap_or(f64::NAN);
        self.taps.iter().map(|tap| tap / largest).fold(f64::NAN, f64::min)
    }

    fn filter(&self) -> Filter {
        Filter::from_taps(self.taps.clone())
    }
}

impl Response {
    /// Of averaged activations `[n_classes, n_positions]`, whose first class jumps at `first_jump`.
    pub fn of(means: ArrayView2<f64>, first_jump: usize) -> Response {
        let profile = Profile::aligned(means, first_jump, REACH);
        let along: Vec<(isize, f64)> = profile.offsets.iter().copied().zip(profile.mean).collect();
        let level = |is_in: fn(isize) -> bool| {
            mean(&along.iter().filter(|(offset, _)| is_in(*offset)).map(|p| p.1).collect::<Vec<_>>())
        };
        let (before, after) = (level(|offset| offset <= -LEVEL), level(|offset| LEVEL <= offset));
        let (low, high) = (before.min(after), before.max(after));
        let beyond = |value: f64| (value - high).max(low - value);
        let near = along.iter().filter(|(offset, _)| offset.abs() < LEVEL);
        let (peak_offset, peak) = near
            .map(|&(offset, value)| (offset, beyond(value)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((0, f64::NAN));
        Response { step: after - before, peak, peak_offset }
    }

    /// Whether a peak stands out from both levels by more than a fifth of the step between them: by a third behind the
    /// thesis' mixed filter `[1 1 1 1 −1]`, by nothing behind a smoother, by all there is behind a derivative.
    pub fn has_peak(&self) -> bool {
        0.2 * self.step.abs() < self.peak
    }
}

/// Of weights `[n_classes, n_positions]`.
fn near_the_diagonal(weights: &Array2<f64>, first_jump: usize) -> f64 {
    let is_near = |(row, weights): (usize, ndarray::ArrayView1<f64>)| {
        let largest = (0..weights.len()).max_by(|&i, &j| weights[i].abs().total_cmp(&weights[j].abs()));
        largest.is_some_and(|i| (i + 1).abs_diff(first_jump + row) <= NEAR)
    };
    let n_near = weights.outer_iter().enumerate().filter(|row| is_near((row.0, row.1))).count();
    n_near as f64 / weights.nrows() as f64
}

#[cfg(test)]
mod tests {
    use vitrine_analysis::filters::Padding;

    use super::*;

    /// Noiseless steps of 3 at 21 to 80 after a filter.
    fn after(filter: &Filter) -> Response {
        let mut means = Array2::zeros((60, 100));
        for (row, mut means) in means.outer_iter_mut().enumerate() {
            let step = ndarray::Array1::from_shape_fn(100, |i| if i + 1 < 21 + row { 0.0 } else { 3.0 });
            means.assign(&filter.convolve(step.view(), Padding::Edge));
        }
        Response::of(means.view(), 21)
    }

    #[test]
    fn a_smoother_widens_the_gap_by_its_gain_and_a_mixed_filter_overshoots_by_a_third() {
        let smoother = after(&Filter::from_taps([1.0; 5]));
        assert!((smoother.step - 15.0).abs() < 1e-9 && smoother.peak <= 0.0 && !smoother.has_peak());
        let mixed = after(&Filter::mixed());
        assert!((mixed.step - 9.0).abs() < 1e-9 && (mixed.peak - 3.0).abs() < 1e-9 && mixed.has_peak());
        // The fourth of the taps at lags −2 to 2 meets the jump one sample after it.
        assert_eq!(mixed.peak_offset, 1);
    }

    #[test]
    fn a_derivative_and_a_trough_are_peaks_too() {
        let derivative = after(&Filter::difference());
        assert!(derivative.has_peak() && derivative.step.abs() < 1e-9 && derivative.peak_offset == 0);
        assert!(after(&(&Filter::mixed() * -1.0)).has_peak());
    }

    #[test]
    fn a_tap_of_the_other_sign_makes_the_ratio_negative() {
        let ratio = |taps: [f64; 3]| {
            let response = after(&Filter::from_taps(taps));
            ConvLayer { taps: taps.to_vec(), response }.smallest_over_largest()
        };
        assert!((ratio([-1.0, -4.0, 2.0]) + 0.5).abs() < 1e-12);
        assert!((ratio([1.0, 4.0, 2.0]) - 0.25).abs() < 1e-12);
    }

    #[test]
    fn rows_whose_largest_weight_is_more_than_five_samples_off_are_not_near() {
        let weights = |shift: usize| {
            Array2::from_shape_fn((60, 100), |(row, i)| if i + 1 == 21 + row + shift { -1.0 } else { 0.1 })
        };
        assert_eq!([0, 5, 6].map(|shift| near_the_diagonal(&weights(shift), 21)), [1.0, 1.0, 0.0]);
    }
}
