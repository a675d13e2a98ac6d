//! The construction of thesis sec. 4.3.2, step by step, for drawing (figures 4.12, 4.13).

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::output_layer::{MapKind, OutputLayer};
use crate::pseudo_inverse::pseudo_inverse;

/// Every step from n points in p dimensions to n unit vectors by the centred map.
///
/// For three points in the plane that are not in line, `F⁺ w_1 = ⅔ e_1 − ⅓ e_2 − ⅓ e_3`: the projection of `e_1` on the
/// plane orthogonal to (1, 1, 1). (The thesis prints 1 − 1/√3 and −1/√3, where 1/√3 should be squared.)
#[derive(Clone, Debug, PartialEq)]
pub struct Construction {
    /// `[n, p]`: the points v, one a row.
    pub points: Array2<f64>,
    /// `[p]`: their mean m.
    pub mean: Array1<f64>,
    /// `[p, n]`: F, whose columns are `w_k = v_k − m`.
    pub forward: Array2<f64>,
    /// `[n, p]`: F⁺.
    pub inverse: Array2<f64>,
    /// `[n, n]`: column k is `F⁺ w_k`, the projection of `e_k` on the plane orthogonal to the kernel of F.
    pub images: Array2<f64>,
    /// `A(x) = W x + b` with `W = F⁺` and `b = −F⁺ m`.
    pub layer: OutputLayer,
}

impl Construction {
    /// The construction for `points [n, p]`.
    ///
    /// # Panics
    /// If there is no point.
    pub fn of(points: ArrayView2<f64>) -> Construction {
        let mean = points.mean_axis(Axis(0)).expect("at least one point");
        let forward = (&points - &mean).reversed_axes();
        let inverse = pseudo_inverse(forward.view());
        let images = inverse.dot(&forward);
        let layer = OutputLayer::of_points(points, MapKind::Centred);
        Construction { points: points.to_owned(), mean, forward, inverse, images, layer }
    }
}
