//! Moments, classes and settings of the jump signals.

use ndarray::s;

use super::*;

fn draw(settings: JumpSettings, n_samples: usize) -> JumpSignals {
    settings.draw(n_samples, &Streams::new(0))
}

/// The thesis' signals as any samples, for tests of what is done to them.
pub(crate) fn draw_signals(n_samples: usize, streams: &Streams) -> Dataset {
    JumpSettings::default().draw(n_samples, streams).dataset
}

fn n_per_class(signals: &JumpSignals) -> Vec<usize> {
    let mut counts = vec![0; signals.dataset.n_classes()];
    for &label in signals.dataset.labels() {
        counts[label] += 1;
    }
    counts
}

/// Mean and standard deviation of the noise before the jumps, and the same from the jumps on.
fn moments(signals: &JumpSignals) -> [(f64, f64); 2] {
    let mut parts = [Vec::new(), Vec::new()];
    for (signal, &jump) in signals.dataset.rows().rows().into_iter().zip(&signals.jumps) {
        parts[0].extend(signal.slice(s![..jump - 1]).iter().map(|&x| f64::from(x)));
        parts[1].extend(signal.slice(s![jump - 1..]).iter().map(|&x| f64::from(x)));
    }
    parts.map(|values| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        (mean, variance.sqrt())
    })
}

fn assert_near(found: (f64, f64), expected: (f64, f64), tolerance: f64) {
    let off = (found.0 - expected.0).abs().max((found.1 - expected.1).abs());
    assert!(off < tolerance, "mean and deviation {found:?}, expected {expected:?}");
}

#[test]
fn the_thesis_has_60_classes_of_100_samples_with_jumps_at_21_to_80() {
    let settings = JumpSettings::default();
    assert_eq!((settings.n_features, settings.n_classes()), (100, 60));
    assert_eq!((settings.jump_of(0), settings.jump_of(59)), (21, 80));
    let signals = draw(settings, 600);
    assert_eq!(signals.dataset.rows().dim(), (600, 100));
    assert_eq!(signals.dataset.feature_shape(), [100]);
    for (&label, jump) in signals.dataset.labels().iter().zip(&signals.jumps) {
        assert_eq!((label + 21, signals.dataset.classes()[label].clone()), (*jump, jump.to_string()));
    }
}

#[test]
fn a_balanced_draw_has_equally_many_signals_of_each_class_in_random_order() {
    let signals = draw(JumpSettings::default(), 600);
    assert_eq!(n_per_class(&signals), [10; 60]);
    assert_ne!(signals.dataset.labels()[..60], signals.dataset.labels()[60..120]);
    let uneven = n_per_class(&draw(JumpSettings::default(), 90));
    assert!(uneven.iter().all(|&n| n == 1 || n == 2));
}

#[test]
fn random_classes_are_spread_evenly_but_for_chance() {
    let settings = JumpSettings { balanced: false, ..JumpSettings::default() };
    let counts = n_per_class(&draw(settings, 6_000));
    // Binomial with mean 100: chi-square of 59 degrees of freedom, 0.1 % of which lies above 98.3.
    let chi_square: f64 = counts.iter().map(|&n| (n as f64 - 100.0).powi(2) / 100.0).sum();
    assert!((20.0..98.3).contains(&chi_square), "chi-square {chi_square}");
}

#[test]
fn the_noise_has_mean_zero_before_and_theta_from_the_jump_on() {
    let [before, after] = moments(&draw(JumpSettings::default(), 3_000));
    assert_near(before, (0.0, 1.0), 0.01);
    assert_near(after, (3.0, 1.0), 0.01);
}

#[test]
fn the_general_form_has_its_own_jump_and_noise_on_either_side() {
    let settings = JumpSettings {
        jump_size: -2.0,
        sigma_before: Sigma::Fixed(0.5),
        sigma_after: Some(Sigma::Fixed(2.0)),
        ..JumpSettings::default()
    };
    let [before, after] = moments(&draw(settings, 3_000));
    assert_near(before, (0.0, 0.5), 0.01);
    assert_near(after, (-2.0, 2.0), 0.02);
}

