//! The engine on burn's automatic differentiation: any device.
//!
//! Data stay on the device, and nothing is read back within an epoch: losses and right answers are summed there.

use burn::module::Param;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use vitrine_data::{Dataset, Split};

use crate::ModelError;
use crate::classifier::{Classifier, Layer};
use crate::fused::LossSums;
use crate::spec::NetworkSpec;
use crate::train::{Engine, TrainSettings, Which};
use crate::weights::Weights;

/// Rows evaluated at once: what burn-flex is fastest at, and large enough for a GPU's launch costs.
const CHUNK: usize = 1_000;

/// A set on the device.
struct Resident {
    inputs: Tensor<2>,
    labels: Tensor<1, Int>,
    n_samples: usize,
}

/// Trains one network on a device.
pub struct AutodiffEngine {
    spec: NetworkSpec,
    settings: TrainSettings,
    device: Device,
    classifier: Classifier,
    /// A running mean of the gradient for each weight and bias, layer by layer.
    velocity: Option<Classifier>,
    train: Resident,
    validation: Resident,
}

impl AutodiffEngine {
    pub fn new(
        spec: &NetworkSpec,
        weights: &Weights,
        settings: &TrainSettings,
        split: &Split,
        device: &Device,
    ) -> Result<AutodiffEngine, ModelError> {
        if spec.layers().iter().any(|layer| layer.dropout != 0.0) {
            let reason = "has no dropout; take --engine fused on the CPU".into();
            return Err(ModelError::Engine { engine: "autodiff", reason });
        }
        let plain = device.clone().inner();
        Ok(AutodiffEngine {
            spec: spec.clone(),
            settings: settings.clone(),
            classifier: Classifier::new(spec, weights, &device.clone().autodiff()),
            velocity: (settings.momentum != 0.0)
                .then(|| Classifier::new(spec, &weights.zeros_like(), &plain)),
            train: resident(&split.train, &plain),
            validation: resident(&split.validation, &plain),
            device: plain,
        })
    }

    /// One step; returns the batch's summed loss and right answers, still on the device.
    fn step(&mut self, batch: Tensor<1, Int>) -> (Tensor<1>, Tensor<1, Int>) {
        let n = batch.dims()[0];
        let x = self.train.inputs.clone().select(0, batch.clone());
        let y = self.train.labels.clone().select(0, batch);
        let logits = self.classifier.forward(Tensor::from_inner(x));
        let right = count_right(logits.clone().inner(), y.clone());
        let loss = cross_entropy(logits, Tensor::from_inner(y));
        let gradients = (loss.clone() / n as f32).backward();
        self.descend(&gradients);
        (loss.inner(), right)
    }

    fn descend(&mut self, gradients: &Gradients) {
        let rule = Rule::of(&self.settings);
        let mut velocities = self.velocity.as_mut().map(|v| v.layers_mut().iter_mut());
        for layer in self.classifier.layers_mut() {
            let velocity = velocities.as_mut().and_then(Iterator::next);
            match (layer, velocity) {
                (Layer::Dense(layer), None) => {
                    rule.descend(&mut layer.weight, gradients, None);
                    layer.bias.iter_mut().for_each(|bias| rule.descend(bias, gradients, None));
                }
                (Layer::Conv(layer), None) => {
                    rule.descend(&mut layer.weight, gradients, None);
                    layer.bias.iter_mut().for_each(|bias| rule.descend(bias, gradients, None));
                }
                (Layer::Dense(layer), Some(Layer::Dense(v))) => {
                    rule.descend(&mut layer.weight, gradients, Some(&mut v.weight));
                    let biases = layer.bias.iter_mut().zip(&mut v.bias);
                    biases.for_each(|(bias, v)| rule.descend(bias, gradients, Some(v)));
                }
                (Layer::Conv(layer), Some(Layer::Conv(v))) => {
                    rule.descend(&mut layer.weight, gradients, Some(&mut v.weight));
                    let biases = layer.bias.iter_mut().zip(&mut v.bias);
                    biases.for_each(|(bias, v)| rule.descend(bias, gradients, Some(v)));
                }
                _ => unreachable!("velocities are layers of the same network"),
            }
        }
    }
}

