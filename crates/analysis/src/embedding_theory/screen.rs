//! Which of sixteen sets of points are embedded? Vectors across the sets, in single precision.
//!
//! With `S = Σ (v − m)(v − m)ᵀ = L Lᵀ` and `u = L⁻¹ (v − m)`, element j of the image of `v_k` is `u_j · u_k`. By the
//! inequality of Cauchy and Schwarz a set succeeds if and only if `u_j · u_k < min(|u_j|², |u_k|²)` for all pairs. The
//! point nearest to the mean is compared with all others first, since it is the first to be beaten, and a group is
//! left as soon as every set of it has failed.
//!
//! A set that comes within rounding of a tie, or whose scatter is nearly singular, is reported as unsure.

use pulp::{Simd, WithSimd};

use super::draw::{LANES, Row};

/// What single precision can tell of a group; bit `lane` stands for a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdicts {
    /// Surely embedded.
    pub succeeded: u16,
    /// To be decided in double precision.
    pub unsure: u16,
}

/// Bounds the rounding of `u_j · u_k`, divided by the smallest pivot: 64 units in the last place.
const ROUNDING: f32 = 64.0 * f32::EPSILON / 2.0;

/// A pivot below this share of its diagonal element is left to double precision.
const SMALLEST_PIVOT: f32 = 0.01;

/// Largest dimension that is screened; beyond it every set is unsure.
pub(super) const MAX_DIMENSION: usize = 10;

/// Room for one vector's worth of a group, used again and again.
pub(super) struct Screen {
    n: usize,
    p: usize,
    centred: bool,
    whitened: Vec<f32>,
    squares: Vec<f32>,
}

impl Screen {
    pub fn new(n: usize, p: usize, centred: bool) -> Screen {
        Screen { n, p, centred, whitened: vec![0.0; n * p * LANES], squares: vec![0.0; n * LANES] }
    }

    /// Judges the sets of `rows [n · p]`.
    pub fn judge(&mut self, rows: &[Row]) -> Verdicts {
        assert_eq!(rows.len(), self.n * self.p, "one row per coordinate");
        let arch = pulp::Arch::new();
        match self.p {
            1 => arch.dispatch(Judge::<1> { screen: self, rows }),
            2 => arch.dispatch(Judge::<2> { screen: self, rows }),
            3 => arch.dispatch(Judge::<3> { screen: self, rows }),
            4 => arch.dispatch(Judge::<4> { screen: self, rows }),
            5 => arch.dispatch(Judge::<5> { screen: self, rows }),
            6 => arch.dispatch(Judge::<6> { screen: self, rows }),
            7 => arch.dispatch(Judge::<7> { screen: self, rows }),
            8 => arch.dispatch(Judge::<8> { screen: self, rows }),
            9 => arch.dispatch(Judge::<9> { screen: self, rows }),
            MAX_DIMENSION => arch.dispatch(Judge::<MAX_DIMENSION> { screen: self, rows }),
            _ => Verdicts { succeeded: 0, unsure: u16::MAX },
        }
    }
}

struct Judge<'a, const P: usize> {
    screen: &'a mut Screen,
    rows: &'a [Row],
}

impl<const P: usize> WithSimd for Judge<'_, P> {
    type Output = Verdicts;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Verdicts {
        let n = self.screen.n;
        let n_vectors = LANES / S::F32_LANES;
        let rows = S::as_simd_f32s(self.rows.as_flattened()).0;
        let whitened = &mut S::as_mut_simd_f32s(&mut self.screen.whitened).0[..n * P];
        let squares = &mut S::as_mut_simd_f32s(&mut self.screen.squares).0[..n];
        let mut verdicts = Verdicts::default();
        for vector_idx in 0..n_vectors {
            for (coordinate, row) in whitened.iter_mut().zip(rows.chunks_exact(n_vectors)) {
                *coordinate = row[vector_idx];
            }
            let (pivot, nearest, nearest_square) =
                whiten::<S, P>(simd, whitened, squares, self.screen.centred);
            let (worst, guard) = judge::<S, P>(simd, whitened, squares, pivot, nearest, nearest_square);
            let lanes = lane_bits(simd, worst, guard, pivot);
            verdicts.succeeded |= lanes.succeeded << (vector_idx * S::F32_LANES);
            verdicts.unsure |= lanes.unsure << (vector_idx * S::F32_LANES);
        }
        verdicts
    }
}

