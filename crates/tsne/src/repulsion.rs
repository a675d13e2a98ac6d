//! What every way to drive points apart does.

use crate::point::Point;

/// Pushes all points apart.
pub(crate) trait Repulsion {
    /// Writes `Σ_j (y_i − y_j) / (1 + |y_i − y_j|²)²` of each point i into `forces`, and returns the sum of the
    /// similarities `(1 + |y_i − y_j|²)⁻¹` over all pairs i ≠ j.
    fn forces(&mut self, points: &[Point], forces: &mut [Point]) -> f64;
}
