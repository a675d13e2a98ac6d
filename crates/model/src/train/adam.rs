//! Adam, stated once for numbers and tensors.

use super::number::Number;
use super::settings::{Optimiser, TrainSettings};

/// A step of Adam (Kingma and Ba 2015, algorithm 1), as PyTorch's `Adam`:
/// `g ← ∂W + λ W`, `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `W ← W − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)`.
/// With AdamW (Loshchilov and Hutter 2019, algorithm 2, as PyTorch's `AdamW`) g is ∂W alone, and `W ← (1 − η λ) W` comes
/// before the step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Adam {
    /// β₁ and β₂.
    betas: [f32; 2],
    /// `1 − β₁` and `1 − β₂`.
    rest: [f32; 2],
    /// λ in the gradient; 0 with AdamW.
    weight_decay: f32,
    /// What is left of a weight before the step: `1 − η λ` with AdamW, else 1.
    rest_of_weight: f32,
    /// `η / (1 − β₁ᵗ)`.
    rate: f32,
    /// `1 / √(1 − β₂ᵗ)`.
    correction: f32,
    /// ε.
    epsilon: f32,
}

impl Adam {
    /// Step `step`, counted from 1, at this learning rate.
    pub fn of(settings: &TrainSettings, learning_rate: f64, step: usize) -> Adam {
        let betas = settings.betas;
        let is_decoupled = settings.optimiser == Optimiser::AdamW;
        let decay = settings.weight_decay;
        let (weight_decay, taken) = if is_decoupled { (0.0, learning_rate * decay) } else { (decay, 0.0) };
        let unbias = betas.map(|beta| 1.0 - beta.powf(step as f64));
        Adam {
            betas: betas.map(|beta| beta as f32),
            rest: betas.map(|beta| (1.0 - beta) as f32),
            weight_decay: weight_decay as f32,
            rest_of_weight: (1.0 - taken) as f32,
            rate: (learning_rate / unbias[0]) as f32,
            correction: (1.0 / unbias[1].sqrt()) as f32,
            epsilon: settings.epsilon as f32,
        }
    }

    /// The weight after a step along the mean `gradient` of a batch, with m and v after it.
    #[inline(always)]
    pub fn step<T: Number>(&self, weight: T, gradient: T, [m, v]: [T; 2]) -> (T, [T; 2]) {
        let gradient = match self.weight_decay {
            0.0 => gradient,
            decay => gradient + weight.clone() * decay,
        };
        let weight = match self.rest_of_weight {
            1.0 => weight,
            rest => weight * rest,
        };
        let m = m * self.betas[0] + gradient.clone() * self.rest[0];
        let v = v * self.betas[1] + gradient.clone() * gradient * self.rest[1];
        let scale = v.clone().square_root() * self.correction + self.epsilon;
        (weight - m.clone() * self.rate / scale, [m, v])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first step is η · sign(g), whatever the gradient's size; the second by hand.
    #[test]
    fn two_steps_by_hand() {
        let settings = TrainSettings {
            optimiser: Optimiser::Adam,
            betas: [0.5, 0.75],
            epsilon: 1e-12,
            ..TrainSettings::default()
        };
        let first = Adam::of(&settings, 0.5, 1);
        let (w, [m, v]) = first.step(2.0_f32, -4.0, [0.0, 0.0]);
        assert_eq!((w, m, v), (2.5, -2.0, 4.0));
        // m = −1 + 0.5 = −0.5, v = 3 + 0.25 = 3.25; m̂ = −0.5 / 0.75, v̂ = 3.25 / 0.4375.
        let (w, [m, v]) = Adam::of(&settings, 0.5, 2).step(w, 1.0, [m, v]);
        assert_eq!((m, v), (-0.5, 3.25));
        let expected = 2.5 + 0.5 * (0.5 / 0.75) / (3.25_f32 / 0.4375).sqrt();
        assert!((w - expected).abs() < 1e-6, "{w}, not {expected}");
    }

    #[test]
    fn decay_joins_the_gradient() {
        let settings = TrainSettings { weight_decay: 0.5, ..TrainSettings::default() };
        let (_, [m, v]) = Adam::of(&settings, 0.1, 1).step(4.0_f32, 1.0, [0.0, 0.0]);
        assert!((m - 0.3).abs() < 1e-7 && (v - 0.009).abs() < 1e-8, "{m}, {v}");
    }

    #[test]
    fn decoupled_decay_is_a_step_of_its_own() {
        let settings = TrainSettings {
            optimiser: Optimiser::AdamW,
            weight_decay: 0.5,
            epsilon: 1e-12,
            ..Default::default()
        };
        // 4 · (1 − 0.1 · 0.5) − 0.1 · sign(1).
        let (w, [m, _]) = Adam::of(&settings, 0.1, 1).step(4.0_f32, 1.0, [0.0, 0.0]);
        assert!((m - 0.1).abs() < 1e-7 && (w - 3.7).abs() < 1e-5, "{m}, {w}");
    }
}
