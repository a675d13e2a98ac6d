//! Distances between all pairs of a class.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{Array1, Array2, ArrayView2, Axis, s};
use pulp::{Arch, Simd, WithSimd};

use super::samples::l1_norm;

/// What is measured of one class.
pub(super) struct Within {
    /// `[n_units]`: the mean; NaN without signals.
    pub mean: Array1<f64>,
    /// What noise adds to the squared length of the mean, and of the mean less its own mean over units: `tr S / n`, S the
    /// unbiased covariance of the signals; NaN of a single one.
    pub noise: [f64; 2],
    /// Mean of `|a|₁`; NaN without signals.
    pub level: f64,
    /// Euclidean, cosine, correlation.
    pub distances: [Pairs; 3],
}

/// One distance over all pairs of a class.
pub(super) struct Pairs {
    /// The mean over all pairs; NaN without one.
    pub mean: f64,
    /// `[n_samples]`: the mean distance of each signal to all others; NaN where it is not defined.
    pub of_signal: Vec<f64>,
    /// Signals without a defined distance.
    pub n_undefined: usize,
}

/// Measures one class, `activations [n_samples, n_units]`.
pub(super) fn within(activations: Array2<f64>) -> Within {
    let n_units = activations.ncols();
    let mean = activations.mean_axis(Axis(0)).unwrap_or_else(|| Array1::from_elem(n_units, f64::NAN));
    let level = activations.rows().into_iter().map(l1_norm).sum::<f64>() / activations.nrows() as f64;
    let is_zero: Vec<bool> =
        activations.rows().into_iter().map(|row| row.iter().all(|&a| a == 0.0)).collect();
    let is_constant: Vec<bool> =
        activations.rows().into_iter().map(|row| row.iter().all(|&a| a == row[0])).collect();
    let centred = &activations - &mean;
    let squares: Vec<f64> = centred.rows().into_iter().map(|row| row.dot(&row)).collect();
    let noise = noise(centred.view(), &squares);
    let euclidean = euclidean(centred, &squares);
    let mut shifted = activations.clone();
    for mut row in shifted.rows_mut() {
        row -= row.mean().unwrap_or(0.0);
    }
    let correlation = angles(shifted, &is_constant);
    let cosine = angles(activations, &is_zero);
    Within { distances: [euclidean, cosine, correlation], mean, noise, level }
}

/// `tr S / n` of centred signals with these squared lengths, and of these less their own means over units.
fn noise(centred: ArrayView2<f64>, squares: &[f64]) -> [f64; 2] {
    let (n, n_units) = (centred.nrows() as f64, centred.ncols() as f64);
    let levels = centred.rows().into_iter().map(|row| row.sum().powi(2)).sum::<f64>() / n_units;
    let square: f64 = squares.iter().sum();
    [square, square - levels].map(|sum| if n < 2.0 { f64::NAN } else { sum.max(0.0) / (n * (n - 1.0)) })
}

/// Mean of `1 − cos` between the rows for which it is defined.
fn angles(mut rows: Array2<f64>, is_undefined: &[bool]) -> Pairs {
    let n_undefined = is_undefined.iter().filter(|&&undefined| undefined).count();
    let n = (rows.nrows() - n_undefined) as f64;
    let mut of_signal = vec![f64::NAN; rows.nrows()];
    let n_units = rows.ncols();
    let units = rows.as_slice_mut().expect("standard layout");
    let total = Arch::new().dispatch(Angles { units, n_units, n, is_undefined, from_mean: &mut of_signal });
    // Σ_j |u_i − u_j|² = n |u_i − ū|² + Σ_k |u_k − ū|²; half of it is the sum of 1 − cos.
    of_signal.iter_mut().for_each(|square| *square = (n * *square + total) / (2.0 * (n - 1.0)));
    Pairs { mean: if n < 2.0 { f64::NAN } else { total / (n - 1.0) }, of_signal, n_undefined }
}

