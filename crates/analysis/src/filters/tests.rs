use ndarray::{Array1, array};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::*;
use crate::reference;

fn assert_close(ours: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(ours.len(), expected.len());
    for (a, b) in ours.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance, "{ours:?} is not {expected:?}");
    }
}

#[test]
fn convolution_flips_the_filter() {
    let impulse = array![0.0, 0.0, 1.0, 0.0, 0.0];
    let response = Filter::from_taps([1.0, 2.0, 3.0]).convolve(impulse.view(), Padding::Zero);
    assert_eq!(response, array![0.0, 1.0, 2.0, 3.0, 0.0]);
    let delayed = Filter::starting_at(1, [1.0]).convolve(impulse.view(), Padding::Zero);
    assert_eq!(delayed, array![0.0, 0.0, 0.0, 1.0, 0.0]);
}

#[test]
fn a_conv_layer_s_kernel_becomes_the_filter_it_applies() {
    let (kernel, signal) = (array![1.0f32, 2.0, 4.0], array![1.0f32, 0.0, 3.0, 5.0]);
    let cross_correlated = array![2.0 + 0.0, 1.0 + 12.0, 6.0 + 20.0, 3.0 + 10.0];
    assert_eq!(Filter::from_kernel(kernel.view()).convolve(signal.view(), Padding::Zero), cross_correlated);
}

/// NumPy: `convolve(pad(signal, 12, mode), taps, "same")[12:-12]`.
#[test]
fn convolution_is_numpy_s() {
    let [taps, signal] = ["taps", "signal"].map(reference::vector);
    let filter = Filter::from_taps(taps.to_vec());
    let paddings = [("symmetric", Padding::Reflect), ("edge", Padding::Edge), ("constant", Padding::Zero)];
    for (mode, padding) in paddings {
        let expected = reference::vector(&format!("convolved_{mode}"));
        assert_close(&filter.convolve(signal.view(), padding).to_vec(), &expected.to_vec(), 1e-12);
    }
}

/// NumPy: `[sum, sum of squares, norm]` of the smoother and of its derivative, and their taps.
#[test]
fn gains_of_the_gaussian_and_its_derivative_are_numpy_s() {
    for (name, filter) in
        [("gaussian", Filter::gaussian(19, 2.9)), ("derivative", Filter::gaussian_derivative(19, 2.9))]
    {
        assert_close(filter.taps(), &reference::vector(&format!("{name}_taps")).to_vec(), 1e-12);
        let moments = [filter.gain(), filter.noise_gain(), filter.norm()];
        assert_close(&moments, &reference::vector(&format!("{name}_moments")).to_vec(), 1e-12);
    }
}

/// NumPy: `convolve` of a step far longer than the signal, for [`Filter::mixed`] and t0 = 50, θ = 3.
#[test]
fn the_mean_of_a_filtered_step_is_that_of_the_filtered_clean_step() {
    let mean = Filter::mixed().step_mean(100, 50, 3.0);
    assert_close(&mean.to_vec(), &reference::vector("step_mean").to_vec(), 1e-12);
    let step = Array1::from_shape_fn(100, |i| if i + 1 < 50 { 0.0 } else { 3.0 });
    assert_close(&mean.to_vec(), &Filter::mixed().convolve(step.view(), Padding::Edge).to_vec(), 1e-12);
}

#[test]
fn equations_3_3_and_3_4_agree_with_simulation() {
    const N_TRIALS: usize = 4_000;
    let (jump, theta, sigma) = (50, 3.0, 0.7);
    for filter in [Filter::mixed(), Filter::gaussian_derivative(19, 2.9), Filter::smoothing(5)] {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let (mut sum, mut squares) = (Array1::<f64>::zeros(100), Array1::<f64>::zeros(100));
        for _ in 0..N_TRIALS {
            let noisy = Array1::from_shape_fn(100, |i| {
                let noise: f64 = StandardNormal.sample(&mut rng);
                sigma * noise + if i + 1 < jump { 0.0 } else { theta }
            });
            let filtered = filter.convolve(noisy.view(), Padding::Reflect);
            sum += &filtered;
            squares += &filtered.mapv(|y| y * y);
        }
        let mean = sum / N_TRIALS as f64;
        let variance = squares / N_TRIALS as f64 - mean.mapv(|m| m * m);
        let expected = filter.step_mean(100, jump, theta);
        let error = (filter.filtered_variance(sigma) / N_TRIALS as f64).sqrt();
        // Within the filter's reach of an end the padding counts.
        for i in 20..80 {
            assert!((mean[i] - expected[i]).abs() < 4.5 * error);
            assert!((variance[i] / filter.filtered_variance(sigma) - 1.0).abs() < 0.12);
        }
    }
}

