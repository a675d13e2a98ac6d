//! Is one set of points embedded? In double precision, for what single precision cannot tell.

use ndarray::{Array2, ArrayView2};

use super::output_layer::{MapKind, embeds};

/// A pivot below this share of its diagonal element is left to the singular value decomposition.
const SMALLEST_PIVOT: f64 = 1e-9;

/// Is `u_j · u_k < |u_k|²` for all `j ≠ k`, where `u = L⁻¹ (v − m)` and `L Lᵀ = Σ (v − m)(v − m)ᵀ`?
///
/// `points` is `[n, p]`. Two elements that tie count as a failure.
pub(super) fn is_embedded(points: ArrayView2<f64>, centred: bool) -> bool {
    match whitened(points, centred) {
        Some(u) => {
            let products = u.dot(&u.t());
            let n = u.nrows();
            (0..n).all(|k| (0..n).all(|j| j == k || products[(j, k)] < products[(k, k)]))
        }
        None => embeds(points, if centred { MapKind::Centred } else { MapKind::Linear }),
    }
}

/// `u` of every point, `[n, p]`; nothing where the scatter is too close to singular.
fn whitened(points: ArrayView2<f64>, centred: bool) -> Option<Array2<f64>> {
    let mut u = points.to_owned();
    if centred {
        u -= &points.mean_axis(ndarray::Axis(0))?;
    }
    let mut factor = u.t().dot(&u);
    let p = factor.nrows();
    for j in 0..p {
        let pivot = factor[(j, j)] - (0..j).map(|k| factor[(j, k)].powi(2)).sum::<f64>();
        // A pivot that is no number is none either.
        let is_sound = SMALLEST_PIVOT * factor[(j, j)] < pivot;
        if !is_sound {
            return None;
        }
        factor[(j, j)] = pivot.sqrt();
        for i in j + 1..p {
            let sum = factor[(i, j)] - (0..j).map(|k| factor[(i, k)] * factor[(j, k)]).sum::<f64>();
            factor[(i, j)] = sum / factor[(j, j)];
        }
    }
    for mut point in u.rows_mut() {
        for i in 0..p {
            let sum: f64 = (0..i).map(|j| factor[(i, j)] * point[j]).sum();
            point[i] = (point[i] - sum) / factor[(i, i)];
        }
    }
    Some(u)
}
