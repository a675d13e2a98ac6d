//! Is a difference more than chance? Tests for values over seeds, and their correction where there are many.

use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, StudentsT};

use super::summary::{differences, mean, standard_error};

/// Spread of values, relative to their size, that is no more than rounding.
const ROUNDING: f64 = 1e-12;

/// Two-sided p-value of a t test that the mean of `values` is `expected`.
///
/// `None` with fewer than two values, and where they are all the same but for rounding: without a spread there is nothing
/// that Student's t could go by.
pub fn t_test(values: &[f64], expected: f64) -> Option<f64> {
    let error = standard_error(values);
    let size = values.iter().fold(expected.abs(), |largest, v| largest.max(v.abs()));
    if values.len() < 2 || error <= ROUNDING * size {
        return None;
    }
    let t = StudentsT::new(0.0, 1.0, (values.len() - 1) as f64).ok()?;
    Some(2.0 * t.cdf(-((mean(values) - expected) / error).abs()))
}

/// Two-sided p-value of a t test that `a` and `b`, taken in pairs, have the same mean; `None` as of [`t_test`].
///
/// # Panics
/// If the two differ in length.
pub fn paired_t_test(a: &[f64], b: &[f64]) -> Option<f64> {
    t_test(&differences(a, b), 0.0)
}

/// Two-sided p-value of the exact sign test that `values` are as often above as below zero.
///
/// Zeros are left out; 1 where nothing remains. It asks nothing of the values' distribution.
pub fn sign_test(values: &[f64]) -> f64 {
    let above = values.iter().filter(|&&v| 0.0 < v).count() as u64;
    let below = values.iter().filter(|&&v| v < 0.0).count() as u64;
    match Binomial::new(0.5, above + below) {
        Ok(binomial) if 0 < above + below => (2.0 * binomial.cdf(above.min(below))).min(1.0),
        _ => 1.0,
    }
}

/// p-values corrected for their number by Holm's step-down method (Holm 1979), in the order given.
///
/// Each is at least as large as before; below 0.05 they keep the chance of any false finding among all under 5 %.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest = 0.0f64;
    for (rank, &i) in order.iter().enumerate() {
        largest = largest.max((p_values.len() - rank) as f64 * p_values[i]).min(1.0);
        adjusted[i] = largest;
    }
    adjusted
}
