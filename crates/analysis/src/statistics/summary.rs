//! What many numbers come to: mean, standard error, quantiles, paired differences.

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

/// `a[i] − b[i]`: what two methods differ by on the same seeds.
///
/// # Panics
/// If the two differ in length.
pub fn differences(a: &[f64], b: &[f64]) -> Vec<f64> {
    assert_eq!(a.len(), b.len(), "values come in pairs");
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// The median, of values in any order; NaN of nothing.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// The value below which a share `p` of `sorted` lies, linear between neighbours (Hyndman and Fan 1996, type 7).
///
/// NaN of nothing.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = position as usize;
    let above = (below + 1).min(last);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}
