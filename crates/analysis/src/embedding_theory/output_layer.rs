//! The map from a bottleneck to the output that needs no training (thesis sec. 4.3.3, eq. 4.1, 4.2).

use ndarray::{Array1, Array2, ArrayView2, Axis, azip};

use crate::class_means::class_means;
use crate::pseudo_inverse::pseudo_inverse;

/// Which least-squares map leads from points `v` to unit vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MapKind {
    /// `A(x) = F⁺ x`.
    Linear,
    /// `A(x) = F⁺ (x − m)`, F made of the centred points: what figure 4.14 shows.
    Centred,
    /// `A(x) = W x + b` with free `b`, eq. 4.1. It adds the share of each class to the centred map, so that the two
    /// have the same argmax wherever all classes are alike in number.
    Affine,
}

/// An output layer `x ↦ W x + b` for codes of a bottleneck.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputLayer {
    /// `[n_classes, n_units]`.
    pub weight: Array2<f64>,
    /// `[n_classes]`; zero where the map is linear.
    pub bias: Array1<f64>,
}

impl OutputLayer {
    /// The map that takes each row of `points [n, p]` as near to its unit vector as least squares can.
    pub fn of_points(points: ArrayView2<f64>, kind: MapKind) -> OutputLayer {
        let labels: Vec<usize> = (0..points.nrows()).collect();
        OutputLayer::least_squares(points, &labels, points.nrows(), kind)
    }

    /// The map that takes the mean code of each class as near to its unit vector as least squares can: F of the
    /// thesis, made of the codes that a trained network gives its classes. A class without samples is never chosen.
    ///
    /// # Panics
    /// If there is not one label per row of `codes [n_samples, p]`, or a label is not below `n_classes`.
    pub fn of_class_means(
        codes: ArrayView2<f32>,
        labels: &[usize],
        n_classes: usize,
        kind: MapKind,
    ) -> OutputLayer {
        let means = class_means(codes, labels, n_classes);
        let seen: Vec<usize> =
            (0..n_classes).filter(|&class| !means.row(class).iter().any(|m| m.is_nan())).collect();
        OutputLayer::least_squares(means.select(Axis(0), &seen).view(), &seen, n_classes, kind)
    }

    /// The map that takes each of `codes [n_samples, p]` as near to the unit vector of its label as least squares
    /// can: every sample has its say, not only the class means. A class without samples is never chosen.
    ///
    /// # Panics
    /// If there is not one label per code, or a label is not below `n_classes`.
    pub fn of_codes(
        codes: ArrayView2<f32>,
        labels: &[usize],
        n_classes: usize,
        kind: MapKind,
    ) -> OutputLayer {
        OutputLayer::least_squares(codes.mapv(f64::from).view(), labels, n_classes, kind)
    }

    fn least_squares(
        codes: ArrayView2<f64>,
        labels: &[usize],
        n_classes: usize,
        kind: MapKind,
    ) -> OutputLayer {
        assert_eq!(labels.len(), codes.nrows(), "one label per code");
        let mean = match kind {
            MapKind::Linear => None,
            MapKind::Centred | MapKind::Affine => codes.mean_axis(Axis(0)),
        }
        .unwrap_or_else(|| Array1::zeros(codes.ncols()));
        let inverse = pseudo_inverse((&codes - &mean).view());
        let mut weight = Array2::zeros((n_classes, codes.ncols()));
        let mut counts = Array1::zeros(n_classes);
        for (column, &label) in inverse.columns().into_iter().zip(labels) {
            azip!((w in weight.row_mut(label), &c in column) *w += c);
            counts[label] += 1.0;
        }
        let mut bias = -weight.dot(&mean);
        if kind == MapKind::Affine {
            bias += &(&counts / labels.len() as f64);
        }
        azip!((b in &mut bias, &count in &counts) if count == 0.0 { *b = f64::NEG_INFINITY });
        OutputLayer { weight, bias }
    }

    /// The same map with its outputs stretched by `factor`: the argmax stays, a softmax behind it grows surer.
    ///
    /// Least squares aims at 0 and 1, which leave a softmax over many classes nearly flat.
    pub fn scaled(&self, factor: f64) -> OutputLayer {
        OutputLayer { weight: &self.weight * factor, bias: &self.bias * factor }
    }

    /// `[n_points, n_classes]`: `W x + b` of each of `points [n_points, p]`.
    pub fn outputs(&self, points: ArrayView2<f64>) -> Array2<f64> {
        points.dot(&self.weight.t()) + &self.bias
    }

    /// The class with the largest output, for each of `points [n_points, p]`; the first of equals.
    pub fn predict(&self, points: ArrayView2<f64>) -> Vec<usize> {
        self.outputs(points)
            .rows()
            .into_iter()
            .map(|outputs| first_largest(outputs.iter().copied()))
            .collect()
    }

    /// Share of `codes [n_samples, p]` that are given their label; NaN without samples.
    ///
    /// # Panics
    /// If there is not one label per code.
    pub fn accuracy(&self, codes: ArrayView2<f32>, labels: &[usize]) -> f64 {
        assert_eq!(labels.len(), codes.nrows(), "one label per code");
        let predictions = self.predict(codes.mapv(f64::from).view());
        let n_right =
            predictions.iter().zip(labels).filter(|(prediction, label)| prediction == label).count();
        n_right as f64 / labels.len() as f64
    }
}

/// Does the map of that kind embed `points [n, p]`: is `argmax A(v_k) = k` for every k?
pub fn embeds(points: ArrayView2<f64>, kind: MapKind) -> bool {
    OutputLayer::of_points(points, kind).predict(points).into_iter().eq(0..points.nrows())
}

fn first_largest(values: impl Iterator<Item = f64>) -> usize {
    let larger = |best: (usize, f64), next: (usize, f64)| if best.1 < next.1 { next } else { best };
    values.enumerate().fold((0, f64::NEG_INFINITY), larger).0
}
