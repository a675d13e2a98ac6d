//! Distances between all pairs of a class.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::{Array1, Array2, ArrayView2, Axis, s};
use pulp::{Arch, Simd, WithSimd};

/// What is measured of one class.
pub(super) struct Within {
    /// `[n_units]`: the mean; NaN without signals.
    pub mean: Array1<f64>,
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
pub(super) fn within(activations: ArrayView2<f64>) -> Within {
    let n_units = activations.ncols();
    let mean = activations.mean_axis(Axis(0)).unwrap_or_else(|| Array1::from_elem(n_units, f64::NAN));
    let level = activations.iter().map(|a| a.abs()).sum::<f64>() / activations.nrows() as f64;
    let is_zero: Vec<bool> =
        activations.rows().into_iter().map(|row| row.iter().all(|&a| a == 0.0)).collect();
    let is_constant: Vec<bool> =
        activations.rows().into_iter().map(|row| row.iter().all(|&a| a == row[0])).collect();
    let mut shifted = activations.to_owned();
    for mut row in shifted.rows_mut() {
        row -= row.mean().unwrap_or(0.0);
    }
    let cosine = angles(activations.to_owned(), &is_zero);
    let correlation = angles(shifted, &is_constant);
    Within { distances: [euclidean(&activations - &mean), cosine, correlation], mean, level }
}

/// Mean of `1 − cos` between the rows for which it is defined.
fn angles(mut units: Array2<f64>, is_undefined: &[bool]) -> Pairs {
    let mut sum = Array1::zeros(units.ncols());
    let n_undefined = is_undefined.iter().filter(|&&undefined| undefined).count();
    let n = (units.nrows() - n_undefined) as f64;
    for (mut unit, _) in units.rows_mut().into_iter().zip(is_undefined).filter(|(_, undefined)| !**undefined)
    {
        let length = unit.dot(&unit).sqrt();
        unit /= length;
        sum += &unit;
    }
    let mean = sum / n;
    let mut of_signal = vec![f64::NAN; units.nrows()];
    let mut total = 0.0;
    for ((mut unit, _), square) in units
        .rows_mut()
        .into_iter()
        .zip(is_undefined)
        .zip(&mut of_signal)
        .filter(|((_, undefined), _)| !**undefined)
    {
        unit -= &mean;
        *square = unit.dot(&unit);
        total += *square;
    }
    // Σ_j |u_i − u_j|² = n |u_i − ū|² + Σ_k |u_k − ū|²; half of it is the sum of 1 − cos.
    of_signal.iter_mut().for_each(|square| *square = (n * *square + total) / (2.0 * (n - 1.0)));
    Pairs { mean: if n < 2.0 { f64::NAN } else { total / (n - 1.0) }, of_signal, n_undefined }
}

/// Mean Euclidean distance between the rows of a centred class, from its Gram matrix.
///
/// Centring loses nothing of the distances and keeps the Gram matrix from cancelling, so that single precision will do
/// for it; the few pairs that lie so close that it would not are taken element by element.
fn euclidean(centred: Array2<f64>) -> Pairs {
    /// Rows of the Gram matrix that are held at a time.
    const BLOCK: usize = 64;
    let (n, n_units) = centred.dim();
    let single: Vec<f32> = centred.iter().map(|&a| a as f32).collect();
    let squares: Vec<f32> = centred.rows().into_iter().map(|row| row.dot(&row) as f32).collect();
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
            let mut lanes = [0.0; LANES];
            for from in (i + 1..self.squares.len()).step_by(LANES) {
                let to = (from + LANES).min(self.squares.len());
                let mut distances = [0.0; LANES];
                let distances = &mut distances[..to - from];
                if are_apart(square, &products[from..to], &self.squares[from..to], distances) {
                    distances.iter_mut().for_each(
                        #[inline(always)]
                        |d| *d = d.sqrt(),
                    );
                } else {
                    exact(self.centred, i, from, distances);
                }
                let sums = &mut self.sums[from..to];
                for ((sum, lane), &distance) in sums.iter_mut().zip(&mut lanes).zip(&*distances) {
                    *sum += f64::from(distance);
                    *lane += f64::from(distance);
                }
            }
            self.sums[i] += lanes.iter().sum::<f64>();
        }
    }
}

/// Squared distances from the Gram matrix; false if one is too small to be had from it.
#[inline(always)]
fn are_apart(square: f32, products: &[f32], others: &[f32], distances: &mut [f32]) -> bool {
    let mut n_close = 0;
    for ((distance, product), other) in distances.iter_mut().zip(products).zip(others) {
        let both = square + other;
        *distance = both - 2.0 * product;
        n_close += u32::from(*distance <= CLOSE * both);
    }
    n_close == 0
}

/// Distances of row `i` to those from `from` on, element by element.
#[cold]
fn exact(centred: ArrayView2<f64>, i: usize, from: usize, distances: &mut [f32]) {
    for (k, distance) in distances.iter_mut().enumerate() {
        let pair = centred.row(i).into_iter().zip(centred.row(from + k));
        *distance = pair.map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt() as f32;
    }
}
