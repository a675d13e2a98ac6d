//! How closely two rows of numbers follow each other.

use super::summary::mean;

/// Pearson's correlation, −1 to 1. NaN with fewer than two pairs or where one side is constant.
///
/// # Panics
/// If the two differ in length.
pub fn pearson(x: &[f64], y: &[f64]) -> f64 {
    assert_eq!(x.len(), y.len(), "values come in pairs");
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        let (a, b) = (a - mean_x, b - mean_y);
        (xx, yy, xy) = (xx + a * a, yy + b * b, xy + a * b);
    }
    // Rounding may carry a perfect correlation a hair beyond 1.
    if xx == 0.0 || yy == 0.0 { f64::NAN } else { (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0) }
}
