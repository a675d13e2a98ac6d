//! The fused engine behind `fit`.

use ndarray::{CowArray, Ix2};
use rand_chacha::ChaCha8Rng;
use vitrine_data::{Dataset, Split};

use super::{LossSums, Step, Trainer};
use crate::spec::NetworkSpec;
use crate::train::{Engine, TrainSettings, Which};
use crate::weights::Weights;

/// Trains one network on the CPU; see the module's documentation.
pub struct FusedEngine<'a> {
    trainer: Trainer,
    weights: Weights,
    train: Set<'a>,
    validation: Set<'a>,
}

/// Inputs row by row, whatever their layout was, and labels.
struct Set<'a> {
    inputs: CowArray<'a, f32, Ix2>,
    labels: &'a [usize],
}

impl<'a> Set<'a> {
    fn of(set: &'a Dataset) -> Set<'a> {
        Set { inputs: set.inputs.as_standard_layout(), labels: &set.labels }
    }

    fn values(&self) -> &[f32] {
        self.inputs.as_slice().expect("standard layout")
    }
}

impl<'a> FusedEngine<'a> {
    pub fn new(spec: &NetworkSpec, weights: &Weights, settings: &TrainSettings, split: &'a Split) -> Self {
        let step = Step {
            learning_rate: settings.learning_rate as f32,
            momentum: settings.momentum as f32,
            weight_decay: settings.weight_decay as f32,
        };
        let batch_size = settings.batch_size.min(split.train.n_samples());
        FusedEngine {
            trainer: Trainer::new(spec, weights, step, batch_size),
            weights: weights.clone(),
            train: Set::of(&split.train),
            validation: Set::of(&split.validation),
        }
    }
}

impl Engine for FusedEngine<'_> {
    fn train_epoch(&mut self, order: &[usize], rng: &mut ChaCha8Rng) -> LossSums {
        let Set { labels, .. } = self.train;
        let inputs = self.train.values();
        let batches = order.chunks(self.trainer.batch_size);
        batches
            .fold(LossSums::default(), |sums, batch| sums.and(self.trainer.step(inputs, labels, batch, rng)))
    }

    fn evaluate(&mut self, which: Which) -> LossSums {
        let set = match which {
            Which::Train => &self.train,
            Which::Validation => &self.validation,
        };
        self.trainer.network.loss(set.values(), set.labels)
    }

    fn weights(&self) -> Weights {
        self.trainer.weights(&self.weights)
    }

    fn velocity(&self) -> Option<Weights> {
        let mut velocity = self.weights.clone();
        for (layer, to) in self.trainer.network.layers.iter().zip(&mut velocity.0) {
            layer.velocity()?.write_to(to);
        }
        Some(velocity)
    }

    fn set_velocity(&mut self, velocity: &Weights) {
        for (layer, from) in self.trainer.network.layers.iter_mut().zip(&velocity.0) {
            layer.set_velocity(super::Parameters::of(from));
        }
    }
}
