//! How sharp the peak of a signal is, and whether the signal drops behind it.

use ndarray::{ArrayView1, s};
use vitrine_analysis::statistics::{mean, quantile};

/// Samples on either side of a jump that belong to it, and as many beyond them that show the signal's level there.
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

/// How far a signal drops behind its peak at a jump, below the level that it comes back to, by the peak's height over
/// the middle of the levels before and behind. Of a peak that goes down, with all signs turned.
///
/// The peak is the sample within ten of `jump`, counted from 1, that is farthest from that middle; the drop lies within
/// ten samples behind it. NaN where too few samples are left, or without a peak.
pub fn drop_behind_peak(signal: ArrayView1<f64>, jump: usize) -> f64 {
    let edge = jump.saturating_sub(1);
    if edge < 2 * REACH || signal.len() < edge + 3 * REACH {
        return f64::NAN;
    }
    let level = |from: usize| mean(&signal.slice(s![from..from + REACH]).to_vec());
    let (before, behind) = (level(edge - 2 * REACH), level(edge + 2 * REACH));
    let middle = (before + behind) / 2.0;
    let height = |&at: &usize| (signal[at] - middle).abs();
    let peaks = edge - REACH..edge + REACH;
    let Some(peak) = peaks.reduce(|a, b| if height(&a) < height(&b) { b } else { a }) else {
        return f64::NAN;
    };
    let sign = (signal[peak] - middle).signum();
    let lowest = signal.slice(s![peak + 1..=peak + REACH]).fold(f64::INFINITY, |a, &b| a.min(sign * b));
    (sign * behind - lowest) / height(&peak)
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

    #[test]
    fn the_drop_behind_a_peak_is_counted_in_its_height() {
        assert_eq!(drop_behind_peak(signal(4.0, -1.0, 0.0).view(), 26), 0.25);
        assert_eq!(drop_behind_peak(signal(-4.0, 1.0, 0.0).view(), 26), 0.25);
        assert_eq!(drop_behind_peak(signal(4.0, 0.0, 0.0).view(), 26), 0.0);
        assert_eq!(
            drop_behind_peak(signal(5.0, 0.0, 2.0).view(), 26),
            0.5,
            "from a level of 2, by 4 over the middle of 1"
        );
    }

    #[test]
    fn what_is_flat_or_too_short_has_no_drop() {
        assert!(drop_behind_peak(signal(0.0, 0.0, 0.0).view(), 26).is_nan());
        assert!(drop_behind_peak(signal(4.0, -1.0, 0.0).slice(s![..54]).view(), 26).is_nan());
        assert!(drop_behind_peak(signal(4.0, -1.0, 0.0).view(), 20).is_nan());
    }
}
