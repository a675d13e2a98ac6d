//! All detectors on the same noisy steps, against each other and against the known floors.

use std::sync::LazyLock;

use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::*;
use crate::errors::{DetectionErrors, share_within};
use crate::filters::Filter;

const MODEL: BayesPosterior = BayesPosterior {
    jump_size: 3.0,
    noise: NoiseModel::Known { sigma: 1.0 },
    noise_after: None,
    first_jump: 21,
    last_jump: 80,
};

/// 12 000 signals of the thesis' form, σ = 1, θ = 3.
static SIGNALS: LazyLock<(Array2<f32>, Vec<usize>)> = LazyLock::new(|| {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let jumps: Vec<usize> = (0..12_000).map(|_| rng.random_range(21..=80)).collect();
    let signals = Array2::from_shape_fn((jumps.len(), 100), |(s, i)| {
        let noise: f64 = StandardNormal.sample(&mut rng);
        (noise + if i + 1 < jumps[s] { 0.0 } else { 3.0 }) as f32
    });
    (signals, jumps)
});

#[test]
fn decisions_of_the_posterior_reach_the_floor() {
    let (signals, jumps) = &*SIGNALS;
    let posterior = MODEL.posterior(signals.view());
    let median = DetectionErrors::of(&posterior.median(), jumps);
    let mean = DetectionErrors::of(&posterior.rounded_mean(), jumps);
    let map = DetectionErrors::of(&posterior.map(), jumps);
    assert!((median.l1 - 0.1669).abs() < 0.01, "{median:?}");
    assert!((median.p99_l1 - 0.1437).abs() < 0.01, "{median:?}");
    assert!((mean.l2 - 0.4649).abs() < 0.03, "{mean:?}");
    assert!((map.accuracy - 0.860).abs() < 0.01, "{map:?}");
}

#[test]
fn no_other_decision_is_more_often_within_one_sample() {
    let (signals, jumps) = &*SIGNALS;
    let posterior = MODEL.posterior(signals.view());
    let best = share_within(&posterior.most_within(1), jumps, 1).mean;
    for other in [posterior.map(), posterior.median(), posterior.rounded_mean()] {
        assert!(share_within(&other, jumps, 1).mean <= best);
    }
}

#[test]
fn the_baseline_has_the_errors_of_the_thesis() {
    let (signals, jumps) = &*SIGNALS;
    let errors =
        DetectionErrors::in_blocks(&GaussianDerivative::default().detect(signals.view()), jumps, 6_000);
    assert!((errors.p99_l1 - 0.477).abs() < 0.02 && (errors.p99_l2 - 0.740).abs() < 0.02, "{errors:?}");
}

#[test]
fn the_best_tau_is_about_the_thesis_2_9() {
    let (signals, jumps) = &*SIGNALS;
    let taus: Vec<f64> = (5..=20).map(|k| f64::from(k) * 0.3).collect();
    let scores = score_taus(GaussianDerivative::default(), &taus, signals.view(), jumps);
    let best = TauScore::best(&scores, |score| score.errors.l1).expect("taus were given");
    assert!((2.3..3.6).contains(&best.tau), "{}", best.tau);
    assert!(best.within_one.mean > scores[0].within_one.mean);
}

#[test]
fn an_unknown_sigma_costs_little() {
    let (signals, jumps) = (SIGNALS.0.slice(ndarray::s![..2_000, ..]), &SIGNALS.1[..2_000]);
    let unknown = BayesPosterior { noise: NoiseModel::Uniform { low: 0.5, high: 2.0 }, ..MODEL };
    let known = DetectionErrors::of(&MODEL.posterior(signals).median(), jumps);
    let blind = DetectionErrors::of(&unknown.posterior(signals).median(), jumps);
    assert!((known.l1 - blind.l1).abs() < 0.01);
}

#[test]
fn the_best_linear_detector_decides_as_the_posterior_s_maximum() {
    let (signals, _) = &*SIGNALS;
    let linear = LinearDetector::best(3.0, 1.0, 100, 21, 80);
    assert_eq!(linear.detect(signals.view()), MODEL.posterior(signals.view()).map());
    assert!(linear.weights.sum_axis(ndarray::Axis(0)).iter().all(|sum| sum.abs() < 1e-9));
}

#[test]
fn least_squares_that_knows_neither_level_nor_size_lies_near_the_floor() {
    let (signals, jumps) = &*SIGNALS;
    let free = LeastSquares { first_jump: 21, last_jump: 80 };
    let errors = DetectionErrors::of(&free.detect(signals.view()), jumps);
    assert!(0.1669 < errors.l1 && errors.l1 < 0.22, "{errors:?}");
}

#[test]
fn a_filter_detector_stays_within_its_positions() {
    let signals =
        Array2::from_shape_fn((1, 30), |(_, i)| if i < 3 { 0.0f32 } else { 1.0 + i as f32 / 100.0 });
    let all =
        FilterDetector { filter: Filter::difference(), padding: Padding::Edge, first_jump: 1, last_jump: 30 };
    assert_eq!(all.detect(signals.view()), [4]);
    let late = FilterDetector { first_jump: 10, last_jump: 20, ..all };
    assert!((10..=20).contains(&late.detect(signals.view())[0]));
}

#[test]
fn estimates_are_the_same_for_any_number_of_threads() {
    let signals = SIGNALS.0.slice(ndarray::s![..1_000, ..]);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
        pool.install(|| {
            let unknown = BayesPosterior { noise: NoiseModel::Uniform { low: 0.5, high: 2.0 }, ..MODEL };
            let posterior = unknown.posterior(signals).probabilities.mapv(f64::to_bits);
            (posterior, GaussianDerivative::default().detect(signals))
        })
    };
    let alone = run(1);
    assert!([2, 5].into_iter().all(|threads| run(threads) == alone));
}
