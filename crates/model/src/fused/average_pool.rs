//! The mean of each window of a block of samples, and the way back to its values.

use pulp::{Simd, WithSimd};

use super::sweep::{vectors, vectors_mut};
use crate::kernels::plane::Plane;
use crate::kernels::windows::each_place;

/// `a[c, p] = Σ_t x[c, p · stride + t] / n`, n being the values of the window, with those of the padding or without.
pub struct Average<'a> {
    pub plane: &'a Plane,
    pub counts_padding: bool,
    pub x: &'a [f32],
    pub a: &'a mut [f32],
}

impl WithSimd for Average<'_> {
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
                    let mut sum = simd.splat_f32s(0.0);
                    seen.each_tap(
                        #[inline(always)]
                        |_, at| sum = simd.add_f32s(sum, x[at]),
                    );
                    let n_taps = seen.n_taps(self.counts_padding) as f32;
                    a[place] = simd.div_f32s(sum, simd.splat_f32s(n_taps));
                },
            );
        }
    }
}

/// `∂x` of `∂a`: each value of a window has its share.
pub struct AverageBack<'a> {
    pub plane: &'a Plane,
    pub counts_padding: bool,
    pub da: &'a [f32],
    pub dx: &'a mut [f32],
}

impl WithSimd for AverageBack<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let dx = vectors_mut::<S>(self.dx);
        dx.fill(simd.splat_f32s(0.0));
        let da = vectors::<S>(self.da).chunks_exact(self.plane.n_places());
        for (da, dx) in da.zip(dx.chunks_exact_mut(self.plane.n_values())) {
            each_place(
                self.plane,
                #[inline(always)]
                |place, seen| {
                    let n_taps = seen.n_taps(self.counts_padding) as f32;
                    let share = simd.div_f32s(da[place], simd.splat_f32s(n_taps));
                    seen.each_tap(
                        #[inline(always)]
                        |_, at| dx[at] = simd.add_f32s(dx[at], share),
                    );
                },
            );
        }
    }
}
