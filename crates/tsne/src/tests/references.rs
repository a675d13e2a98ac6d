//! Neighbours, affinities and start against openTSNE, scikit-learn and SciPy, and by hand.

use ndarray::Array2;

use super::support::{normal, reference, rng};
use crate::affinities::Affinities;
use crate::initialisation::pca_start;
use crate::neighbours::Neighbours;
use crate::tsne::Tsne;

#[test]
fn neighbours_are_those_of_scikit_learn() {
    let neighbours = Neighbours::exact(reference("points").view(), 18);
    assert_eq!(neighbours.indices.mapv(f64::from), reference::<f64>("neighbours"));
}

#[test]
fn neighbours_of_many_points_are_those_of_sorting_all_distances() {
    // Most of what distinguishes the points is lost to single precision when a Gram matrix is taken.
    let points = normal(700, 3, 2) + 1_000.0;
    let neighbours = Neighbours::exact(points.view(), 25);
    for i in (0..700).step_by(23) {
        let distance = |j: usize| -> f64 {
            points
                .row(i)
                .iter()
                .zip(points.row(j))
                .map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2))
                .sum()
        };
        let mut others: Vec<usize> = (0..700).filter(|&j| j != i).collect();
        others.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(a.cmp(&b)));
        let expected: Vec<u32> = others[..25].iter().map(|&j| j as u32).collect();
        assert_eq!(neighbours.indices.row(i).to_vec(), expected);
        assert!((neighbours.squared_distances[(i, 24)] - distance(others[24])).abs() < 1e-12);
    }
}

#[test]
fn neighbours_on_a_line_come_by_distance_and_then_by_number() {
    let points = Array2::from_shape_fn((100, 1), |(i, _)| i as f32 * 2.0f32.powi(-100));
    let neighbours = Neighbours::exact(points.view(), 3);
    assert_eq!(neighbours.indices.row(0).to_vec(), [1, 2, 3]);
    assert_eq!(neighbours.indices.row(50).to_vec(), [49, 51, 48]);
    assert_eq!(neighbours.squared_distances[(50, 2)], 4.0 * 2.0f64.powi(-200));
}

fn dense(affinities: &Affinities) -> Array2<f64> {
    let n = affinities.n_points();
    let mut matrix = Array2::zeros((n, n));
    for i in 0..n {
        let (columns, values) = affinities.row(i);
        columns.iter().zip(values).for_each(|(&j, &p)| matrix[(i, j as usize)] = p);
    }
    matrix
}

#[test]
fn affinities_are_those_of_opentsne_and_of_scikit_learn() {
    let tsne = Tsne { perplexity: 6.0, ..Tsne::default() };
    let affinities = dense(&tsne.affinities(reference("points").view()).unwrap());
    // Both stop when the perplexity is near enough; SciPy's root finder goes on to the last digit.
    for (peer, tolerance) in [("opentsne", 1e-6), ("sklearn", 1e-6), ("scipy", 1e-11)] {
        for (found, expected) in affinities.iter().zip(&reference::<f64>(&format!("affinities_{peer}"))) {
            assert!((found - expected).abs() < tolerance, "{peer}: {found}, not {expected}");
        }
    }
    assert!((affinities.sum() - 1.0).abs() < 1e-12);
    assert_eq!(affinities, affinities.t());
}

#[test]
fn neighbours_at_equal_distances_count_alike_whatever_perplexity_is_asked_for() {
    // Neighbours at equal distances: of 9, all count alike, and no perplexity but 9 can be had.
    let corners = Array2::<f32>::eye(10);
    let affinities = dense(&Affinities::of(&Neighbours::exact(corners.view(), 9), 3.0));
    assert!(
        affinities
            .indexed_iter()
            .all(|((i, j), &p)| (p - if i == j { 0.0 } else { 1.0 / 90.0 }).abs() < 1e-15)
    );
}

#[test]
fn the_start_is_the_principal_components_of_scikit_learn() {
    let start = pca_start(reference("points").view(), &mut rng(0));
    for (found, expected) in start.iter().zip(reference::<f64>("start").rows()) {
        for c in 0..2 {
            // The jitter has a standard deviation of 1e-6; only the sign of an axis is free.
            let off = (f64::from(found[c]).abs() - expected[c].abs()).abs();
            assert!(off < 5e-6, "{found:?}, not {expected}");
        }
    }
}
