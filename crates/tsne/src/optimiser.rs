//! Descent with momentum and a gain for each coordinate (Jacobs 1988, as in van der Maaten and Hinton 2008).

use pulp::{Arch, Simd, WithSimd};

use crate::point::Point;

/// Gains do not fall below about this.
const MIN_GAIN: f32 = 0.01;
/// Longest step of a point, so that none shoots off.
const MAX_STEP: f32 = 5.0;

/// Steps and gains of every coordinate.
pub(crate) struct Optimiser {
    updates: Vec<Point>,
    gains: Vec<Point>,
}

/// How a step is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    pub learning_rate: f32,
    pub momentum: f32,
    /// What the attraction is multiplied by.
    pub exaggeration: f32,
    /// What the repulsion is divided by.
    pub sum_of_similarities: f32,
}

impl Optimiser {
    pub fn new(n_points: usize) -> Optimiser {
        Optimiser { updates: vec![[0.0; 2]; n_points], gains: vec![[1.0; 2]; n_points] }
    }

    /// Moves `points` down the gradient `exaggeration · attraction − repulsion / Z`, and their mean to the origin.
    /// Returns false if they are no numbers any more.
    pub fn step(
        &mut self,
        points: &mut [Point],
        attraction: &[Point],
        repulsion: &[Point],
        step: Step,
    ) -> bool {
        let Optimiser { updates, gains } = self;
        Arch::new().dispatch(Descent { points, updates, gains, attraction, repulsion, step });
        let mut sums = [0.0f64; 2];
        for point in points.iter() {
            sums[0] += f64::from(point[0]);
            sums[1] += f64::from(point[1]);
        }
        let mean = sums.map(|sum| (sum / points.len() as f64) as f32);
        for point in points {
            point[0] -= mean[0];
            point[1] -= mean[1];
        }
        mean.iter().all(|m| m.is_finite())
    }
}

struct Descent<'a> {
    points: &'a mut [Point],
    updates: &'a mut [Point],
    gains: &'a mut [Point],
    attraction: &'a [Point],
    repulsion: &'a [Point],
    step: Step,
}

impl WithSimd for Descent<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Descent { points, updates, gains, attraction, repulsion, step } = self;
        let inverse_sum = 1.0 / step.sum_of_similarities;
        let forces = attraction.iter().zip(repulsion);
        let state = updates.iter_mut().zip(gains);
        for ((point, (update, gain)), (attraction, repulsion)) in points.iter_mut().zip(state).zip(forces) {
            for c in 0..2 {
                let gradient = step.exaggeration * attraction[c] - inverse_sum * repulsion[c];
                // The gain grows while the step leads downhill; a coordinate at rest counts as such.
                let leads_down = sign(update[c]) != sign(gradient);
                gain[c] = if leads_down { gain[c] + 0.2 } else { gain[c] * 0.8 + MIN_GAIN };
                update[c] = step.momentum * update[c] - step.learning_rate * gain[c] * gradient;
            }
            let length = (update[0] * update[0] + update[1] * update[1]).sqrt();
            let factor = if MAX_STEP < length { MAX_STEP / length } else { 1.0 };
            for c in 0..2 {
                update[c] *= factor;
                point[c] += update[c];
            }
        }
    }
}

/// −1, 0 or 1.
#[inline(always)]
fn sign(x: f32) -> i32 {
    i32::from(0.0 < x) - i32::from(x < 0.0)
}
