//! The fused engine behind the loop of training.

use rand_chacha::ChaCha8Rng;
use vitrine_data::{Dataset, Split};

use super::backpropagation::Backpropagation;
use super::parameters::Parameters;
use crate::chain::Chain;
use crate::error::ModelError;
use crate::graph::Graph;
use crate::train::{Engine, LossSums, Rule, Rules, TrainSettings, Which};
use crate::weights::Weights;

/// Trains one network on the CPU; see the module's documentation.
pub struct FusedEngine<'a> {
    training: Backpropagation,
    /// Arrays of the network's names and shapes.
    shapes: Weights,
    train: Set<'a>,
    validation: Set<'a>,
}

/// Inputs row by row, and labels.
struct Set<'a> {
    inputs: &'a [f32],
    labels: &'a [usize],
}

impl<'a> Set<'a> {
    fn of(set: &'a Dataset) -> Set<'a> {
        Set { inputs: set.values(), labels: set.labels() }
    }
}

impl<'a> FusedEngine<'a> {
    /// # Errors
    /// When the graph is none that this engine knows.
    pub fn new(
        graph: &Graph,
        weights: &Weights,
        settings: &TrainSettings,
        split: &'a Split,
    ) -> Result<FusedEngine<'a>, ModelError> {
        let chain = Chain::of(graph, "fused")?;
        let batch_size = settings.batch_size.min(split.train.n_samples());
        Ok(FusedEngine {
            training: Backpropagation::new(
                &chain,
                weights,
                Rule::first(settings),
                settings.clip_norm.map(|norm| norm as f32),
                batch_size,
            ),
            shapes: weights.zeros_like(),
            train: Set::of(&split.train),
            validation: Set::of(&split.validation),
        })
    }
}

impl Engine for FusedEngine<'_> {
    fn train_epoch(&mut self, order: &[usize], rules: Rules<'_>, rng: &mut ChaCha8Rng) -> LossSums {
        let Set { inputs, labels } = self.train;
        let batches = order.chunks(self.training.batch_size).enumerate();
        batches.fold(LossSums::default(), |sums, (i, batch)| {
            self.training.rule = rules.of_batch(i);
            sums.and(self.training.step(inputs, labels, batch, rng))
        })
    }

    fn evaluate(&mut self, which: Which) -> LossSums {
        let set = match which {
            Which::Train => &self.train,
            Which::Validation => &self.validation,
        };
        self.training.network.loss(set.inputs, set.labels)
    }

    fn weights(&self) -> Weights {
        let mut weights = self.shapes.clone();
        self.training.network.write_weights(&mut weights);
        weights
    }

    fn moments(&self) -> Vec<Weights> {
        let network = &self.training.network;
        let moment = |i: usize| {
            let mut moment = self.shapes.clone();
            for (layer, name) in network.layers.iter().zip(&network.names) {
                layer.moments().get(i).into_iter().for_each(|of_layer| of_layer.write_to(&mut moment, name));
            }
            moment
        };
        (0..self.training.rule.n_moments()).map(moment).collect()
    }

    fn set_moments(&mut self, moments: &[Weights]) {
        let network = &mut self.training.network;
        for (layer, name) in network.layers.iter_mut().zip(&network.names) {
            for (to, from) in layer.moments_mut().iter_mut().zip(moments) {
                *to = Parameters::of(from, name);
            }
        }
    }
}
