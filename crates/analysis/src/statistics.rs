//! Means with intervals, over seeds and over trials.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

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
}

/// Two-sided p-value of a t test that the mean of `values` is `expected`; 1 with fewer than two values.
pub fn t_test(values: &[f64], expected: f64) -> f64 {
    let difference = mean(values) - expected;
    let error = standard_error(values);
    match StudentsT::new(0.0, 1.0, values.len().saturating_sub(1) as f64) {
        Ok(_) if error == 0.0 => {
            if difference == 0.0 {
                1.0
            } else {
                0.0
            }
        }
        Ok(t) => 2.0 * t.cdf(-(difference / error).abs()),
        Err(_) => 1.0,
    }
}

/// The mean; NaN of nothing.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard error of the mean, from the sample's standard deviation (n − 1).
pub fn standard_error(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let centre = mean(values);
    let variance = values.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / (n - 1.0);
    (variance / n).sqrt()
}

/// 97.5 % quantile of Student's t.
fn t_quantile(degrees_of_freedom: usize) -> f64 {
    StudentsT::new(0.0, 1.0, degrees_of_freedom as f64).map_or(f64::NAN, |t| t.inverse_cdf(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SciPy: `t.interval(0.95, 2, 2, sem([1, 2, 3]))`.
    #[test]
    fn the_t_interval_of_three_values_is_scipy_s() {
        let interval = Interval::of_mean(&[1.0, 2.0, 3.0]);
        assert_eq!((interval.mean, interval.n), (2.0, 3));
        assert!(
            (interval.lo - -0.484_137_711_6).abs() < 1e-6 && (interval.hi - 4.484_137_711_6).abs() < 1e-6
        );
    }

    #[test]
    fn one_value_has_no_width() {
        assert_eq!(Interval::of_mean(&[3.0]), Interval { mean: 3.0, lo: 3.0, hi: 3.0, n: 1 });
    }

    /// SciPy: `binomtest(3, 10).proportion_ci(method="wilson")`.
    #[test]
    fn the_wilson_interval_of_3_in_10_is_scipy_s() {
        let interval = Interval::of_share(3, 10);
        assert!((interval.lo - 0.107_791_27).abs() < 1e-6 && (interval.hi - 0.603_221_85).abs() < 1e-6);
        assert_eq!((Interval::of_share(0, 10).lo, Interval::of_share(10, 10).hi), (0.0, 1.0));
    }

    /// SciPy: `ttest_1samp([1, 2, 4], 0).pvalue`.
    #[test]
    fn the_t_test_is_scipy_s() {
        assert!((t_test(&[1.0, 2.0, 4.0], 0.0) - 0.118_082_90).abs() < 1e-6);
        assert_eq!(t_test(&[1.0], 0.0), 1.0);
    }
}
