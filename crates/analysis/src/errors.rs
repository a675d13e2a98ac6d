//! How far estimated jumps lie from the true ones (thesis sec. 3.2.3).

use serde::{Deserialize, Serialize};

use crate::statistics::Interval;

/// Errors of a detector over a set of signals, in samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectionErrors {
    /// Mean absolute error.
    pub l1: f64,
    /// Root of the mean squared error.
    pub l2: f64,
    /// Mean absolute error of the [`n_best`] signals with the smallest one.
    pub p99_l1: f64,
    /// Root of the mean squared error of the same signals.
    pub p99_l2: f64,
    /// Share of jumps located exactly.
    pub accuracy: f64,
    /// Largest absolute error.
    pub max: f64,
}

impl DetectionErrors {
    /// Errors of `estimates` against the `truth`; NaN without signals.
    ///
    /// # Panics
    /// If there is not one estimate per signal.
    pub fn of(estimates: &[usize], truth: &[usize]) -> DetectionErrors {
        let mut errors = absolute_errors(estimates, truth);
        errors.sort_unstable();
        let best = &errors[..n_best(errors.len())];
        let l1 = |errors: &[usize]| errors.iter().sum::<usize>() as f64 / errors.len() as f64;
        let l2 = |errors: &[usize]| {
            (errors.iter().map(|e| e * e).sum::<usize>() as f64 / errors.len() as f64).sqrt()
        };
        DetectionErrors {
            l1: l1(&errors),
            l2: l2(&errors),
            p99_l1: l1(best),
            p99_l2: l2(best),
            accuracy: errors.iter().filter(|&&e| e == 0).count() as f64 / errors.len() as f64,
            max: errors.last().map_or(f64::NAN, |&e| e as f64),
        }
    }

    /// Means over blocks of `block` signals, a smaller rest left out; the maximum is over all.
    ///
    /// The L2 error of a set hangs on a few outliers and grows with the set, so sets of unlike size are compared
    /// on blocks of like size. Fewer signals than two blocks are taken as one.
    ///
    /// # Panics
    /// If there is not one estimate per signal, or if `block` is 0.
    pub fn in_blocks(estimates: &[usize], truth: &[usize], block: usize) -> DetectionErrors {
        if truth.len() < 2 * block {
            return DetectionErrors::of(estimates, truth);
        }
        let blocks = estimates.chunks_exact(block).zip(truth.chunks_exact(block));
        let blocks: Vec<DetectionErrors> = blocks.map(|(e, t)| DetectionErrors::of(e, t)).collect();
        let mean =
            |field: fn(&DetectionErrors) -> f64| blocks.iter().map(field).sum::<f64>() / blocks.len() as f64;
        DetectionErrors {
            l1: mean(|b| b.l1),
            l2: mean(|b| b.l2),
            p99_l1: mean(|b| b.p99_l1),
            p99_l2: mean(|b| b.p99_l2),
            accuracy: mean(|b| b.accuracy),
            max: DetectionErrors::of(estimates, truth).max,
        }
    }
}

/// How many of `n_signals` the best 99 % are: `ceil(0.99 n_signals)`.
pub fn n_best(n_signals: usize) -> usize {
    (0.99 * n_signals as f64).ceil() as usize
}

/// `|estimate − truth|` of each signal.
///
/// # Panics
/// If there is not one estimate per signal.
pub fn absolute_errors(estimates: &[usize], truth: &[usize]) -> Vec<usize> {
    assert_eq!(estimates.len(), truth.len(), "one estimate per signal");
    estimates.iter().zip(truth).map(|(e, t)| e.abs_diff(*t)).collect()
}

/// Share of the signals whose error is at most `tolerance` samples, with Wilson's interval (thesis fig. 3.5).
///
/// # Panics
/// If there is not one estimate per signal.
pub fn share_within(estimates: &[usize], truth: &[usize], tolerance: usize) -> Interval {
    let errors = absolute_errors(estimates, truth);
    let within = errors.iter().filter(|&&error| error <= tolerance).count();
    Interval::of_share(within as u64, errors.len() as u64)
}

/// How many errors are 0, 1, 2, …, up to the largest.
pub fn histogram(errors: &[usize]) -> Vec<usize> {
    let mut counts = vec![0; errors.iter().max().map_or(0, |largest| largest + 1)];
    errors.iter().for_each(|&error| counts[error] += 1);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_four_signals_by_hand() {
        let errors = DetectionErrors::of(&[10, 21, 30, 36], &[10, 20, 30, 40]);
        assert_eq!(
            (errors.l1, errors.l2, errors.accuracy, errors.max),
            (1.25, (17.0f64 / 4.0).sqrt(), 0.5, 4.0)
        );
    }

    #[test]
    fn the_99_percentile_drops_one_outlier_of_a_hundred() {
        let mut estimates = vec![1; 100];
        estimates[7] = 51;
        let errors = DetectionErrors::of(&estimates, &[1; 100]);
        assert_eq!((errors.l1, errors.p99_l1, errors.p99_l2), (0.5, 0.0, 0.0));
    }

    #[test]
    fn blocks_are_averaged() {
        let estimates = [1, 1, 3, 3];
        let errors = DetectionErrors::in_blocks(&estimates, &[1; 4], 2);
        assert_eq!((errors.l1, errors.l2, errors.max), (1.0, 1.0, 2.0));
        let whole = DetectionErrors::of(&estimates, &[1; 4]);
        assert_eq!(DetectionErrors::in_blocks(&estimates, &[1; 4], 3), whole);
    }

    #[test]
    fn the_maximum_counts_signals_beyond_the_last_whole_block() {
        let errors = DetectionErrors::in_blocks(&[1, 1, 1, 1, 9], &[1; 5], 2);
        assert_eq!((errors.l1, errors.max), (0.0, 8.0));
    }

    #[test]
    fn half_of_four_signals_lie_within_one_sample() {
        let share = share_within(&[10, 21, 32, 45], &[10, 20, 30, 40], 1);
        assert_eq!((share.mean, share), (0.5, Interval::of_share(2, 4)));
    }

    #[test]
    fn a_histogram_counts_every_error() {
        assert_eq!(histogram(&[0, 3, 0, 1]), [2, 1, 0, 1]);
    }
}
