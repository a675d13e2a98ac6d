//! How sharp the peak of a signal is, and whether the signal drops behind it.

use ndarray::{ArrayView1, s};
use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::{mean, quantile};

/// Samples behind a peak in which the signal may drop, and as many behind them that it comes back to.
const BEHIND: usize = 10;

/// The peak of a signal: where it is farthest from its median, up or down.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Peak {
    /// How far the peak is from the median over the root of the mean square of all samples' distances: 1 at least, and
    /// √n where it is all that there is. `None` of a signal that stays the same.
    pub sharpness: Option<f64>,
    /// How far the signal drops behind its peak below the level that it comes back to, by the peak's height over that
    /// level; `None` where too few samples are left.
    pub drop_behind: Option<f64>,
}

impl Peak {
    /// The peak of `signal`; of one that goes down, with all signs turned.
    pub fn of(signal: ArrayView1<f64>) -> Peak {
        let mut sorted = signal.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let median = quantile(&sorted, 0.5);
        let x = signal.mapv(|value| value - median);
        let size = (x.dot(&x) / x.len() as f64).sqrt();
        let Some(at) = (0..x.len()).max_by(|&a, &b| x[a].abs().total_cmp(&x[b].abs())) else {
            return Peak { sharpness: None, drop_behind: None };
        };
        let x = if x[at] < 0.0 { -x } else { x };
        let drop_behind = (at + 2 * BEHIND < x.len()).then(|| {
            let lowest = x.slice(s![at + 1..=at + BEHIND]).fold(f64::INFINITY, |a, &b| a.min(b));
            let level = mean(&x.slice(s![at + BEHIND + 1..=at + 2 * BEHIND]).to_vec());
            (level - lowest) / (x[at] - level)
        });
        Peak {
            sharpness: Some(x[at] / size).filter(|sharpness| sharpness.is_finite()),
            drop_behind: drop_behind.filter(|drop| drop.is_finite()),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn a_single_sample_is_as_sharp_as_can_be_and_a_step_is_not() {
        assert_eq!(Peak::of(array![0.0, 0.0, 5.0, 0.0].view()).sharpness, Some(2.0));
        assert_eq!(Peak::of(array![1.0, 1.0, -4.0, 1.0].view()).sharpness, Some(2.0));
        assert_eq!(Peak::of(array![0.0, 0.0, 2.0, 2.0].view()).sharpness, Some(1.0));
        assert_eq!(Peak::of(array![3.0, 3.0].view()).sharpness, None);
        assert_eq!(Peak::of(array![].view()), Peak { sharpness: None, drop_behind: None });
    }

    #[test]
    fn the_drop_behind_a_peak_is_counted_in_its_height() {
        let signal = |peak: f64, behind: f64| {
            Array1::from_shape_fn(40, |i| match i {
                10 => peak,
                12..14 => behind,
                _ => 0.0,
            })
        };
        assert_eq!(Peak::of(signal(4.0, -1.0).view()).drop_behind, Some(0.25));
        assert_eq!(Peak::of(signal(-4.0, 1.0).view()).drop_behind, Some(0.25));
        assert_eq!(Peak::of(signal(4.0, 0.0).view()).drop_behind, Some(0.0));
        assert_eq!(Peak::of(signal(4.0, 0.0).slice(s![..30])).drop_behind, None, "19 samples are too few");
    }
}
