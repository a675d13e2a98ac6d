use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::reference;

fn assert_close(ours: f64, expected: f64) {
    assert!((ours - expected).abs() < 1e-9, "{ours} is not {expected}");
}

/// SciPy: `t.interval(0.95, n − 1, mean, sem)` of vectors of 2 to 20 values.
#[test]
fn t_intervals_are_scipy_s() {
    let values = reference::vector("normal").to_vec();
    for row in reference::matrix::<f64>("t_intervals").rows() {
        let interval = Interval::of_mean(&values[..row[0] as usize]);
        assert_close(interval.mean, row[1]);
        assert!((interval.lo - row[2]).abs() < 1e-7 && (interval.hi - row[3]).abs() < 1e-7, "{interval:?}");
    }
}

#[test]
fn one_value_has_no_width() {
    assert_eq!(Interval::of_mean(&[3.0]), Interval { mean: 3.0, lo: 3.0, hi: 3.0, n: 1 });
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    assert_eq!(Interval::bootstrap(&[3.0], 100, &mut rng), Interval::of_mean(&[3.0]));
    assert!(Interval::of_mean(&[]).mean.is_nan());
}

/// SciPy: `binomtest(k, n).proportion_ci(method="wilson")`.
#[test]
fn wilson_intervals_are_scipy_s() {
    for row in reference::matrix::<f64>("wilson").rows() {
        let interval = Interval::of_share(row[0] as u64, row[1] as u64);
        assert_close(interval.lo, row[2]);
        assert_close(interval.hi, row[3]);
    }
    assert_eq!((Interval::of_share(0, 10).lo, Interval::of_share(10, 10).hi), (0.0, 1.0));
}

/// SciPy: `bootstrap((values,), np.mean, method="percentile", n_resamples=200_000)`; chance allows a little.
#[test]
fn the_bootstrap_interval_is_scipy_s_but_for_chance() {
    let values = reference::vector("normal").to_vec();
    let expected = reference::vector("bootstrap");
    let interval = Interval::bootstrap(&values, 20_000, &mut ChaCha8Rng::seed_from_u64(5));
    assert!((interval.lo - expected[0]).abs() < 0.01 && (interval.hi - expected[1]).abs() < 0.01);
    assert_eq!(interval, Interval::bootstrap(&values, 20_000, &mut ChaCha8Rng::seed_from_u64(5)));
}

/// SciPy: `[ttest_1samp(x, 0.2), ttest_rel(x, y), binomtest(count(x > 0), n), pearsonr(x, y)]`.
#[test]
fn tests_and_correlation_are_scipy_s() {
    let [x, y] = ["normal", "related"].map(|name| reference::vector(name).to_vec());
    let expected = reference::vector("significance");
    assert_close(t_test(&x, 0.2).unwrap(), expected[0]);
    assert_close(paired_t_test(&x, &y).unwrap(), expected[1]);
    assert_close(sign_test(&x), expected[2]);
    assert_close(pearson(&x, &y), expected[3]);
}

