//! What keeps a made input plain: the operators r(x) of the thesis' eq. 2.8.
//!
//! Decay, blur and the two clippings are those of Yosinski et al. 2015, "Understanding Neural Networks Through Deep
//! Visualization", sec. 3; total variation is that of Mahendran and Vedaldi 2015 in its exact one-dimensional form.

use serde::{Deserialize, Serialize};

use super::total_variation;
use crate::error::ExplainError;

/// An operator on the input after a step; several act one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Regulariser {
    /// `x ← (1 − share) x`.
    Decay {
        /// Share of the input taken away at each step.
        share: f64,
    },
    /// A Gaussian blur of a signal, of several channels one by one; beyond the ends the first and the last value go on.
    Blur {
        /// Standard deviation, in samples.
        tau: f64,
        /// Steps from one blur to the next.
        every: usize,
    },
    /// Zeroes the elements of smallest `|x|`.
    ClipNorm {
        /// Share of the elements, from 0 to below 1.
        share: f64,
    },
    /// Zeroes the elements of smallest `|x ∂a/∂x|`, what the objective would lose without them to first order.
    ClipContribution {
        /// Share of the elements, from 0 to below 1.
        share: f64,
    },
    /// `x ← argmin_y ½ ‖y − x‖² + weight · Σ |y[i+1] − y[i]|` of a signal, of several channels one by one.
    TotalVariation {
        /// Weight of the sum of differences.
        weight: f64,
    },
}

impl Regulariser {
    /// Refuses values out of range.
    pub(super) fn check(&self) -> Result<(), ExplainError> {
        let refuse = ExplainError::setting;
        match *self {
            Regulariser::Decay { share }
            | Regulariser::ClipNorm { share }
            | Regulariser::ClipContribution { share }
                if !(0.0..1.0).contains(&share) =>
            {
                refuse("regularisers.share", share, "must lie at 0 to below 1")
            }
            Regulariser::Blur { tau, .. } if !(0.0 < tau && tau <= 1e3) => {
                refuse("regularisers.tau", tau, "must lie above 0 to 1000 samples")
            }
            Regulariser::Blur { every: 0, .. } => {
                refuse("regularisers.every", 0.0, "a blur comes every 1 or more steps")
            }
            Regulariser::TotalVariation { weight } if !(0.0 <= weight && weight.is_finite()) => {
                refuse("regularisers.weight", weight, "must be 0 or more")
            }
            _ => Ok(()),
        }
    }

    /// Refuses samples of a shape that it is not made for.
    pub(super) fn check_for(&self, shape: &[usize]) -> Result<(), ExplainError> {
        let kind = match self {
            Regulariser::Blur { .. } => "blur",
            Regulariser::TotalVariation { .. } => "total_variation",
            _ => return Ok(()),
        };
        if shape.len() <= 2 { Ok(()) } else { Err(ExplainError::NoSignal { kind, shape: shape.to_vec() }) }
    }

    /// Acts on `x` after step `step`, counted from 1; `gradient` is the one that the step followed, and a signal is
    /// `line` long.
    pub(super) fn apply(
        &self,
        x: &mut [f32],
        gradient: &[f32],
        line: usize,
        step: usize,
        scratch: &mut Vec<f32>,
    ) {
        match *self {
            Regulariser::Decay { share } => {
                let keep = (1.0 - share) as f32;
                x.iter_mut().for_each(|x| *x *= keep);
            }
            Regulariser::Blur { tau, every } if step.is_multiple_of(every) => {
                x.chunks_exact_mut(line).for_each(|signal| blur(signal, tau, scratch));
            }
            Regulariser::Blur { .. } => {}
            Regulariser::ClipNorm { share } => clip(x, share, scratch, |x, _| x.abs(), gradient),
            Regulariser::ClipContribution { share } => {
                clip(x, share, scratch, |x, g| (x * g).abs(), gradient);
            }
            Regulariser::TotalVariation { weight } => {
                for signal in x.chunks_exact_mut(line) {
                    scratch.clear();
                    scratch.extend_from_slice(signal);
                    total_variation::denoise(scratch, weight, signal);
                }
            }
        }
    }
}

