//! Total-variation denoising of a signal, exactly: `argmin_y ½ ‖y − x‖² + λ Σ |y[i+1] − y[i]|`.
//!
//! Condat 2013, "A Direct Algorithm for 1-D Total Variation Denoising": segments of constant value grow from left to
//! right as long as the dual variable u, the running sum of `x − y`, can be kept within ± λ.

/// A segment that starts at `from`, as long as its value is open.
struct Segment {
    from: usize,
    /// Bounds on its value, and the dual variable that each of them leads to at the current sample.
    low: f64,
    high: f64,
    dual_low: f64,
    dual_high: f64,
    /// Last samples where the dual variable touched + λ with the low value, and − λ with the high one.
    touched_low: usize,
    touched_high: usize,
}

impl Segment {
    fn new(from: usize, low: f64, high: f64, lambda: f64) -> Segment {
        Segment {
            from,
            low,
            high,
            dual_low: lambda,
            dual_high: -lambda,
            touched_low: from,
            touched_high: from,
        }
    }
}

/// Writes the solution for `x` into `y`.
pub fn denoise(x: &[f32], lambda: f64, y: &mut [f32]) {
    let Some(last) = x.len().checked_sub(1) else { return };
    let at = |i: usize| f64::from(x[i]);
    let mut here = 0;
    let mut s = Segment::new(0, at(0) - lambda, at(0) + lambda, lambda);
    loop {
        if here == last {
            if s.dual_low < 0.0 {
                // The low value is too high: the segment ends with it, and the next one starts below.
                y[s.from..=s.touched_low].fill(s.low as f32);
                here = s.touched_low + 1;
                let low = at(here);
                s = Segment {
                    dual_high: low + lambda - s.high,
                    high: s.high,
                    ..Segment::new(here, low, 0.0, lambda)
                };
                continue;
            }
            if 0.0 < s.dual_high {
                y[s.from..=s.touched_high].fill(s.high as f32);
                here = s.touched_high + 1;
                let high = at(here);
                s = Segment {
                    dual_low: high - lambda - s.low,
                    low: s.low,
                    ..Segment::new(here, 0.0, high, lambda)
                };
                continue;
            }
            let value = s.low + s.dual_low / (last + 1 - s.from) as f64;
            y[s.from..].fill(value as f32);
            return;
        }
        let next = at(here + 1);
        s.dual_low += next - s.low;
        s.dual_high += next - s.high;
        if s.dual_low < -lambda {
            y[s.from..=s.touched_low].fill(s.low as f32);
            here = s.touched_low + 1;
            s = Segment::new(here, at(here), at(here) + 2.0 * lambda, lambda);
        } else if lambda < s.dual_high {
            y[s.from..=s.touched_high].fill(s.high as f32);
            here = s.touched_high + 1;
            s = Segment::new(here, at(here) - 2.0 * lambda, at(here), lambda);
        } else {
            here += 1;
            let length = (here + 1 - s.from) as f64;
            if lambda <= s.dual_low {
                s.low += (s.dual_low - lambda) / length;
                (s.dual_low, s.touched_low) = (lambda, here);
            }
            if s.dual_high <= -lambda {
                s.high += (s.dual_high + lambda) / length;
                (s.dual_high, s.touched_high) = (-lambda, here);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn denoised(x: &[f32], lambda: f64) -> Vec<f32> {
        let mut y = vec![f32::NAN; x.len()];
        denoise(x, lambda, &mut y);
        y
    }

    #[test]
    fn two_samples_move_towards_each_other_until_they_meet() {
        assert_eq!(denoised(&[0.0, 4.0], 1.0), [1.0, 3.0]);
        assert_eq!(denoised(&[0.0, 4.0], 3.0), [2.0, 2.0]);
    }

    #[test]
    fn a_peak_loses_twice_the_weight_and_a_step_s_ends_once_their_share() {
        assert_eq!(denoised(&[0.0, 0.0, 9.0, 0.0, 0.0], 1.0), [0.5, 0.5, 7.0, 0.5, 0.5]);
        assert_eq!(denoised(&[5.0], 1.0), [5.0]);
        assert_eq!(denoised(&[1.0, -2.0, 3.0], 0.0), [1.0, -2.0, 3.0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// The solution is the y whose dual `u[k] = Σ_{i ≤ k} (x[i] − y[i])` stays within ± λ, ends at 0, and is at
        /// − λ where y rises and + λ where it falls.
        #[test]
        fn the_dual_certifies_the_solution(x in prop::collection::vec(-5f32..5.0, 1..80), lambda in 0f64..4.0) {
            let y = denoised(&x, lambda);
            let mut dual = 0.0f64;
            for k in 0..x.len() {
                dual += f64::from(x[k]) - f64::from(y[k]);
                prop_assert!(dual.abs() < lambda + 1e-4);
                match y.get(k + 1) {
                    Some(next) if y[k] + 1e-5 < *next => prop_assert!((dual + lambda).abs() < 1e-4),
                    Some(next) if *next + 1e-5 < y[k] => prop_assert!((dual - lambda).abs() < 1e-4),
                    Some(_) => {}
                    None => prop_assert!(dual.abs() < 1e-4),
                }
            }
        }
    }
}
