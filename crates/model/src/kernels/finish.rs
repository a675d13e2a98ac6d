//! The finishing touch of a product: what becomes of its sums while they are in registers.

use pulp::{Simd, bytemuck};

/// What becomes of the sums `s = left · right` on their way into the target.
pub trait Finish: Copy + Sync {
    /// The new values of a vector of the target, from its sums, its old values and those of `beside`.
    fn finish<S: Simd>(self, simd: S, sum: S::f32s, old: S::f32s, beside: S::f32s) -> S::f32s;

    /// The same as a blend, where it is one.
    fn blend(self) -> Option<Blend> {
        None
    }

    /// Values that belong to a row of the target from `column` on; `start` counts the target's values before them.
    fn beside(&self, _start: usize, _column: usize) -> &[f32] {
        &[]
    }
}

/// `t ← keep · t + scale · s`.
#[derive(Clone, Copy)]
pub struct Blend {
    pub keep: f32,
    pub scale: f32,
}

impl Finish for Blend {
    #[inline(always)]
    fn finish<S: Simd>(self, simd: S, sum: S::f32s, old: S::f32s, _: S::f32s) -> S::f32s {
        let sum = simd.mul_f32s(simd.splat_f32s(self.scale), sum);
        simd.mul_add_e_f32s(simd.splat_f32s(self.keep), old, sum)
    }

    fn blend(self) -> Option<Blend> {
        Some(self)
    }
}

/// `t ← f(s + bias)` with f the ReLU or nothing.
#[derive(Clone, Copy)]
pub struct Bias<'a, const RELU: bool>(pub &'a [f32]);

impl<const RELU: bool> Finish for Bias<'_, RELU> {
    #[inline(always)]
    fn finish<S: Simd>(self, simd: S, sum: S::f32s, _: S::f32s, bias: S::f32s) -> S::f32s {
        let sum = simd.add_f32s(sum, bias);
        if RELU { simd.max_f32s(sum, simd.splat_f32s(0.0)) } else { sum }
    }

    #[inline(always)]
    fn beside(&self, _: usize, column: usize) -> &[f32] {
        &self.0[column..]
    }
}

/// `t ← s` where the activation is above zero, and 0 elsewhere: the derivative of the ReLU.
#[derive(Clone, Copy)]
pub struct Gate<'a>(pub &'a [f32]);

impl Finish for Gate<'_> {
    #[inline(always)]
    fn finish<S: Simd>(self, simd: S, sum: S::f32s, _: S::f32s, activation: S::f32s) -> S::f32s {
        let zero = simd.splat_f32s(0.0);
        simd.select_f32s(simd.less_than_f32s(zero, activation), sum, zero)
    }

    #[inline(always)]
    fn beside(&self, start: usize, _: usize) -> &[f32] {
        &self.0[start..]
    }
}

/// `t ← s`.
#[derive(Clone, Copy)]
pub struct Plain;

impl Finish for Plain {
    #[inline(always)]
    fn finish<S: Simd>(self, _: S, sum: S::f32s, _: S::f32s, _: S::f32s) -> S::f32s {
        sum
    }

    fn blend(self) -> Option<Blend> {
        Some(Blend { keep: 0.0, scale: 1.0 })
    }
}

/// A vector of as many values as there are, then zeros.
#[inline(always)]
pub fn load<S: Simd>(simd: S, values: &[f32]) -> S::f32s {
    if values.len() == S::F32_LANES {
        bytemuck::cast_slice(values)[0]
    } else {
        simd.partial_load_f32s(values)
    }
}
