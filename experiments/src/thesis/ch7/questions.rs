//! What every detector is asked: the signals shown, and the family without and with noise.

use ndarray::Array2;
use vitrine_data::{JumpSettings, Shape};
use vitrine_lab::Matrix;

use super::asked::Asked;
use super::family::{Family, Recognised};
use super::shares::{Answers, Shares};
use super::stack::stack;

/// The jump of the signals shown.
const JUMP: usize = 50;

/// What every detector is asked.
pub struct Questions<'a> {
    settings: &'a JumpSettings,
    /// The jump of the signals shown.
    pub jump: usize,
    /// One signal of each shape, `[n_shapes, n_features]`.
    pub shown: Array2<f32>,
    clean: Family,
    /// By seed.
    noisy: Vec<Family>,
}

impl Questions<'_> {
    /// The questions that follow from the settings of the training signals, with noise drawn for each seed.
    pub fn new<'a>(settings: &'a JumpSettings, seeds: &[u64]) -> Questions<'a> {
        let jump = JUMP.clamp(settings.first_jump, settings.last_jump);
        let shown = Shape::ALL.iter().map(|s| s.signal(settings.n_features, jump, settings.jump_size));
        Questions {
            settings,
            jump,
            shown: stack(shown),
            clean: Family::clean(settings),
            noisy: seeds.iter().map(|&seed| Family::noisy(settings, seed)).collect(),
        }
    }

    /// The answers of a detector, which is given for each seed.
    pub fn answers(&self, asked: &[Asked]) -> Answers {
        let (jump, settings) = (self.jump, self.settings);
        let probabilities = asked.iter().map(|a| a.probabilities(self.shown.view(), jump, settings));
        let named = asked.iter().map(|a| {
            a.answers(self.shown.view(), settings).into_iter().map(|position| position as f64).collect()
        });
        let sure_sizes = asked.iter().map(|a| a.sure_sizes(jump, settings));
        let clean: Vec<Recognised> = asked.iter().map(|a| self.clean.recognised(a, settings)).collect();
        let noisy: Vec<Recognised> =
            self.noisy.iter().zip(asked).map(|(family, a)| family.recognised(a, settings)).collect();
        Answers {
            probabilities: Matrix::of(stack(probabilities).view()),
            named: Matrix::of(stack::<f64>(named).view()),
            sure_sizes: Matrix::of(stack(sure_sizes).view()),
            clean: Shares::of(&clean),
            noisy: Shares::of(&noisy),
        }
    }
}
