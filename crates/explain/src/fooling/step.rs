//! The shortest step to the boundary of two classes, where both logits are linear.

use super::norm::Norm;

/// The shortest way to the plane `gap = normal · step`.
pub struct Step {
    pub size: f32,
    gap: f32,
    normal: Vec<f32>,
}

impl Step {
    /// `None` where the two classes are parallel, so that no step leads to their boundary.
    pub fn to_boundary(norm: Norm, gap: f32, normal: Vec<f32>) -> Option<Step> {
        // Of two equal answers the first counts, so that the boundary itself may be on the wrong side.
        let gap = gap.max(1e-6);
        let length = match norm {
            Norm::L2 => normal.iter().map(|n| n * n).sum::<f32>().sqrt(),
            Norm::Max => normal.iter().map(|n| n.abs()).sum(),
        };
        let size = gap / length;
        size.is_finite().then_some(Step { size, gap, normal })
    }

    /// Moves `x` by `scale` times the step.
    pub fn take(&self, norm: Norm, scale: f32, x: &mut [f32]) {
        for (x, &n) in x.iter_mut().zip(&self.normal) {
            *x += scale
                * match norm {
                    Norm::L2 => self.size * self.size / self.gap * n,
                    Norm::Max if n == 0.0 => 0.0,
                    Norm::Max => self.size * n.signum(),
                };
        }
    }
}