#[test]
fn smoothing_then_differencing_is_the_gaussian_derivative() {
    let signal = Array1::from_shape_fn(40, |i| (i as f64 * 0.7).sin());
    let at_once = Filter::gaussian_derivative(7, 1.5).convolve(signal.view(), Padding::Zero);
    let smooth = Filter::gaussian(7, 1.5).convolve(signal.view(), Padding::Zero);
    let stepwise = Filter::difference().convolve(smooth.view(), Padding::Zero);
    // Step by step, the first difference sees a zero before the smoothed signal and not its tail.
    assert_close(&at_once.to_vec()[1..], &stepwise.to_vec()[1..], 1e-12);
}

#[test]
fn the_thesis_mixed_filter_splits_as_in_the_thesis() {
    let FilterParts { smoothing, difference } = Filter::mixed().split();
    assert_eq!(smoothing.taps(), [1.0, 1.0, 1.0, 0.0, 0.0]);
    assert_eq!(difference.taps(), [0.0, 0.0, 0.0, 1.0, -1.0]);
    assert_eq!(&smoothing + &difference, Filter::mixed());
}

#[test]
fn parts_of_any_filter_add_up_smooth_in_one_sign_and_cancel_in_the_other() {
    for taps in [vec![0.2, -0.5, -0.9, 0.1, 0.3], vec![1.0, -2.0, 1.0], vec![3.0], vec![-0.1, 0.7, -0.1, 0.8]]
    {
        let filter = Filter::from_taps(taps);
        let FilterParts { smoothing, difference } = filter.split();
        assert_close((&smoothing + &difference).taps(), filter.taps(), 1e-15);
        assert!(smoothing.taps().iter().all(|tap| 0.0 <= tap * filter.gain()));
        assert!(difference.gain().abs() < 1e-12);
    }
}

#[test]
fn kinds_of_known_filters() {
    let kind = |taps: &[f64]| FilterRule::default().kind(&Filter::from_taps(taps), true);
    assert_eq!(kind(&[0.2, 0.6, 0.2]), FilterKind::Smoother);
    assert_eq!(kind(&[-0.5, -1.0, -0.4, 0.05]), FilterKind::Smoother);
    assert_eq!(kind(&[1.0, 1.0, 1.0, 1.0, -1.0]), FilterKind::Mixed);
    assert_eq!(kind(&[1.0, -1.0]), FilterKind::Differentiator);
    assert_eq!(kind(&[1.0, -2.0, 1.0]), FilterKind::Differentiator);
    assert_eq!(kind(&[1e-5, 0.0]), FilterKind::Dead);
    assert_eq!(FilterRule::default().kind(&Filter::difference(), false), FilterKind::Dead);
}

#[test]
fn the_smoothing_share_is_the_weight_of_the_smoothing_part() {
    let filter = Filter::from_taps([0.2, -0.5, -0.9, 0.1, 0.3]);
    let weight = |filter: &Filter| filter.taps().iter().map(|tap| tap.abs()).sum::<f64>();
    assert!((filter.smoothing_share() - weight(&filter.split().smoothing) / weight(&filter)).abs() < 1e-12);
}

#[test]
fn filters_of_unlike_reach_add_lag_by_lag() {
    let sum = &Filter::from_taps([1.0, 2.0, 1.0]) + &(&Filter::difference() * 2.0);
    assert_eq!((sum.lags(), sum.taps()), (-1..2, [1.0, 4.0, -1.0].as_slice()));
}
