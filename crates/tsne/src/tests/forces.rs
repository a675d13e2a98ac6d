//! Divergence and forces against the formulas, and the grid against all pairs.

use super::support::{as_points, normal, reference};
use crate::attraction::Attraction;
use crate::divergence::kl_divergence;
use crate::gradient_exact::ExactRepulsion;
use crate::gradient_fft::InterpolatedRepulsion;
use crate::point::Point;
use crate::repulsion::Repulsion;
use crate::tsne::Tsne;

#[test]
fn divergence_and_forces_are_those_of_the_formulas() {
    let points = as_points(&reference("embedding"));
    let tsne = Tsne { perplexity: 6.0, ..Tsne::default() };
    let affinities = tsne.affinities(reference("points").view()).unwrap();
    assert!((kl_divergence(&affinities, &points) - reference::<f64>("divergence")[(0, 0)]).abs() < 1e-6);
    let (mut pull, mut push) = (vec![[0.0; 2]; 60], vec![[0.0; 2]; 60]);
    Attraction::new(&affinities).forces(&points, &mut pull);
    ExactRepulsion::default().forces(&points, &mut push);
    for (found, name) in [(pull, "attraction"), (push, "repulsion")] {
        let expected = reference::<f64>(name);
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
