//! Signals unlike jump signals that share their largest first difference (thesis fig. 7.1).

use std::f64::consts::TAU;

use ndarray::Array1;

/// A noise-free shape around a jump: `x[jump] − x[jump − 1] = size`, and no other difference is above half of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// 0 before, `size` from the jump on: a training signal without its noise, for comparison.
    Step,
    /// 0 but for one sample of `size`.
    Peak,
    /// `size` for ten samples.
    Pulse,
    /// `size` at the jump, then down to 0 in a straight line over twenty samples.
    RampDown,
    /// `size` at the jump, then down exponentially, to 1/e in eight samples.
    Decay,
    /// Down to −`size` in a straight line over twenty samples, then back to 0 at once.
    Valley,
    /// −`size` before, 0 from the jump on.
    StepToZero,
    /// A sine of period 25 and amplitude `size` / 2, with the step on top.
    Sine,
    /// Teeth of half the size every twenty samples that fall in straight lines, and one of the full size at the jump.
    Saw,
    /// A step of half the size fifteen samples earlier.
    SmallStepBefore,
    /// A step of half the size fifteen samples later.
    SmallStepAfter,
    /// A steady rise of `size` / 20 a sample all along, with the step on top.
    Slope,
}

impl Shape {
    /// All of them; the training signals' own first.
    pub const ALL: [Shape; 12] = [
        Shape::Step,
        Shape::Peak,
        Shape::Pulse,
        Shape::RampDown,
        Shape::Decay,
        Shape::Valley,
        Shape::StepToZero,
        Shape::Sine,
        Shape::Saw,
        Shape::SmallStepBefore,
        Shape::SmallStepAfter,
        Shape::Slope,
    ];

    /// What it is, in a word or two.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Step => "step",
            Shape::Peak => "single peak",
            Shape::Pulse => "pulse of 10",
            Shape::RampDown => "ramp down",
            Shape::Decay => "decay",
            Shape::Valley => "valley",
            Shape::StepToZero => "step to zero",
            Shape::Sine => "sine with a jump",
            Shape::Saw => "saw",
            Shape::SmallStepBefore => "small step before",
            Shape::SmallStepAfter => "small step after",
            Shape::Slope => "slope with a jump",
        }
    }

    /// The signal of `n_features` samples whose first one after the jump is `jump`, counted from 1.
    pub fn signal(self, n_features: usize, jump: usize, size: f64) -> Array1<f32> {
        Array1::from_shape_fn(n_features, |i| (size * self.value((i + 1) as f64 - jump as f64)) as f32)
    }

    /// The value `offset` samples after the jump, for a jump of 1.
    fn value(self, offset: f64) -> f64 {
        let step = |at: f64| if at <= offset { 1.0 } else { 0.0 };
        match self {
            Shape::Step => step(0.0),
            Shape::Peak => step(0.0) - step(1.0),
            Shape::Pulse => step(0.0) - step(10.0),
            Shape::RampDown => step(0.0) * (1.0 - offset / 20.0).max(0.0),
            Shape::Decay => step(0.0) * (-offset.max(0.0) / 8.0).exp(),
            Shape::Valley => (step(0.0) - 1.0) * ((offset + 21.0) / 20.0).clamp(0.0, 1.0),
            Shape::StepToZero => step(0.0) - 1.0,
            Shape::Sine => {
                let sine = |offset: f64| 0.5 * (TAU * offset / 25.0).sin();
                sine(offset) + step(0.0) * (1.0 - (sine(0.0) - sine(-1.0)))
            }
            Shape::Saw => {
                // Teeth fall over twenty samples; the one at the jump is twice as high as the others.
                let height = if (0.0..20.0).contains(&offset) { 1.0 } else { 0.5 };
                height * (1.0 - offset.rem_euclid(20.0) / 19.0)
            }
            Shape::SmallStepBefore => step(0.0) + 0.5 * step(-15.0),
            Shape::SmallStepAfter => step(0.0) + 0.5 * step(15.0),
            Shape::Slope => offset / 20.0 + step(0.0) * (1.0 - 1.0 / 20.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_its_largest_difference_at_the_jump_and_no_other_near_it() {
        for shape in Shape::ALL {
            for (jump, size) in [(21, 3.0), (50, 0.5), (80, 6.0)] {
                let x = shape.signal(100, jump, size);
                for i in 1..100 {
                    let difference = f64::from(x[i] - x[i - 1]) / size;
                    if i + 1 == jump {
                        assert!((difference - 1.0).abs() < 1e-5, "{shape:?} at {jump}: {difference}");
                    } else {
                        assert!(difference < 0.501, "{shape:?} at {jump}: {difference} at {}", i + 1);
                    }
                }
            }
        }
    }

    #[test]
    fn shapes_by_hand() {
        let around = |shape: Shape| shape.signal(100, 50, 2.0).slice(ndarray::s![47..52]).to_vec();
        assert_eq!(around(Shape::Step), [0.0, 0.0, 2.0, 2.0, 2.0]);
        assert_eq!(around(Shape::Peak), [0.0, 0.0, 2.0, 0.0, 0.0]);
        assert_eq!(around(Shape::RampDown), [0.0, 0.0, 2.0, 1.9, 1.8]);
        assert_eq!(around(Shape::Valley), [-1.9, -2.0, 0.0, 0.0, 0.0]);
        assert_eq!(around(Shape::StepToZero), [-2.0, -2.0, 0.0, 0.0, 0.0]);
        assert_eq!(around(Shape::SmallStepBefore), [1.0, 1.0, 3.0, 3.0, 3.0]);
    }
}
