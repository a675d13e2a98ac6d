//! How a made input looks around the jump that it was made for: where it rises most, and whether it falls before and after.

use ndarray::{ArrayView1, s};
use serde::{Deserialize, Serialize};
use vitrine_analysis::first_difference::JumpShape;
use vitrine_analysis::statistics::mean;
use vitrine_explain::ascent::Ending;

/// Samples on either side of the edge that belong to the jump, and as many beyond them that it is compared with.
const REACH: usize = 10;

/// How one made input looks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// The jump that it was made for, counted from 1.
    pub jump: usize,
    /// Whether the network is as sure of it as it was to be.
    pub is_sure: bool,
    /// Where its largest rise is, counted from 1.
    pub position: usize,
    /// Its second largest rise over its largest.
    pub second_ratio: Option<f64>,
    /// How far it falls within ten samples before the jump, below its mean over the ten before them, by its rise at the
    /// jump; `None` where it does not rise there, or too few samples are left.
    pub fall_before: Option<f64>,
    /// How far it falls from its highest within ten samples after the jump to its mean over the ten after them, likewise.
    pub fall_after: Option<f64>,
}

impl Look {
    /// How `input`, made for `jump`, looks.
    pub fn of(input: ArrayView1<f32>, jump: usize, ending: Ending) -> Look {
        let shape = JumpShape::of(input, jump, REACH);
        let x = input.mapv(f64::from);
        let edge = jump - 1;
        let rise = if 1 <= edge { x[edge] - x[edge - 1] } else { f64::NAN };
        let by_rise = |fall: f64| (0.0 < rise).then_some(fall / rise);
        let before = (2 * REACH <= edge).then(|| {
            let lowest = x.slice(s![edge - REACH..edge]).fold(f64::INFINITY, |a, &b| a.min(b));
            mean(&x.slice(s![edge - 2 * REACH..edge - REACH]).to_vec()) - lowest
        });
        let after = (edge + 2 * REACH <= x.len()).then(|| {
            let highest = x.slice(s![edge..edge + REACH]).fold(f64::NEG_INFINITY, |a, &b| a.max(b));
            highest - mean(&x.slice(s![edge + REACH..edge + 2 * REACH]).to_vec())
        });
        Look {
            jump,
            is_sure: ending.steps_to_target().is_some(),
            position: shape.position,
            second_ratio: Some(shape.second_ratio).filter(|ratio| ratio.is_finite()),
            fall_before: before.and_then(by_rise),
            fall_after: after.and_then(by_rise),
        }
    }

    /// Whether its largest rise is at its jump.
    pub fn is_at_jump(&self) -> bool {
        self.position == self.jump
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array1;

    use super::*;

    const SURE: Ending = Ending::Converged { steps: 1 };

    /// 40 samples, `before` just before the jump at 21 and `after` just after it, 0 elsewhere.
    fn input(before: f32, after: f32) -> Array1<f32> {
        Array1::from_shape_fn(40, |i| match i {
            17..20 => before,
            20..23 => after,
            _ => 0.0,
        })
    }

    #[test]
    fn falls_are_counted_in_rises_at_the_jump() {
        let look = Look::of(input(-1.0, 3.0).view(), 21, SURE);
        assert!(look.is_at_jump() && look.is_sure);
        assert_eq!(
            (look.second_ratio, look.fall_before, look.fall_after),
            (Some(0.0), Some(0.25), Some(0.75))
        );
        let step = Array1::from_shape_fn(40, |i| if i < 20 { 0.0 } else { 3.0 });
        let step = Look::of(step.view(), 21, Ending::Stalled { steps: 1 });
        assert_eq!((step.is_sure, step.fall_before, step.fall_after), (false, Some(0.0), Some(0.0)));
    }

    #[test]
    fn what_does_not_rise_at_the_jump_has_no_falls() {
        let look = Look::of(input(3.0, -1.0).view(), 21, SURE);
        assert_eq!((look.is_at_jump(), look.position), (false, 18));
        assert_eq!((look.fall_before, look.fall_after), (None, None));
        assert_eq!(Look::of(input(-1.0, 3.0).view(), 22, SURE).fall_after, None, "19 samples are too few");
    }
}