/// Scales rows to length 1, and tells the squared distance of each from their mean, and the sum of these.
struct Angles<'a> {
    /// `[n_rows, n_units]`.
    units: &'a mut [f64],
    n_units: usize,
    /// Rows for which it is defined.
    n: f64,
    is_undefined: &'a [bool],
    /// `[n_rows]`.
    from_mean: &'a mut [f64],
}

impl WithSimd for Angles<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) -> f64 {
        let Angles { units, n_units, n, is_undefined, from_mean } = self;
        let mut mean = vec![0.0; n_units];
        for (unit, &undefined) in units.chunks_exact_mut(n_units.max(1)).zip(is_undefined) {
            if !undefined {
                let scale = 1.0 / sum_of_squares(unit).sqrt();
                for (sum, u) in mean.iter_mut().zip(unit) {
                    *u *= scale;
                    *sum += *u;
                }
            }
        }
        mean.iter_mut().for_each(|sum| *sum /= n);
        let mut total = 0.0;
        for ((unit, &undefined), square) in
            units.chunks_exact(n_units.max(1)).zip(is_undefined).zip(from_mean)
        {
            if !undefined {
                *square = squared_distance(unit, &mean);
                total += *square;
            }
        }
        total
    }
}

/// `|a|²`, in eight sums side by side.
#[inline(always)]
fn sum_of_squares(a: &[f64]) -> f64 {
    let mut sums = [0.0f64; 8];
    let (chunks, rest) = a.as_chunks::<8>();
    for chunk in chunks {
        for k in 0..8 {
            let value = chunk[k];
            sums[k] += value * value;
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|a| a * a).sum::<f64>()
}

/// `|a − b|²`, in eight sums side by side.
#[inline(always)]
fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let ((a, rest_a), (b, rest_b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in a.iter().zip(b) {
        for k in 0..8 {
            let step: f64 = a[k] - b[k];
            sums[k] += step * step;
        }
    }
    let rest = rest_a.iter().zip(rest_b).map(|(a, b)| (a - b) * (a - b));
    sums.iter().sum::<f64>() + rest.sum::<f64>()
}

/// Mean Euclidean distance between the rows of a centred class with these squared lengths, from its Gram matrix.
///
/// Centring loses nothing of the distances and keeps the Gram matrix from cancelling, so that single precision will do
/// for it; the few pairs that lie so close that it would not are taken element by element.
fn euclidean(centred: Array2<f64>, squares: &[f64]) -> Pairs {
    /// Rows of the Gram matrix that are held at a time.
    const BLOCK: usize = 96;
    let (n, n_units) = centred.dim();
    let single: Vec<f32> = centred.iter().map(|&a| a as f32).collect();
    let squares: Vec<f32> = squares.iter().map(|&square| square as f32).collect();
    let rows_of = MatRef::from_row_major_slice(&single, n, n_units);
    let mut gram = vec![0.0f32; BLOCK.min(n) * n];
    let mut sums = vec![0.0; n];
    for from in (0..n).step_by(BLOCK) {
        let (n_rows, n_columns) = (BLOCK.min(n - from), n - from);
        let gram = &mut gram[..n_rows * n_columns];
        let (rows, all) = (rows_of.subrows(from, n_rows), rows_of.subrows(from, n_columns));
        let target = MatMut::from_row_major_slice_mut(gram, n_rows, n_columns);
        matmul(target, Accum::Replace, rows, all.transpose(), 1.0, Par::Seq);
        let (squares, sums) = (&squares[from..], &mut sums[from..]);
        Arch::new().dispatch(AddDistances { gram, squares, sums, centred: centred.slice(s![from.., ..]) });
    }
    let total: f64 = sums.iter().sum();
    let others = n as f64 - 1.0;
    let mean = if n < 2 { f64::NAN } else { total / (n as f64 * others) };
    Pairs { mean, of_signal: sums.iter().map(|sum| sum / others).collect(), n_undefined: 0 }
}

/// Distances that are taken together, side by side.
const LANES: usize = 16;
/// Below this share of the sum of both squares, a squared distance is not left to the Gram matrix.
const CLOSE: f32 = 0.05;

/// Adds the distances of the first rows to all that follow, to the sums of both.
struct AddDistances<'a> {
    /// `[n_rows, squares.len()]`.
    gram: &'a [f32],
    squares: &'a [f32],
    sums: &'a mut [f64],
    /// `[squares.len(), n_units]`.
    centred: ArrayView2<'a, f64>,
}

impl WithSimd for AddDistances<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        for (i, products) in self.gram.chunks_exact(self.squares.len()).enumerate() {
            let square = self.squares[i];
            let (products, rest_products) = products[i + 1..].as_chunks();
            let (others, rest_others) = self.squares[i + 1..].as_chunks();
            let (own, sums) = self.sums[i..].split_first_mut().expect("a sum per signal");
            let (sums, rest_sums) = sums.as_chunks_mut();
            let mut lanes = [0.0; LANES];
            let exact = |from: usize| {
                #[inline(always)]
                move |k: usize| exact(self.centred, i, i + 1 + from + k)
            };
            for (chunk, ((products, others), sums)) in products.iter().zip(others).zip(sums).enumerate() {
                let squared = squared(square, products, others);
                add(&squared, square, others, exact(LANES * chunk), sums, &mut lanes);
            }
            // What is left is filled up with itself far away, and its sums are not written back.
            let n_rest = rest_others.len();
            let (mut products, mut others, mut sums) = ([0.0; LANES], [1.0; LANES], [0.0; LANES]);
            products[..n_rest].copy_from_slice(rest_products);
            others[..n_rest].copy_from_slice(rest_others);
            let mut rest_lanes = [0.0; LANES];
            let squared = squared(square, &products, &others);
            let from = self.squares.len() - n_rest - i - 1;
            let exact = exact(from);
            let in_rest = move |k: usize| if k < n_rest { exact(k) } else { 0.0 };
            add(&squared, square, &others, in_rest, &mut sums, &mut rest_lanes);
            for k in 0..n_rest {
                rest_sums[k] += sums[k];
                lanes[k] += rest_lanes[k];
            }
            *own += lanes.iter().sum::<f64>();
        }
    }
}

