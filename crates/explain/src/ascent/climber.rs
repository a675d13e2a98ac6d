//! The way of one row.

use super::ending::Ending;
use super::settings::{Ascent, Normalise};

/// A row on its way.
pub struct Climber {
    pub row: usize,
    pub x: Vec<f32>,
    velocity: Vec<f32>,
    /// The objective at `x`.
    pub value: f32,
    steps: usize,
    best: Option<f32>,
    /// The step at which the best value last gained.
    best_step: usize,
    pub ending: Option<Ending>,
}

/// Buffers for the next input of a row.
#[derive(Default)]
pub struct Room {
    next: Vec<f32>,
    scratch: Vec<f32>,
}

impl Climber {
    pub fn new(row: usize, x: Vec<f32>) -> Climber {
        let (velocity, ending) = (vec![0.0; x.len()], None);
        Climber { row, x, velocity, value: f32::NAN, steps: 0, best: None, best_step: 0, ending }
    }

    /// Takes the objective's value at the current input, and decides whether the way ends here.
    pub fn judge(&mut self, value: f32, ascent: &Ascent) {
        let steps = self.steps;
        self.value = value;
        let gained = self.best.is_none_or(|best| best + ascent.min_gain as f32 * best.abs() < value);
        if gained {
            (self.best, self.best_step) = (Some(value), steps);
        }
        self.ending = if !value.is_finite() {
            Some(Ending::Diverged { steps })
        } else if ascent.target.is_some_and(|target| target < f64::from(value)) {
            Some(Ending::Converged { steps })
        } else if ascent.max_steps <= steps {
            Some(Ending::NotConverged { steps })
        } else if ascent.patience <= steps - self.best_step {
            Some(Ending::Stalled { steps })
        } else {
            None
        };
    }

    /// `v ← μ v + ∂a/∂x`, `x ← r(x + α v)`; a signal is `line` long, and there may be several, one after the other.
    pub fn advance(&mut self, gradient: &[f32], line: usize, ascent: &Ascent, room: &mut Room) {
        let steps = self.steps;
        let still = |values: &[f32]| values.iter().all(|&v| v == 0.0);
        if still(gradient) && still(&self.velocity) && ascent.regularisers.is_empty() {
            self.ending = Some(Ending::Stalled { steps });
            return;
        }
        let scale = if ascent.normalise == Normalise::Length { 1.0 / length(gradient) } else { 1.0 };
        let (rate, momentum) = (ascent.rate as f32, ascent.momentum as f32);
        room.next.clear();
        for ((&x, v), &g) in self.x.iter().zip(&mut self.velocity).zip(gradient) {
            let direction = match ascent.normalise {
                Normalise::Sign | Normalise::Length if g == 0.0 => 0.0,
                Normalise::Sign => g.signum(),
                Normalise::None | Normalise::Length => (scale * f64::from(g)) as f32,
            };
            *v = momentum * *v + direction;
            room.next.push(x + rate * *v);
        }
        self.steps += 1;
        let is_finite = |x: &[f32]| x.iter().all(|x| x.is_finite());
        if is_finite(&room.next) {
            for regulariser in &ascent.regularisers {
                regulariser.apply(&mut room.next, gradient, line, self.steps, &mut room.scratch);
            }
            self.x.copy_from_slice(&room.next);
        } else {
            self.ending = Some(Ending::Diverged { steps: self.steps });
        }
    }
}

/// The Euclidean length, in f64: the squares of a flat softmax' gradients are too small for f32.
fn length(gradient: &[f32]) -> f64 {
    gradient.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>().sqrt()
}