#[test]
fn tests_of_too_little_find_nothing() {
    assert_eq!((t_test(&[1.0], 0.0), t_test(&[], 0.0)), (None, None));
    assert_eq!((sign_test(&[]), sign_test(&[0.0, 0.0]), sign_test(&[1.0, -1.0])), (1.0, 1.0, 1.0));
    assert!(pearson(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
}

/// SciPy: `binomtest(k, n).proportion_ci(method="exact")` and `binomtest(k, n).pvalue`.
#[test]
fn exact_intervals_of_shares_and_their_tests_are_scipy_s() {
    for row in reference::matrix::<f64>("exact_shares").rows() {
        let (k, n) = (row[0] as u64, row[1] as u64);
        let interval = Interval::of_share_exact(k, n);
        assert!((interval.lo - row[2]).abs() < 1e-9 && (interval.hi - row[3]).abs() < 1e-9, "{interval:?}");
        assert_close(sign_test(&outcomes(k, n)), row[4]);
    }
    assert_eq!((Interval::of_share_exact(0, 10).lo, Interval::of_share_exact(10, 10).hi), (0.0, 1.0));
    assert!(Interval::of_share_exact(0, 0).mean.is_nan());
}

/// As many ones as successes, the rest minus ones.
fn outcomes(successes: u64, trials: u64) -> Vec<f64> {
    (0..trials).map(|trial| if trial < successes { 1.0 } else { -1.0 }).collect()
}

/// Four of four: 2 · ½⁴ = .125, and by hand (α/2)^(1/4) = .025^¼ = .398 for the lower end.
#[test]
fn four_of_four_decide_nothing() {
    assert_close(sign_test(&outcomes(4, 4)), 0.125);
    let interval = Interval::of_share_exact(4, 4);
    assert!((interval.lo - 0.025f64.powf(0.25)).abs() < 1e-9 && interval.lo < 0.5, "{interval:?}");
}

#[test]
fn values_that_are_all_the_same_have_no_t_test_and_half_to_the_power_of_one_less_by_signs() {
    assert_eq!((t_test(&[2.0, 2.0], 2.0), t_test(&[1.0; 10], 0.5)), (None, None));
    // Thirds of three that are the same but for their last bit.
    assert_eq!(t_test(&[0.1 + 0.2, 0.3, 0.3], 0.0), None);
    assert_close(sign_test(&[1.0; 10]), 2.0f64.powi(1 - 10));
}

/// t = 2 / (1/√3) = 2√3 with 2 degrees of freedom: p = 1 − t / √(2 + t²) = 1 − 2√3/√14.
#[test]
fn the_t_test_of_one_two_three_by_hand() {
    assert_close(t_test(&[1.0, 2.0, 3.0], 0.0).unwrap(), 1.0 - (12.0f64 / 14.0).sqrt());
}

proptest! {
    #[test]
    fn an_exact_interval_holds_its_share_and_excludes_one_half_just_where_the_test_decides(
        n in 1u64..40, share in 0.0f64..=1.0
    ) {
        let k = (share * n as f64).round() as u64;
        let Interval { mean, lo, hi, .. } = Interval::of_share_exact(k, n);
        prop_assert!((0.0..=mean).contains(&lo) && (mean..=1.0).contains(&hi));
        let mirrored = Interval::of_share_exact(n - k, n);
        prop_assert!((lo - (1.0 - mirrored.hi)).abs() < 1e-9);
        prop_assert_eq!(0.5 < lo || hi < 0.5, sign_test(&outcomes(k, n)) < 0.05);
    }

    #[test]
    fn a_t_test_decides_just_where_the_interval_leaves_the_expected_value_out(
        values in prop::collection::vec(-1.0f64..1.0, 2..12), expected in -1.0f64..1.0
    ) {
        let interval = Interval::of_mean(&values);
        if let Some(p) = t_test(&values, expected) && 1e-6 < (p - 0.05).abs() {
            prop_assert_eq!(p < 0.05, expected < interval.lo || interval.hi < expected);
        }
    }

    #[test]
    fn holm_s_correction_keeps_order_never_lowers_and_grows_with_tests_that_were_not_run(
        p_values in prop::collection::vec(0.0f64..=1.0, 1..20), n_more in 0usize..10
    ) {
        let adjusted = holm(&p_values);
        let family: Vec<f64> = p_values.iter().copied().chain(std::iter::repeat_n(1.0, n_more)).collect();
        let in_family = holm(&family);
        for (i, &p) in p_values.iter().enumerate() {
            prop_assert!(p <= adjusted[i] && adjusted[i] <= in_family[i] && in_family[i] <= 1.0);
            for (j, &q) in p_values.iter().enumerate() {
                prop_assert!(q < p || adjusted[i] <= adjusted[j]);
            }
        }
    }
}

#[test]
fn the_sign_test_of_ten_wins_is_two_in_1024() {
    assert_close(sign_test(&[1.0; 10]), 2.0 / 1024.0);
}

#[test]
fn a_difference_is_taken_in_pairs() {
    let interval = Interval::of_difference(&[1.0, 12.0, 103.0], &[0.0, 10.0, 100.0]);
    assert_eq!((interval, interval.mean), (Interval::of_mean(&[1.0, 2.0, 3.0]), 2.0));
}

/// Worked by hand: 0.01 · 4, 0.02 · 3, 0.04 · 2 and then never smaller.
#[test]
fn holm_s_correction_of_four_by_hand() {
    let adjusted = holm(&[0.02, 0.06, 0.01, 0.04]);
    let expected = [0.06, 0.08, 0.04, 0.08];
    adjusted.iter().zip(expected).for_each(|(a, b)| assert_close(*a, b));
    assert_eq!(holm(&[0.6, 0.9]), [1.0, 1.0]);
}

#[test]
fn quantiles_lie_between_neighbours() {
    assert_eq!((median(&[3.0, 1.0, 2.0, 9.0]), median(&[7.0])), (2.5, 7.0));
    assert_eq!(quantile(&[0.0, 10.0, 20.0], 0.25), 5.0);
    assert_eq!((quantile(&[4.0], 0.9), quantile(&[1.0, 2.0], 1.0)), (4.0, 2.0));
    assert!(quantile(&[], 0.5).is_nan());
}

#[test]
fn one_more_value_is_expected_farther_out_than_the_mean() {
    // sd = 1, n = 3, t(0.975, 2) = 4.302653: 2 ± 4.302653 · √(4/3).
    let (lo, hi) = Interval::of_mean(&[1.0, 2.0, 3.0]).of_next().unwrap();
    assert!((hi - 6.968_275).abs() < 1e-5 && (lo + 2.968_275).abs() < 1e-5);
    assert_eq!(Interval::of_mean(&[1.0]).of_next(), None);
}
