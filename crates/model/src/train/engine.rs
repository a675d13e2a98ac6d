//! What an engine is.

use rand_chacha::ChaCha8Rng;

use super::rule::Rules;
use super::sums::LossSums;
use crate::weights::Weights;

/// A set that an engine evaluates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Train,
    Validation,
}

/// The arithmetic of training, on weights of its own.
pub(crate) trait Engine {
    /// Steps through the samples in `order`, batch by batch, by `rules`; `rng` is for dropout.
    fn train_epoch(&mut self, order: &[usize], rules: Rules<'_>, rng: &mut ChaCha8Rng) -> LossSums;
    /// Loss and right answers of a whole set, without dropout.
    fn evaluate(&mut self, which: Which) -> LossSums;
    /// The weights.
    fn weights(&self) -> Weights;
    /// Running means of the gradients and of their squares, as many as the optimiser keeps.
    fn moments(&self) -> Vec<Weights>;
    /// Takes up those of stopped training.
    ///
    /// # Panics
    /// If they are not of the network's shapes.
    fn set_moments(&mut self, moments: &[Weights]);
}
