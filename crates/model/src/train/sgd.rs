//! The rule of descent, stated once: engines call it, or compute what it says in one pass and are tested against it.

use super::number::Number;
use super::settings::TrainSettings;

/// Stochastic gradient descent with momentum and weight decay: `v ← μ v + ∂W + λ W`, `W ← W − η v` (as PyTorch's
/// `SGD`, without dampening); without momentum v is the gradient with its decay. By Nesterov's rule
/// `W ← W − η (∂W + λ W + μ v)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sgd {
    /// η.
    pub learning_rate: f32,
    /// μ.
    pub momentum: f32,
    /// λ.
    pub weight_decay: f32,
    pub is_nesterov: bool,
}

impl Sgd {
    pub fn of(settings: &TrainSettings, learning_rate: f64) -> Sgd {
        Sgd {
            learning_rate: learning_rate as f32,
            momentum: settings.momentum as f32,
            weight_decay: settings.weight_decay as f32,
            is_nesterov: settings.nesterov,
        }
    }

    /// Whether a velocity is kept from step to step.
    pub fn has_velocity(&self) -> bool {
        self.momentum != 0.0
    }

    /// The rule, on numbers or on tensors: the weight after a step along the mean `gradient` of a batch, and the
    /// velocity after it, where there is one.
    #[inline(always)]
    pub fn step<T: Number>(&self, weight: T, mut gradient: T, velocity: Option<T>) -> (T, Option<T>) {
        if self.weight_decay != 0.0 {
            gradient = gradient + weight.clone() * self.weight_decay;
        }
        match velocity {
            None => (weight - gradient * self.learning_rate, None),
            Some(velocity) => {
                let velocity = velocity * self.momentum + gradient.clone();
                let direction = match self.is_nesterov {
                    true => gradient + velocity.clone() * self.momentum,
                    false => velocity.clone(),
                };
                (weight - direction * self.learning_rate, Some(velocity))
            }
        }
    }

    /// The step without velocity folded into one pass over a batch's summed gradient Σ:
    /// `W ← keep · W + scale · Σ` with `keep = 1 − η λ` and `scale = −η / n`.
    pub fn folded(&self, n: usize) -> (f32, f32) {
        let mean = 1.0 / n as f32;
        (1.0 - self.learning_rate * self.weight_decay, -self.learning_rate * mean)
    }

    /// The same of the velocity, whose decay comes after it: `v ← keep · v + scale · Σ` with `keep = μ`, `scale = 1 / n`.
    pub fn folded_velocity(&self, n: usize) -> (f32, f32) {
        (self.momentum, 1.0 / n as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_steps_by_hand() {
        let sgd = Sgd { learning_rate: 0.5, momentum: 0.5, weight_decay: 0.25, is_nesterov: false };
        // v = 1 + 1 = 2, w = 4 − 1 = 3; v = 1 + 1 + 0.75 = 2.75, w = 3 − 1.375.
        let (w, v) = sgd.step(4.0, 1.0, Some(0.0));
        assert_eq!((w, v), (3.0, Some(2.0)));
        assert_eq!(sgd.step(w, 1.0, v), (1.625, Some(2.75)));
        // Without velocity: 4 − 0.5 · (1 + 1).
        assert_eq!(sgd.step(4.0, 1.0, None), (3.0, None));
    }

    #[test]
    fn nesterov_s_step_looks_ahead() {
        let sgd = Sgd { learning_rate: 0.5, momentum: 0.5, weight_decay: 0.25, is_nesterov: true };
        // g = 1 + 1 = 2, v = 1 + 2 = 3, w = 4 − 0.5 · (2 + 1.5).
        assert_eq!(sgd.step(4.0, 1.0, Some(2.0)), (2.25, Some(3.0)));
    }

    #[test]
    fn the_folded_step_is_the_step() {
        let sgd = Sgd { learning_rate: 0.5, momentum: 0.25, weight_decay: 0.25, is_nesterov: false };
        let (w, gradients) = (3.0, [1.0, 2.0, -1.5, 4.5]);
        let (sum, mean) = (gradients.iter().sum::<f32>(), gradients.iter().sum::<f32>() / 4.0);
        let (keep, scale) = sgd.folded(4);
        assert_eq!(keep * w + scale * sum, sgd.step(w, mean, None).0);
        let (keep, scale) = sgd.folded_velocity(4);
        let velocity = keep * 2.0 + scale * sum + sgd.weight_decay * w;
        assert_eq!((w - sgd.learning_rate * velocity, Some(velocity)), sgd.step(w, mean, Some(2.0)));
    }
}
