//! How sharp the peak of a signal is, and whether the signal drops behind it.

use ndarray::{ArrayView1, s};
use vitrine_analysis::statistics::{mean, quantile};

/// Samples on either side of a jump where its peak may be, samples behind the peak where the signal may drop, and samples
/// that show its level.
const REACH: usize = 10;

/// How sharp the peak of a signal is, wherever it is: its farthest distance from the median over the root of the mean
/// square of all distances. 1 at least, and √n where the peak is all that there is; NaN of what stays the same.
pub fn sharpness(signal: ArrayView1<f64>) -> f64 {
    let mut sorted = signal.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let median = quantile(&sorted, 0.5);
    let distances = signal.mapv(|x| (x - median).abs());
    let size = (distances.dot(&distances) / distances.len() as f64).sqrt();
    distances.fold(0.0, |a: f64, &b| a.max(b)) / size
}

/// What a signal does behind its peak at a jump, by the peak's height over the middle of the levels before and behind;
/// NaN where too few samples are left, or without a peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BehindPeak {
    /// How far it falls from the peak to the level behind: 0 of a step, 1 where it comes back to the middle.
    pub falls: f64,
    /// How far it drops below that level on its way there.
    pub drops: f64,
}

impl BehindPeak {
    const UNKNOWN: BehindPeak = BehindPeak { falls: f64::NAN, drops: f64::NAN };

    /// The peak is the highest sample within ten of `jump`, counted from 1; the signal drops within ten samples behind
    /// it. Its levels are its means over the samples 11 to 20 before the jump, and 20 to 29
    /// behind it.
    pub fn of(signal: ArrayView1<f64>, jump: usize) -> BehindPeak {
        let edge = jump.saturating_sub(1);
        if edge < 2 * REACH || signal.len() < edge + 3 * REACH {
            return BehindPeak::UNKNOWN;
        }
        let level = |from: usize| mean(&signal.slice(s![from..from + REACH]).to_vec());
        let (before, behind) = (level(edge - 2 * REACH), level(edge + 2 * REACH));
        let middle = (before + behind) / 2.0;
        let peaks = edge - REACH..edge + REACH;
        let Some(peak) = peaks.reduce(|a, b| if signal[a] < signal[b] { b } else { a }) else {
            return BehindPeak::UNKNOWN;
        };
        let height = signal[peak] - middle;
        let lowest = signal.slice(s![peak + 1..=peak + REACH]).fold(f64::INFINITY, |a, &b| a.min(b));
        BehindPeak { falls: (signal[peak] - behind) / height, drops: (behind - lowest) / height }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn a_single_sample_is_as_sharp_as_can_be_and_a_step_is_not() {
        assert_eq!(sharpness(array![0.0, 0.0, 5.0, 0.0].view()), 2.0);
        assert_eq!(sharpness(array![1.0, 1.0, -4.0, 1.0].view()), 2.0);
        assert_eq!(sharpness(array![0.0, 0.0, 2.0, 2.0].view()), 1.0);
        assert!(sharpness(array![3.0, 3.0].view()).is_nan() && sharpness(array![].view()).is_nan());
    }

    /// `peak` at the jump at 26, `behind` two samples later, `level` from then on.
    fn signal(peak: f64, behind: f64, level: f64) -> Array1<f64> {
        Array1::from_shape_fn(60, |i| match i {
            0..25 => 0.0,
            25 => peak,
            27..29 => behind,
            _ => level,
        })
    }

    fn behind(signal: &Array1<f64>, jump: usize) -> (f64, f64) {
        let BehindPeak { falls, drops } = BehindPeak::of(signal.view(), jump);
        (falls, drops)
    }

    #[test]
    fn falls_and_drops_behind_a_peak_are_counted_in_its_height() {
        assert_eq!(behind(&signal(4.0, -1.0, 0.0), 26), (1.0, 0.25));
        assert_eq!(behind(&signal(4.0, -8.0, 0.0), 26), (1.0, 2.0), "however deep it drops");
        assert_eq!(behind(&signal(4.0, 0.0, 0.0), 26), (1.0, 0.0));
        assert_eq!(
            behind(&signal(5.0, 0.0, 2.0), 26),
            (0.75, 0.5),
            "to a level of 2, from 4 over the middle of 1"
        );
    }

    #[test]
    fn what_is_flat_or_too_short_has_no_peak() {
        assert!(behind(&signal(0.0, 0.0, 0.0), 26).1.is_nan());
        assert!(behind(&signal(4.0, -1.0, 0.0).slice(s![..54]).to_owned(), 26).1.is_nan());
        assert!(behind(&signal(4.0, -1.0, 0.0), 20).1.is_nan());
    }
}
