//! The quality of embeddings against scikit-learn, and by hand.

use ndarray::{Array2, array};

use super::support::reference;
use crate::quality::EmbeddingQuality;

#[test]
fn trustworthiness_is_scikit_learn_s_and_preservation_the_share_of_neighbours_in_common() {
    let points: Array2<f32> = reference("points");
    let expected: [Array2<f64>; 2] = ["trustworthiness", "preservation"].map(reference);
    for (row, name) in ["embedding", "embedding_opentsne"].into_iter().enumerate() {
        let embedding: Array2<f32> = reference(name);
        for (column, k) in [5, 12].into_iter().enumerate() {
            let quality = EmbeddingQuality::of(points.view(), embedding.view(), k).unwrap();
            assert!((quality.trustworthiness - expected[0][(row, column)]).abs() < 1e-12, "{name}, {k}");
            assert!(
                (quality.neighbour_preservation - expected[1][(row, column)]).abs() < 1e-12,
                "{name}, {k}"
            );
        }
    }
}

#[test]
fn points_embedded_as_they_are_keep_all_neighbours() {
    let points: Array2<f32> = reference("embedding");
    let quality = EmbeddingQuality::of(points.view(), points.view(), 7).unwrap();
    assert_eq!((quality.trustworthiness, quality.neighbour_preservation), (1.0, 1.0));
}

/// The points 0, 1, 3, 7 and 15 on a line, the first and the last of which swap places: their nearest neighbours
/// are then of rank 3, 4, 1, 1 and 3, so that the excess over k = 1 is 7 and 1 − 2 / (5 · 1 · 6) · 7 = 8 / 15.
#[test]
fn a_swap_costs_the_ranks_of_the_new_neighbours() {
    let line = array![[0.0f32], [1.0], [3.0], [7.0], [15.0]];
    let swapped = array![[15.0f32], [1.0], [3.0], [7.0], [0.0]];
    let quality = EmbeddingQuality::of(line.view(), swapped.view(), 1).unwrap();
    assert!((quality.trustworthiness - 8.0 / 15.0).abs() < 1e-12, "{quality:?}");
}

#[test]
fn what_cannot_be_compared_is_named() {
    let said = |n: usize, k: usize, value: f32| {
        let (points, embedded) = (Array2::from_elem((6, 2), value), Array2::zeros((n, 2)));
        EmbeddingQuality::of(points.view(), embedded.view(), k).unwrap_err().to_string()
    };
    assert_eq!(said(5, 1, 0.0), "6 rows of activations, but 5 points");
    assert_eq!(said(6, 3, 0.0), "k = 3: must be at least 1 and below half of the 6 points");
    assert_eq!(said(6, 1, f32::NAN), "neighbours are defined between points of finite numbers");
}