impl Engine for AutodiffEngine {
    fn train_epoch(&mut self, order: &[usize], _rng: &mut ChaCha8Rng) -> LossSums {
        let order: Vec<i32> = order.iter().map(|&i| i as i32).collect();
        let mut loss = Tensor::<1>::zeros([1], &self.device);
        let mut right = Tensor::<1, Int>::zeros([1], &self.device);
        for batch in order.chunks(self.settings.batch_size) {
            let batch =
                Tensor::<1, Int>::from_data(TensorData::new(batch.to_vec(), [batch.len()]), &self.device);
            let (batch_loss, batch_right) = self.step(batch);
            loss = loss + batch_loss;
            right = right + batch_right;
        }
        sums(loss, right)
    }

    fn evaluate(&mut self, which: Which) -> LossSums {
        let set = match which {
            Which::Train => &self.train,
            Which::Validation => &self.validation,
        };
        let plain = Classifier::new(&self.spec, &self.classifier.weights(), &self.device);
        let mut total = LossSums::default();
        for start in (0..set.n_samples).step_by(CHUNK) {
            let end = (start + CHUNK).min(set.n_samples);
            let logits = plain.forward(set.inputs.clone().narrow(0, start, end - start));
            let y = set.labels.clone().narrow(0, start, end - start);
            total = total.and(sums(cross_entropy(logits.clone(), y.clone()), count_right(logits, y)));
        }
        total
    }

    fn weights(&self) -> Weights {
        self.classifier.weights()
    }

    fn velocity(&self) -> Option<Weights> {
        self.velocity.as_ref().map(Classifier::weights)
    }

    fn set_velocity(&mut self, velocity: &Weights) {
        self.velocity = Some(Classifier::new(&self.spec, velocity, &self.device));
    }
}

/// Stochastic gradient descent: `v ← μ v + ∂W + λ W`, `W ← W − η v`.
struct Rule {
    learning_rate: f32,
    momentum: f32,
    weight_decay: f32,
}

impl Rule {
    fn of(settings: &TrainSettings) -> Rule {
        Rule {
            learning_rate: settings.learning_rate as f32,
            momentum: settings.momentum as f32,
            weight_decay: settings.weight_decay as f32,
        }
    }

    fn descend<const D: usize>(
        &self,
        parameter: &mut Param<Tensor<D>>,
        gradients: &Gradients,
        velocity: Option<&mut Param<Tensor<D>>>,
    ) {
        let tracked = parameter.val();
        let Some(mut gradient) = tracked.grad(gradients) else {
            return;
        };
        let value = tracked.inner();
        if self.weight_decay != 0.0 {
            gradient = gradient + value.clone() * self.weight_decay;
        }
        if let Some(velocity) = velocity {
            gradient = velocity.val() * self.momentum + gradient;
            *velocity = Param::initialized(velocity.id, gradient.clone());
        }
        let moved = Tensor::from_inner(value - gradient * self.learning_rate).require_grad();
        *parameter = Param::initialized(parameter.id, moved);
    }
}

fn resident(set: &Dataset, device: &Device) -> Resident {
    let labels: Vec<i32> = set.labels.iter().map(|&label| label as i32).collect();
    let inputs: Vec<f32> = set.inputs.iter().copied().collect();
    Resident {
        inputs: Tensor::from_data(TensorData::new(inputs, [set.n_samples(), set.n_features()]), device),
        labels: Tensor::from_data(TensorData::new(labels, [set.n_samples()]), device),
        n_samples: set.n_samples(),
    }
}

/// `−Σ ln softmax(z)[label]` over the batch.
fn cross_entropy(logits: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
    log_softmax(logits, 1).gather(1, labels.unsqueeze_dim(1)).sum().neg()
}

fn count_right(logits: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1, Int> {
    logits.argmax(1).squeeze_dim::<1>(1).equal(labels).int().sum()
}

fn sums(loss: Tensor<1>, right: Tensor<1, Int>) -> LossSums {
    LossSums { loss: f64::from(loss.into_scalar::<f32>()), n_correct: right.into_scalar::<i64>() as usize }
}