#[test]
fn a_sigma_of_a_range_is_drawn_once_per_signal_and_is_the_signal_s_deviation() {
    let settings = JumpSettings {
        n_features: 2_000,
        sigma_before: Sigma::Uniform { low: 0.5, high: 2.0 },
        ..JumpSettings::default()
    };
    let signals = draw(settings, 200);
    assert_ne!(signals.sigmas[0], signals.sigmas[1]);
    let mean = signals.sigmas.iter().map(|[sigma, _]| sigma).sum::<f64>() / 200.0;
    assert!((mean - 1.25).abs() < 0.1, "mean sigma {mean}");
    for (signal, [before, after]) in signals.dataset.rows().rows().into_iter().zip(&signals.sigmas) {
        assert_eq!(before, after);
        assert!((0.5..=2.0).contains(before));
        // 1 920 values: a deviation known to 1.6 %.
        assert!((f64::from(signal.slice(s![80..]).std(0.0)) / after - 1.0).abs() < 0.08);
    }
}

#[test]
fn a_noiseless_signal_jumps_by_theta_at_its_class() {
    let steps = JumpSettings::default().noiseless();
    assert_eq!(steps.dim(), (60, 100));
    assert_eq!((steps[(0, 19)], steps[(0, 20)]), (0.0, 3.0));
    assert_eq!((steps[(59, 78)], steps[(59, 79)]), (0.0, 3.0));
}

#[test]
fn noise_of_zero_gives_the_noiseless_signal() {
    let settings = JumpSettings { sigma_before: Sigma::Fixed(0.0), ..JumpSettings::default() };
    let steps = settings.noiseless();
    let dataset = draw(settings, 60).dataset;
    assert_eq!(dataset.rows(), steps.select(ndarray::Axis(0), dataset.labels()));
}

#[test]
fn the_draw_is_the_same_for_ever() {
    let signals = draw(JumpSettings::default(), 60);
    assert_eq!((signals.jumps[0], signals.jumps[59]), (40, 55));
    assert_eq!(signals.dataset.rows()[(0, 0)], 0.550_704_3);
    assert_eq!(signals.dataset.rows()[(59, 99)], 3.692_748_8);
}

#[test]
fn settings_that_describe_no_signal_are_refused_by_name() {
    let base = JumpSettings::default;
    let wrong: [(&str, JumpSettings); 9] = [
        ("n_features = 1:", JumpSettings { n_features: 1, ..base() }),
        ("jump_size = NaN:", JumpSettings { jump_size: f64::NAN, ..base() }),
        ("first_jump = 1:", JumpSettings { first_jump: 1, ..base() }),
        ("first_jump = 101:", JumpSettings { first_jump: 101, ..base() }),
        ("last_jump = 20:", JumpSettings { last_jump: 20, ..base() }),
        ("last_jump = 101:", JumpSettings { last_jump: 101, ..base() }),
        ("sigma_before = -1:", JumpSettings { sigma_before: Sigma::Fixed(-1.0), ..base() }),
        ("sigma_after = NaN:", JumpSettings { sigma_after: Some(Sigma::Fixed(f64::NAN)), ..base() }),
        (
            "sigma_before = 2 to 1:",
            JumpSettings { sigma_before: Sigma::Uniform { low: 2.0, high: 1.0 }, ..base() },
        ),
    ];
    for (start, settings) in wrong {
        let error = settings.check().unwrap_err().to_string();
        assert!(error.starts_with(start), "{error}");
    }
    assert!(base().check().is_ok());
}

#[test]
fn a_recipe_may_leave_out_any_setting_and_write_sigma_either_way() {
    let settings: JumpSettings =
        toml::from_str("sigma_before = 1\nsigma_after = { low = 0.5, high = 2 }\nfirst_jump = 30").unwrap();
    let expected = JumpSettings {
        sigma_after: Some(Sigma::Uniform { low: 0.5, high: 2.0 }),
        first_jump: 30,
        ..JumpSettings::default()
    };
    assert_eq!(settings, expected);
    assert_eq!(toml::from_str::<JumpSettings>(&toml::to_string(&expected).unwrap()).unwrap(), expected);
}

#[test]
fn a_recipe_with_a_setting_that_does_not_exist_is_refused() {
    let refused = |text: &str| toml::from_str::<JumpSettings>(text).unwrap_err().to_string();
    assert!(refused("jump_sise = 2.0").contains("unknown field `jump_sise`"));
    assert!(refused("sigma_before = { low = 1.0, hihg = 2.0 }").contains("a standard deviation is"));
    assert!(
        refused("sigma_before = { low = 1.0, high = 2.0, step = 1.0 }").contains("a standard deviation is")
    );
}
