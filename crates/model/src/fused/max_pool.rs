//! The largest value of each window of a block of samples, and the way back to it.

use pulp::{Simd, WithSimd};

use super::sweep::{vectors, vectors_mut};
use crate::kernels::plane::Plane;
use crate::kernels::windows::{Seen, each_place};

/// `a[c, p] = max_t x[c, p · stride + t]`; what lies outside of the image counts as smaller than all, and NaN as larger.
pub struct Largest<'a> {
    pub plane: &'a Plane,
    pub x: &'a [f32],
    pub a: &'a mut [f32],
}

impl WithSimd for Largest<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let x = vectors::<S>(self.x).chunks_exact(self.plane.n_values());
        let a = vectors_mut::<S>(self.a).chunks_exact_mut(self.plane.n_places());
        for (x, a) in x.zip(a) {
            each_place(
                self.plane,
                #[inline(always)]
                |place, seen| {
                    let mut largest = simd.splat_f32s(f32::NEG_INFINITY);
                    seen.each_tap(
                        #[inline(always)]
                        |_, at| largest = larger(simd, largest, x[at]).0,
                    );
                    a[place] = largest;
                },
            );
        }
    }
}

/// `∂x` of `∂a`: each goes to the first of the largest values of its window.
pub struct LargestBack<'a> {
    pub plane: &'a Plane,
    pub x: &'a [f32],
    pub da: &'a [f32],
    pub dx: &'a mut [f32],
}

impl WithSimd for LargestBack<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let zero = simd.splat_f32s(0.0);
        let dx = vectors_mut::<S>(self.dx);
        dx.fill(zero);
        let x = vectors::<S>(self.x).chunks_exact(self.plane.n_values());
        let da = vectors::<S>(self.da).chunks_exact(self.plane.n_places());
        for ((x, da), dx) in x.zip(da).zip(dx.chunks_exact_mut(self.plane.n_values())) {
            each_place(
                self.plane,
                #[inline(always)]
                |place, seen| {
                    let winner = winner(simd, x, &seen);
                    seen.each_tap(
                        #[inline(always)]
                        |tap, at| {
                            let wins = simd.equal_f32s(winner, simd.splat_f32s(tap as f32));
                            dx[at] = simd.add_f32s(dx[at], simd.select_f32s(wins, da[place], zero));
                        },
                    );
                },
            );
        }
    }
}

/// The number of the tap that holds the largest value, the first of them.
#[inline(always)]
fn winner<S: Simd>(simd: S, x: &[S::f32s], seen: &Seen<'_>) -> S::f32s {
    let (mut largest, mut winner) = (simd.splat_f32s(f32::NEG_INFINITY), simd.splat_f32s(-1.0));
    seen.each_tap(
        #[inline(always)]
        |tap, at| {
            let (value, wins) = larger(simd, largest, x[at]);
            let tap = simd.splat_f32s(tap as f32);
            // Where all values are minus infinity, the first tap has it.
            let is_first = simd.less_than_f32s(winner, simd.splat_f32s(0.0));
            winner = simd.select_f32s(simd.or_m32s(wins, is_first), tap, winner);
            largest = value;
        },
    );
    winner
}

/// The larger one, and where that is the second: it is larger, or no number.
#[inline(always)]
fn larger<S: Simd>(simd: S, first: S::f32s, second: S::f32s) -> (S::f32s, S::m32s) {
    let is_larger = simd.greater_than_f32s(second, first);
    let is_nan = simd.not_m32s(simd.equal_f32s(second, second));
    let wins = simd.or_m32s(is_larger, is_nan);
    (simd.select_f32s(wins, second, first), wins)
}