/// Replaces the points by `u`, with their squared lengths in `squares`.
///
/// Returns the smallest pivot, relative to its diagonal element, and the shortest `u` with its square.
#[inline(always)]
fn whiten<S: Simd, const P: usize>(
    simd: S,
    points: &mut [S::f32s],
    squares: &mut [S::f32s],
    centred: bool,
) -> (S::f32s, [S::f32s; P], S::f32s) {
    let (zero, one) = (simd.splat_f32s(0.0), simd.splat_f32s(1.0));
    let points = points.as_chunks_mut::<P>().0;
    if centred {
        let mut sums = [zero; P];
        for point in points.iter() {
            for i in 0..P {
                sums[i] = simd.add_f32s(sums[i], point[i]);
            }
        }
        let share = simd.splat_f32s(1.0 / points.len() as f32);
        for point in points.iter_mut() {
            for i in 0..P {
                point[i] = simd.negate_mul_add_e_f32s(sums[i], share, point[i]);
            }
        }
    }
    // Row by row, so that the sums of a row stay in registers.
    let mut scatter = [[zero; P]; P];
    for i in 0..P {
        let mut sums = [zero; P];
        for point in points.iter() {
            for j in 0..=i {
                sums[j] = simd.mul_add_e_f32s(point[i], point[j], sums[j]);
            }
        }
        scatter[i] = sums;
    }
    let mut smallest_pivot = one;
    let mut inverse_diagonal = [zero; P];
    for j in 0..P {
        let mut pivot = scatter[j][j];
        for &factor in &scatter[j][..j] {
            pivot = simd.negate_mul_add_e_f32s(factor, factor, pivot);
        }
        // A pivot that is not a number must not be lost in a minimum.
        let share = simd.div_f32s(pivot, scatter[j][j]);
        let larger = simd.less_than_f32s(smallest_pivot, share);
        smallest_pivot = simd.select_f32s(larger, smallest_pivot, share);
        inverse_diagonal[j] = simd.div_f32s(one, simd.sqrt_f32s(pivot));
        for i in j + 1..P {
            let mut sum = scatter[i][j];
            for (&a, &b) in scatter[i][..j].iter().zip(&scatter[j]) {
                sum = simd.negate_mul_add_e_f32s(a, b, sum);
            }
            scatter[i][j] = simd.mul_f32s(sum, inverse_diagonal[j]);
        }
    }
    let mut nearest = [zero; P];
    let mut nearest_square = simd.splat_f32s(f32::INFINITY);
    for (point, square) in points.iter_mut().zip(squares) {
        let mut u = *point;
        let mut sum = zero;
        for i in 0..P {
            for j in 0..i {
                u[i] = simd.negate_mul_add_e_f32s(scatter[i][j], u[j], u[i]);
            }
            u[i] = simd.mul_f32s(u[i], inverse_diagonal[i]);
            sum = simd.mul_add_e_f32s(u[i], u[i], sum);
        }
        let nearer = simd.less_than_f32s(sum, nearest_square);
        nearest_square = simd.select_f32s(nearer, sum, nearest_square);
        for i in 0..P {
            nearest[i] = simd.select_f32s(nearer, u[i], nearest[i]);
        }
        (*point, *square) = (u, sum);
    }
    (smallest_pivot, nearest, nearest_square)
}

/// The largest `u_j · u_k − min(|u_j|², |u_k|²)` that was met before all sets had failed, and the bound of its error.
#[inline(always)]
fn judge<S: Simd, const P: usize>(
    simd: S,
    whitened: &[S::f32s],
    squares: &[S::f32s],
    pivot: S::f32s,
    nearest: [S::f32s; P],
    nearest_square: S::f32s,
) -> (S::f32s, S::f32s) {
    let zero = simd.splat_f32s(0.0);
    let points = whitened.as_chunks::<P>().0;
    let guard = simd.div_f32s(simd.splat_f32s(ROUNDING), pivot);
    let sound = simd.less_than_f32s(simd.splat_f32s(SMALLEST_PIVOT), pivot);
    // Sets that are unsure anyway count as done.
    let needed = simd.select_f32s(sound, guard, simd.splat_f32s(f32::NEG_INFINITY));
    // The nearest point itself gives 0 here, which is within the guard.
    let mut worst = zero;
    for point in points {
        let excess = simd.sub_f32s(dot::<S, P>(simd, point, &nearest), nearest_square);
        worst = simd.max_f32s(worst, excess);
    }
    if all_failed(simd, worst, needed) {
        return (worst, guard);
    }
    let failed = simd.less_than_f32s(guard, worst);
    worst = simd.select_f32s(failed, worst, simd.splat_f32s(f32::NEG_INFINITY));
    for k in 1..points.len() {
        for j in 0..k {
            let limit = simd.min_f32s(squares[j], squares[k]);
            worst = simd.max_f32s(worst, simd.sub_f32s(dot::<S, P>(simd, &points[j], &points[k]), limit));
        }
        if all_failed(simd, worst, needed) {
            break;
        }
    }
    (worst, guard)
}

#[inline(always)]
fn dot<S: Simd, const P: usize>(simd: S, a: &[S::f32s; P], b: &[S::f32s; P]) -> S::f32s {
    let mut sum = simd.mul_f32s(a[0], b[0]);
    for i in 1..P {
        sum = simd.mul_add_e_f32s(a[i], b[i], sum);
    }
    sum
}

#[inline(always)]
fn all_failed<S: Simd>(simd: S, worst: S::f32s, needed: S::f32s) -> bool {
    let open = simd.less_than_or_equal_f32s(worst, needed);
    simd.first_true_m32s(open) == S::F32_LANES
}

#[inline(always)]
fn lane_bits<S: Simd>(simd: S, worst: S::f32s, guard: S::f32s, pivot: S::f32s) -> Verdicts {
    let (mut worsts, mut guards, mut pivots) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    simd.partial_store_f32s(&mut worsts[..S::F32_LANES], worst);
    simd.partial_store_f32s(&mut guards[..S::F32_LANES], guard);
    simd.partial_store_f32s(&mut pivots[..S::F32_LANES], pivot);
    let mut verdicts = Verdicts::default();
    for lane in 0..S::F32_LANES {
        let sound = SMALLEST_PIVOT < pivots[lane];
        let succeeded = sound && worsts[lane] < -guards[lane];
        let failed = sound && guards[lane] < worsts[lane];
        verdicts.succeeded |= u16::from(succeeded) << lane;
        verdicts.unsure |= u16::from(!succeeded && !failed) << lane;
    }
    verdicts
}
