//! The rule of descent of each step: what optimiser, at what rate.

use super::adam::Adam;
use super::number::Number;
use super::settings::{Optimiser, TrainSettings};
use super::sgd::Sgd;

/// What turns the gradient of a batch into a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Rule {
    Sgd(Sgd),
    Adam(Adam),
}

impl Rule {
    /// The rule of the first step.
    pub fn first(settings: &TrainSettings) -> Rule {
        Rule::of(settings, settings.learning_rate_in(1), 1)
    }

    fn of(settings: &TrainSettings, learning_rate: f64, step: usize) -> Rule {
        match settings.optimiser {
            Optimiser::Sgd => Rule::Sgd(Sgd::of(settings, learning_rate)),
            Optimiser::Adam | Optimiser::AdamW => Rule::Adam(Adam::of(settings, learning_rate, step)),
        }
    }

    /// How many arrays of a parameter's shape are kept from step to step.
    pub fn n_moments(&self) -> usize {
        match self {
            Rule::Sgd(sgd) => usize::from(sgd.has_velocity()),
            Rule::Adam(_) => 2,
        }
    }

    /// Whether a step can be folded into the sum of a batch's gradient, so that this is never kept by itself.
    pub fn is_folded(&self) -> bool {
        matches!(self, Rule::Sgd(sgd) if !sgd.is_nesterov)
    }

    /// The rule, on numbers or on tensors: the weight after a step along the mean `gradient` of a batch; `moments` move
    /// on with it.
    ///
    /// # Panics
    /// Unless there are as many moments as the rule keeps.
    pub fn step<T: Number>(&self, weight: T, gradient: T, moments: &mut [&mut T]) -> T {
        match (self, moments) {
            (Rule::Sgd(sgd), []) => sgd.step(weight, gradient, None).0,
            (Rule::Sgd(sgd), [velocity]) => {
                let (weight, moved) = sgd.step(weight, gradient, Some(velocity.clone()));
                **velocity = moved.expect("a velocity of a velocity");
                weight
            }
            (Rule::Adam(adam), [m, v]) => {
                let (weight, moved) = adam.step(weight, gradient, [m.clone(), v.clone()]);
                [**m, **v] = moved;
                weight
            }
            (rule, moments) => panic!("{} moments for {rule:?}", moments.len()),
        }
    }
}

/// The rules of an epoch, batch by batch.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    settings: &'a TrainSettings,
    learning_rate: f64,
    /// Steps of the epochs before.
    n_done: usize,
}

impl<'a> Rules<'a> {
    /// Those of epoch `epoch`, counted from 1, over `n_samples`.
    pub fn of(settings: &'a TrainSettings, epoch: usize, n_samples: usize) -> Rules<'a> {
        let n_done = (epoch - 1) * n_samples.div_ceil(settings.batch_size);
        Rules { settings, learning_rate: settings.learning_rate_in(epoch), n_done }
    }

    /// That of batch `batch`, counted from 0.
    pub fn of_batch(&self, batch: usize) -> Rule {
        Rule::of(self.settings, self.learning_rate, self.n_done + batch + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Schedule;

    #[test]
    fn steps_are_counted_over_epochs_and_rates_by_them() {
        let settings = TrainSettings {
            learning_rate: 0.5,
            optimiser: Optimiser::Adam,
            schedule: Schedule::Step { step_size: 1, gamma: 0.5 },
            batch_size: 20,
            ..TrainSettings::default()
        };
        // 110 samples are 6 steps: the second of the third epoch is step 14, at a quarter of the rate.
        let rule = Rules::of(&settings, 3, 110).of_batch(1);
        assert_eq!(rule, Rule::Adam(Adam::of(&settings, 0.125, 14)));
    }
}
