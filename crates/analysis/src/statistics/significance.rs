//! Is a difference more than chance? Tests for values over seeds, and their correction where there are many.

use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, StudentsT};

use super::summary::{differences, mean, standard_error};

/// Two-sided p-value of a t test that the mean of `values` is `expected`; 1 with fewer than two values.
pub fn t_test(values: &[f64], expected: f64) -> f64 {
    let difference = mean(values) - expected;
    let error = standard_error(values);
    match StudentsT::new(0.0, 1.0, values.len().saturating_sub(1) as f64) {
        Ok(_) if error == 0.0 && difference == 0.0 => 1.0,
        Ok(_) if error == 0.0 => 0.0,
        Ok(t) => 2.0 * t.cdf(-(difference / error).abs()),
        Err(_) => 1.0,
    }
}

/// Two-sided p-value of a t test that `a` and `b`, taken in pairs, have the same mean; 1 with fewer than two pairs.
///
/// # Panics
/// If the two differ in length.
pub fn paired_t_test(a: &[f64], b: &[f64]) -> f64 {
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