/// Gaussian weights up to four standard deviations, which sum to one at every element.
fn blur(x: &mut [f32], tau: f64, scratch: &mut Vec<f32>) {
    let reach = (4.0 * tau).ceil() as isize;
    let weight = |lag: isize| (-(lag as f64 / tau).powi(2) / 2.0).exp();
    let total: f64 = (-reach..=reach).map(weight).sum();
    scratch.clear();
    scratch.extend_from_slice(x);
    let last = x.len() as isize - 1;
    for (i, x) in x.iter_mut().enumerate() {
        let at = |lag: isize| f64::from(scratch[(i as isize + lag).clamp(0, last) as usize]);
        *x = ((-reach..=reach).map(|lag| weight(lag) * at(lag)).sum::<f64>() / total) as f32;
    }
}

/// Zeroes the elements whose `size` is below all but a `share` of them.
fn clip(x: &mut [f32], share: f64, scratch: &mut Vec<f32>, size: fn(f32, f32) -> f32, gradient: &[f32]) {
    scratch.clear();
    scratch.extend(x.iter().zip(gradient).map(|(&x, &g)| size(x, g)));
    let n_clipped = (share * x.len() as f64) as usize;
    let threshold = *scratch.select_nth_unstable_by(n_clipped, f32::total_cmp).1;
    for (x, &g) in x.iter_mut().zip(gradient) {
        if size(*x, g) < threshold {
            *x = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(regulariser: Regulariser, x: &[f32], gradient: &[f32], step: usize) -> Vec<f32> {
        let mut x = x.to_vec();
        regulariser.apply(&mut x, gradient, gradient.len(), step, &mut Vec::new());
        x
    }

    #[test]
    fn decay_takes_its_share_of_every_element() {
        let decay = Regulariser::Decay { share: 0.25 };
        assert_eq!(applied(decay, &[4.0, -8.0], &[0.0; 2], 1), [3.0, -6.0]);
    }

    #[test]
    fn a_blur_keeps_constants_and_spreads_a_peak_every_so_many_steps() {
        let blur = Regulariser::Blur { tau: 1.0, every: 3 };
        let peak = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(applied(blur, &peak, &[0.0; 9], 2), peak);
        let blurred = applied(blur, &peak, &[0.0; 9], 3);
        assert!((blurred[4] - 0.398_9).abs() < 1e-3 && (blurred[5] - 0.242).abs() < 1e-3, "{blurred:?}");
        assert!(applied(blur, &[2.0; 9], &[0.0; 9], 3).iter().all(|x| (x - 2.0).abs() < 1e-6));
    }

    #[test]
    fn the_smallest_elements_are_clipped() {
        let clip = Regulariser::ClipNorm { share: 0.5 };
        assert_eq!(applied(clip, &[3.0, -1.0, 2.0, -4.0], &[0.0; 4], 1), [3.0, 0.0, 0.0, -4.0]);
        let clip = Regulariser::ClipContribution { share: 0.5 };
        assert_eq!(applied(clip, &[3.0, -1.0, 2.0, -4.0], &[0.0, 9.0, 1.0, -1.0], 1), [0.0, -1.0, 0.0, -4.0]);
    }

    #[test]
    fn a_share_of_none_clips_nothing() {
        assert_eq!(applied(Regulariser::ClipNorm { share: 0.0 }, &[1.0, -2.0], &[0.0; 2], 1), [1.0, -2.0]);
    }

    #[test]
    fn channels_are_smoothed_one_by_one_and_images_refused() {
        let mut x = [0.0, 4.0, 9.0, 9.0];
        let smooth = Regulariser::TotalVariation { weight: 1.0 };
        smooth.apply(&mut x, &[0.0; 4], 2, 1, &mut Vec::new());
        assert_eq!(x, [1.0, 3.0, 9.0, 9.0]);
        let refused = smooth.check_for(&[1, 28, 28]).unwrap_err().to_string();
        assert!(refused.contains("total_variation") && refused.contains("[1, 28, 28]"), "{refused}");
        assert!(
            smooth.check_for(&[2, 50]).is_ok()
                && Regulariser::Decay { share: 0.1 }.check_for(&[3, 8, 8]).is_ok()
        );
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        let error = |r: Regulariser| r.check().unwrap_err().to_string();
        assert!(error(Regulariser::Decay { share: 1.0 }).contains("share = 1"));
        assert!(error(Regulariser::Blur { tau: 0.0, every: 1 }).contains("tau"));
        assert!(error(Regulariser::Blur { tau: 1.0, every: 0 }).contains("every"));
        assert!(error(Regulariser::TotalVariation { weight: f64::NAN }).contains("weight"));
    }
}
