//! What an embedding is for: blobs apart, equal points together, the same bits again, and errors that say why not.

use std::ops::ControlFlow;

use ndarray::{Array1, Array2, ArrayView2, Axis, array, s};

use super::support::{blobs, normal, rng, short};
use crate::error::TsneError;
use crate::fit::Progress;
use crate::neighbours::Neighbours;
use crate::tsne::{RepulsionMethod, Tsne};

fn with_threads<T: Send>(n: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(work)
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
