//! A mean and how far it may be off.

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use statrs::distribution::{Beta, ContinuousCDF, StudentsT};

use super::summary::{differences, mean, quantile, standard_error};

/// A mean with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// Lower end; the mean where there is one value only.
    pub lo: f64,
    /// Upper end; the mean where there is one value only.
    pub hi: f64,
    /// Number of values.
    pub n: usize,
}

impl Interval {
    /// Student's t interval of the mean: `mean ± t(0.975, n − 1) · sd / √n`. NaN of nothing.
    pub fn of_mean(values: &[f64]) -> Interval {
        let n = values.len();
        let mean = mean(values);
        let half = if n < 2 { 0.0 } else { t_quantile(n - 1) * standard_error(values) };
        Interval { mean, lo: mean - half, hi: mean + half, n }
    }

    /// Student's t interval of the mean of `a[i] − b[i]`, for two methods on the same seeds.
    ///
    /// # Panics
    /// If the two differ in length.
    pub fn of_difference(a: &[f64], b: &[f64]) -> Interval {
        Interval::of_mean(&differences(a, b))
    }

    /// Between which ends one more value is expected, with 95 % probability, from a t interval of the mean:
    /// `mean ± t(0.975, n − 1) · sd · √(1 + 1/n)`. `None` with fewer than two values.
    pub fn of_next(&self) -> Option<(f64, f64)> {
        let half = (self.hi - self.lo) / 2.0 * (self.n as f64 + 1.0).sqrt();
        (2 <= self.n).then_some((self.mean - half, self.mean + half))
    }

    /// Percentile bootstrap of the mean (Efron 1979): 2.5 and 97.5 % quantiles of the means of `n_resamples` draws
    /// of as many values with replacement. For values far from normal; NaN of nothing.
    pub fn bootstrap(values: &[f64], n_resamples: usize, rng: &mut impl Rng) -> Interval {
        let n = values.len();
        let mean = mean(values);
        if n < 2 || n_resamples == 0 {
            return Interval { mean, lo: mean, hi: mean, n };
        }
        let resampled = |_| (0..n).map(|_| values[rng.random_range(0..n)]).sum::<f64>() / n as f64;
        let mut means: Vec<f64> = (0..n_resamples).map(resampled).collect();
        means.sort_unstable_by(f64::total_cmp);
        Interval { mean, lo: quantile(&means, 0.025), hi: quantile(&means, 0.975), n }
    }

    /// Wilson's score interval of a share (Wilson 1927): its ends stay within 0 and 1. NaN without trials.
    pub fn of_share(successes: u64, trials: u64) -> Interval {
        /// 97.5 % quantile of the normal distribution.
        const Z: f64 = 1.959_963_984_540_054;
        let (k, n) = (successes as f64, trials as f64);
        let share = k / n;
        let centre = (k + Z * Z / 2.0) / (n + Z * Z);
        let half = Z / (n + Z * Z) * (share * (1.0 - share) * n + Z * Z / 4.0).sqrt();
        // The ends at 0 and n successes are exact; rounding would leave them a hair off.
        let lo = if successes == 0 { 0.0 } else { centre - half };
        let hi = if successes == trials { 1.0 } else { centre + half };
        Interval { mean: share, lo, hi, n: trials as usize }
    }

    /// The exact interval of a share (Clopper and Pearson 1934): the shares that neither one-sided binomial test at 2.5 %
    /// rejects, so it excludes one half just where the two-sided [`sign_test`](super::sign_test) has p below .05. NaN
    /// without trials.
    pub fn of_share_exact(successes: u64, trials: u64) -> Interval {
        /// Chance left out at either end.
        const TAIL: f64 = 0.025;
        let (k, n) = (successes as f64, trials as f64);
        let quantile = |a: f64, b: f64, p: f64| Beta::new(a, b).map_or(f64::NAN, |beta| beta.inverse_cdf(p));
        let lo = if successes == 0 { 0.0 } else { quantile(k, n - k + 1.0, TAIL) };
        let hi = if successes == trials { 1.0 } else { quantile(k + 1.0, n - k, 1.0 - TAIL) };
        if trials == 0 {
            return Interval { mean: f64::NAN, lo: f64::NAN, hi: f64::NAN, n: 0 };
        }
        Interval { mean: k / n, lo, hi, n: trials as usize }
    }
}

/// 97.5 % quantile of Student's t.
fn t_quantile(degrees_of_freedom: usize) -> f64 {
    StudentsT::new(0.0, 1.0, degrees_of_freedom as f64).map_or(f64::NAN, |t| t.inverse_cdf(0.975))
}
