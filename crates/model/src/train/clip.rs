//! Gradient clipping by the norm over all weights, stated once for every engine.

/// How much of a gradient of length `norm` is kept: all of it up to `most`, else what brings it to that (Pascanu et al.
/// 2013, algorithm 1; as PyTorch's `clip_grad_norm_`).
pub(crate) fn kept_share(norm: f32, most: f32) -> f32 {
    (most / (norm + CLIP_EPSILON)).min(1.0)
}

/// Keeps a gradient of length zero from being divided by.
pub(crate) const CLIP_EPSILON: f32 = 1e-6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_gradient_is_kept_and_a_long_one_shortened() {
        assert_eq!(kept_share(0.5, 1.0), 1.0);
        assert_eq!(kept_share(0.0, 1.0), 1.0);
        assert!((kept_share(4.0, 1.0) - 0.25).abs() < 1e-6);
    }
}
