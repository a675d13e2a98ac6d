//! Do points that lie close belong to close classes? How far apart the classes of nearest neighbours are.

use ndarray::ArrayView2;
use vitrine_tsne::Neighbours;

/// Neighbours of a point that are asked.
pub const K: usize = 10;

/// Mean difference between the class of a point and the classes of its `K` nearest neighbours, for `points [n_points,
/// n_features]` of ordered classes; NaN of fewer than two points.
pub fn class_distance(points: ArrayView2<f32>, labels: &[usize]) -> f64 {
    let k = K.min(points.nrows().saturating_sub(1));
    if k == 0 {
        return f64::NAN;
    }
    let neighbours = Neighbours::exact(points, k);
    let pairs = neighbours.indices.indexed_iter();
    let apart = pairs.map(|((point, _), &other)| labels[point].abs_diff(labels[other as usize]));
    apart.sum::<usize>() as f64 / neighbours.indices.len() as f64
}

/// The same where neighbours are any two points: what chance gives.
pub fn of_any_two(labels: &[usize]) -> f64 {
    let mut sorted = labels.to_vec();
    sorted.sort_unstable();
    // The i-th smallest is the larger of i pairs and the smaller of n − 1 − i.
    let n = sorted.len() as f64;
    let sum: f64 = sorted.iter().enumerate().map(|(i, &l)| l as f64 * (2.0 * i as f64 + 1.0 - n)).sum();
    sum / (n * (n - 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn neighbours_along_a_line_are_of_close_classes_and_any_two_points_are_not() {
        // 60 points in the order of their classes: ten neighbours are 1 to 5 away, but at the ends.
        let line = Array2::from_shape_fn((60, 1), |(i, _)| i as f32);
        let labels: Vec<usize> = (0..60).collect();
        let apart = class_distance(line.view(), &labels);
        assert!((3.0..3.6).contains(&apart), "{apart}");
        // Of 0, 0, 3: pairs differ by 0, 3 and 3. Of n in order, by (n + 1) / 3 on average.
        assert_eq!(of_any_two(&[0, 3, 0]), 2.0);
        assert!((of_any_two(&labels) - 61.0 / 3.0).abs() < 1e-9);
    }
}
