//! What an engine is.

use rand_chacha::ChaCha8Rng;

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
    /// Steps through the samples in `order`, batch by batch; `rng` is for dropout.
    fn train_epoch(&mut self, order: &[usize], rng: &mut ChaCha8Rng) -> LossSums;
    /// Loss and right answers of a whole set, without dropout.
    fn evaluate(&mut self, which: Which) -> LossSums;
    /// The weights.
    fn weights(&self) -> Weights;
    /// Running means of the gradients; with momentum only.
    fn velocity(&self) -> Option<Weights>;
    /// Takes up running means of the gradients.
    fn set_velocity(&mut self, velocity: &Weights);
}
