//! Meaning and references: openTSNE's and scikit-learn's affinities, two blobs, bits over threads.

use std::ops::ControlFlow;

use ndarray::{Array1, Array2, Axis, array, s};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::*;
use crate::reference::matrix_of;

fn reference(name: &str) -> Array2<f64> {
    matrix_of("tsne", name)
}

fn reference_points(name: &str) -> Array2<f32> {
    matrix_of("tsne", name)
}

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn normal(n_points: usize, n_features: usize, seed: u64) -> Array2<f32> {
    let mut rng = rng(seed);
    Array2::from_shape_simple_fn((n_points, n_features), || StandardNormal.sample(&mut rng))
}

/// Two clouds of normal points in 10 dimensions, 10 standard deviations apart; the first half is one of them.
fn blobs(n_points: usize) -> Array2<f32> {
    let mut points = normal(n_points, 10, 1);
    points.slice_mut(s![..n_points / 2, 0]).mapv_inplace(|x| x + 10.0);
    points
}

fn short() -> Tsne {
    Tsne { perplexity: 20.0, n_early_iterations: 60, n_iterations: 60, ..Tsne::default() }
}

fn as_points(points: &Array2<f32>) -> Vec<Point> {
    points.rows().into_iter().map(|row| [row[0], row[1]]).collect()
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

fn with_threads<T: Send>(n: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(work)
}

#[test]
fn neighbours_are_those_of_scikit_learn() {
    let neighbours = Neighbours::exact(reference_points("points").view(), 18);
    assert_eq!(neighbours.indices.mapv(f64::from), reference("neighbours"));
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

#[test]
fn affinities_are_those_of_opentsne_and_of_scikit_learn() {
    let tsne = Tsne { perplexity: 6.0, ..Tsne::default() };
    let affinities = dense(&tsne.affinities(reference_points("points").view()).unwrap());
    // Both stop when the perplexity is near enough; SciPy's root finder goes on to the last digit.
    for (peer, tolerance) in [("opentsne", 1e-6), ("sklearn", 1e-6), ("scipy", 1e-11)] {
        for (found, expected) in affinities.iter().zip(&reference(&format!("affinities_{peer}"))) {
            assert!((found - expected).abs() < tolerance, "{peer}: {found}, not {expected}");
        }
    }
    assert!((affinities.sum() - 1.0).abs() < 1e-12);
    assert_eq!(affinities, affinities.t());
}

#[test]
fn rows_have_the_perplexity_asked_for() {
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
    let start = pca_start(reference_points("points").view(), &mut rng(0));
    for (found, expected) in start.iter().zip(reference("start").rows()) {
        for c in 0..2 {
            // The jitter has a standard deviation of 1e-6; only the sign of an axis is free.
            let off = (f64::from(found[c]).abs() - expected[c].abs()).abs();
            assert!(off < 5e-6, "{found:?}, not {expected}");
        }
    }
}

#[test]
fn divergence_and_forces_are_those_of_the_formulas() {
    let points = as_points(&reference_points("embedding"));
    let tsne = Tsne { perplexity: 6.0, ..Tsne::default() };
    let affinities = tsne.affinities(reference_points("points").view()).unwrap();
    assert!((kl_divergence(&affinities, &points) - reference("divergence")[(0, 0)]).abs() < 1e-6);
    let (mut pull, mut push) = (vec![[0.0; 2]; 60], vec![[0.0; 2]; 60]);
    Attraction::new(&affinities).forces(&points, &mut pull);
    ExactRepulsion::default().forces(&points, &mut push);
    for (found, name) in [(pull, "attraction"), (push, "repulsion")] {
        let expected = reference(name);
        let largest = expected.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
        for (found, expected) in found.as_flattened().iter().zip(&expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-6 * largest, "{name}: {found}, not {expected}");
        }
    }
}

/// Root of the mean squared error of the interpolated forces, relative to the forces, and the error of the sum.
fn error_of_interpolation(points: &[Point]) -> (f64, f64) {
    let mut forces = [(); 2].map(|()| vec![[0.0; 2]; points.len()]);
    let [exact, found] = &mut forces;
    let exact_sum = ExactRepulsion::default().forces(points, exact);
    let sum = InterpolatedRepulsion::new().forces(points, found);
    let squares = |values: &mut dyn Iterator<Item = f64>| values.map(|x| x * x).sum::<f64>();
    let (exact, found) = (exact.as_flattened(), found.as_flattened());
    let error = squares(&mut exact.iter().zip(found).map(|(a, b)| f64::from(a - b)));
    ((error / squares(&mut exact.iter().map(|&x| f64::from(x)))).sqrt(), (sum / exact_sum - 1.0).abs())
}

#[test]
fn interpolated_forces_are_close_to_exact_ones_at_every_size_of_the_embedding() {
    for (size, tolerance) in [(1e-4, 1e-4), (0.1, 1e-4), (1.0, 1e-4), (5.0, 5e-3), (20.0, 0.02), (60.0, 0.03)]
    {
        let mut points = as_points(&normal(3_000, 2, 3));
        points.iter_mut().for_each(|point| *point = [size * point[0], 0.4 * size * point[1]]);
        let (of_forces, of_sum) = error_of_interpolation(&points);
        assert!(of_forces < tolerance && of_sum < 2e-3, "size {size}: {of_forces} and {of_sum}");
    }
}

#[test]
fn a_grid_that_grew_gives_the_forces_of_a_new_one() {
    let mut kept = InterpolatedRepulsion::new();
    let mut forces = [(); 2].map(|()| vec![[0.0; 2]; 500]);
    for size in [1.0f32, 1.04, 30.0, 31.0, 90.0, 10.0] {
        let points: Vec<Point> = as_points(&normal(500, 2, 4)).iter().map(|p| p.map(|x| size * x)).collect();
        let [old, new] = &mut forces;
        kept.forces(&points, old);
        InterpolatedRepulsion::new().forces(&points, new);
        let largest = new.as_flattened().iter().fold(0.0f32, |largest, x| largest.max(x.abs()));
        for (old, new) in old.as_flattened().iter().zip(new.as_flattened()) {
            assert!((old - new).abs() < 0.03 * largest, "size {size}: {old} and {new}");
        }
    }
}

#[test]
fn tsne_keeps_two_blobs_apart_by_either_repulsion() {
    for repulsion in [RepulsionMethod::Exact, RepulsionMethod::Interpolated] {
        let tsne = Tsne { repulsion, n_early_iterations: 250, n_iterations: 250, ..short() };
        let embedding = tsne.fit(blobs(400).view(), &mut rng(0)).unwrap();
        let neighbours = Neighbours::exact(embedding.points.view(), 10);
        let is_first = |i: usize| i < 200;
        let same = |(i, row): (usize, ndarray::ArrayView1<u32>)| {
            row.iter().all(|&j| is_first(i) == is_first(j as usize))
        };
        assert!(neighbours.indices.rows().into_iter().enumerate().all(same), "{repulsion:?}");
    }
}

#[test]
fn both_repulsions_lead_to_the_same_divergence() {
    let points = normal(1_500, 10, 5);
    let divergence = |repulsion| {
        let tsne = Tsne { repulsion, n_early_iterations: 250, n_iterations: 250, ..short() };
        tsne.fit(points.view(), &mut rng(0)).unwrap().kl_divergence
    };
    let (exact, interpolated) =
        (divergence(RepulsionMethod::Exact), divergence(RepulsionMethod::Interpolated));
    // Descent is chaotic: from seed to seed either divergence varies by 0.04.
    assert!((exact - interpolated).abs() < 0.05, "{exact} and {interpolated}");
}

#[test]
fn the_same_seed_gives_the_same_bits_for_any_number_of_threads() {
    for repulsion in [RepulsionMethod::Exact, RepulsionMethod::Interpolated] {
        let tsne = Tsne { repulsion, ..short() };
        let fit = || tsne.fit(blobs(1_100).view(), &mut rng(7)).unwrap();
        let [one, two, five] = [1, 2, 5].map(|n| with_threads(n, fit));
        assert_eq!(one, two);
        assert_eq!(one, five);
        assert_ne!(one, tsne.fit(blobs(1_100).view(), &mut rng(8)).unwrap());
    }
}

#[test]
fn progress_tells_a_falling_divergence_and_can_stop_the_run() {
    let tsne = Tsne { perplexity: 20.0, n_early_iterations: 100, n_iterations: 200, ..Tsne::default() };
    let mut seen = Vec::new();
    let embedding = tsne.fit_with_progress(blobs(300).view(), &mut rng(0), &mut |progress| {
        seen.push(*progress);
        ControlFlow::Continue(())
    });
    assert_eq!(seen.iter().map(|p| p.iteration).collect::<Vec<_>>(), [50, 100, 150, 200, 250, 300]);
    assert!(seen[5].kl_divergence < seen[0].kl_divergence);
    assert!((seen[5].kl_divergence - embedding.unwrap().kl_divergence).abs() < 0.01);
    let mut stop = |_: &Progress| ControlFlow::Break(());
    let stopped = tsne.fit_with_progress(blobs(300).view(), &mut rng(0), &mut stop);
    assert_eq!(stopped, Err(TsneError::Stopped(50)));
}

#[test]
fn equal_points_end_up_together() {
    let mut points = blobs(200);
    for i in 1..40 {
        let first = points.row(0).to_owned();
        points.row_mut(i).assign(&first);
    }
    let embedding = Tsne { n_iterations: 300, ..short() }.fit(points.view(), &mut rng(0)).unwrap();
    let spread = |rows: ArrayView2<f32>| rows.std_axis(Axis(0), 0.0).sum();
    assert!(embedding.kl_divergence.is_finite());
    assert!(spread(embedding.points.slice(s![..40, ..])) < 0.2 * spread(embedding.points.view()));
}

#[test]
fn constant_activations_have_an_embedding() {
    let embedding = short().fit(Array2::ones((100, 4)).view(), &mut rng(0)).unwrap();
    assert!(embedding.points.iter().all(|x| x.is_finite()) && embedding.kl_divergence.is_finite());
}

#[test]
fn a_single_feature_has_an_embedding() {
    let line = Array1::range(0.0f32, 100.0, 1.0).insert_axis(Axis(1));
    let embedding = short().fit(line.view(), &mut rng(0)).unwrap();
    // Neighbours on the line stay neighbours.
    let step = |i: usize| (&embedding.points.row(i) - &embedding.points.row(i + 1)).mapv(|d| d * d).sum();
    let whole = (&embedding.points.row(0) - &embedding.points.row(99)).mapv(|d| d * d).sum();
    assert!((0..99).all(|i| step(i) < 0.1 * whole));
}

#[test]
fn what_cannot_be_embedded_is_named() {
    let said = |tsne: &Tsne, activations: &Array2<f32>| {
        tsne.fit(activations.view(), &mut rng(0)).unwrap_err().to_string()
    };
    let mut spoilt = blobs(100);
    spoilt[(3, 7)] = f32::NAN;
    assert_eq!(said(&short(), &spoilt), "activations[3, 7] = NaN: t-SNE needs finite numbers");
    assert_eq!(
        said(&Tsne::default(), &blobs(61)),
        "perplexity = 30: must be 1 to 20 for 61 points, a third of the others"
    );
    assert_eq!(
        said(&short(), &Array2::zeros((100, 0))),
        "activations of shape [100, 0]: t-SNE needs at least one feature"
    );
    let fast = Tsne { learning_rate: Some(-1.0), ..short() };
    assert_eq!(said(&fast, &blobs(100)), "learning_rate = -1: must be a number above 0");
    let far_too_fast = Tsne { learning_rate: Some(1e38), ..short() };
    assert!(said(&far_too_fast, &blobs(100)).starts_with("t-SNE diverged after"));
    assert!(short().fit(array![[1.0f32]].view(), &mut rng(0)).is_err());
    assert!(short().fit(Array2::zeros((0, 3)).view(), &mut rng(0)).is_err());
}