/// Squared distances from the Gram matrix.
#[inline(always)]
fn squared(square: f32, products: &[f32; LANES], others: &[f32; LANES]) -> [f32; LANES] {
    std::array::from_fn(
        #[inline(always)]
        |k| square + others[k] - 2.0 * products[k],
    )
}

/// Adds the roots to both sums; where one is too small to be had from the Gram matrix, `exact` has them all.
#[inline(always)]
fn add(
    squared: &[f32; LANES],
    square: f32,
    others: &[f32; LANES],
    exact: impl Fn(usize) -> f32,
    sums: &mut [f64; LANES],
    lanes: &mut [f64; LANES],
) {
    let mut n_close = 0;
    for k in 0..LANES {
        n_close += u32::from(squared[k] <= CLOSE * (square + others[k]));
    }
    let mut distances = [0.0f32; LANES];
    if n_close == 0 {
        for k in 0..LANES {
            distances[k] = squared[k].sqrt();
        }
    } else {
        distances.iter_mut().enumerate().for_each(|(k, distance)| *distance = exact(k));
    }
    for k in 0..LANES {
        sums[k] += f64::from(distances[k]);
        lanes[k] += f64::from(distances[k]);
    }
}

/// The distance of two rows, element by element.
#[cold]
fn exact(centred: ArrayView2<f64>, i: usize, j: usize) -> f32 {
    let [a, b] = [i, j].map(|row| centred.row(row).to_slice().expect("standard layout"));
    squared_distance(a, b).sqrt() as f32
}
