//! Elementary functions without a branch or a call, so that a loop over them is vectorised.
//!
//! No fused multiply-add, so that every processor gives the same bits.

use std::f32::consts::{FRAC_1_SQRT_2, LOG2_E};

/// `e^x` with a relative error below 2e-7 for -87 ≤ x ≤ 88; x outside is moved to the ends.
///
/// Range reduction to ± ln 2 / 2 and a polynomial of degree 6 (Cephes, `expf`).
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    /// Adding and taking away 1.5 · 2²³ rounds to the nearest whole number.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN_2_HIGH - n * LN_2_LOW;
    let mut p = 1.987_569_2e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 0.5;
    let p = p * r * r + r + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    p * f32::from_bits(exponent)
}

/// The logistic function `1 / (1 + e^−x)`, with an absolute error below 2e-7; below −87, where e^−x is moved to the end, 0.
#[inline(always)]
pub fn logistic(x: f32) -> f32 {
    let logistic = 1.0 / (1.0 + exp(-x));
    if x < -87.0 { 0.0 } else { logistic }
}

/// The hyperbolic tangent, with an absolute error below 3e-7.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let e = exp(-2.0 * x.abs());
    ((1.0 - e) / (1.0 + e)).copysign(x)
}

/// The normal distribution function Φ(x) and its density φ(x), with absolute errors below 5e-7.
///
/// `Φ(x) = (1 + erf(x / √2)) / 2` by Abramowitz and Stegun 1964, eq. 7.1.26, whose `e^(−x²/2)` is the density's too.
#[inline(always)]
pub fn normal(x: f32) -> (f32, f32) {
    const ONE_OVER_SQRT_2_PI: f32 = 0.398_942_3;
    // Farther off it is zero, and x e^(−x²/2) too.
    let e = if 13.0 < x.abs() { 0.0 } else { exp(-0.5 * x * x) };
    let t = 1.0 / (1.0 + 0.327_591_1 * FRAC_1_SQRT_2 * x.abs());
    let mut p = 1.061_405_4;
    p = p * t - 1.453_152;
    p = p * t + 1.421_413_7;
    p = p * t - 0.284_496_74;
    p = p * t + 0.254_829_6;
    let beyond = 0.5 * p * t * e;
    (if x < 0.0 { beyond } else { 1.0 - beyond }, ONE_OVER_SQRT_2_PI * e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_exact_to_seven_digits() {
        for i in -8_700..8_800 {
            let x = i as f32 / 100.0;
            let expected = f64::from(x).exp();
            assert!((f64::from(exp(x)) / expected - 1.0).abs() < 2e-7, "{x}");
        }
    }

    #[test]
    fn the_others_keep_their_stated_errors() {
        for i in -5_000..5_000 {
            let x = i as f32 / 1_000.0;
            let wide = f64::from(x);
            assert!((f64::from(logistic(x)) - 1.0 / (1.0 + (-wide).exp())).abs() < 2e-7, "{x}");
            assert!((f64::from(tanh(x)) - wide.tanh()).abs() < 3e-7, "{x}");
            let (distribution, density) = normal(x);
            let expected = 0.5 * (1.0 + statrs::function::erf::erf(wide / std::f64::consts::SQRT_2));
            assert!((f64::from(distribution) - expected).abs() < 5e-7, "{x}");
            let expected = (-wide * wide / 2.0).exp() / std::f64::consts::TAU.sqrt();
            assert!((f64::from(density) - expected).abs() < 5e-7, "{x}");
        }
    }

    #[test]
    fn what_is_no_number_stays_none() {
        let (distribution, density) = normal(f32::NAN);
        for y in [exp(f32::NAN), logistic(f32::NAN), tanh(f32::NAN), distribution, density] {
            assert!(y.is_nan());
        }
    }

    #[test]
    fn far_arguments_reach_the_limits() {
        assert_eq!((tanh(1e30), tanh(-1e30)), (1.0, -1.0));
        assert_eq!((logistic(-1e30), logistic(1e30)), (0.0, 1.0));
        assert!(normal(-40.0).0 < 1e-30 && normal(40.0).0 == 1.0);
    }
}
