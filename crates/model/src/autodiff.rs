//! The engine on burn's automatic differentiation: any device.
//!
//! Data stay on the device, and nothing is read back within an epoch: what its batches sum up to waits there.

use burn::module::{Module, Param};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use vitrine_data::{Dataset, Split};

use crate::classifier::{self, Classifier, Layer};
use crate::fused::{LossSums, draw_mask};
use crate::spec::{LayerSpec, NetworkSpec};
use crate::train::{Engine, TrainSettings, Which};
use crate::weights::Weights;

/// Rows evaluated at once: few enough for the processor's cache, many enough for a GPU's launch costs.
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
    ) -> AutodiffEngine {
        let plain = device.clone().inner();
        AutodiffEngine {
            spec: spec.clone(),
            settings: settings.clone(),
            classifier: Classifier::new(spec, weights, &device.clone().autodiff()),
            velocity: (settings.momentum != 0.0)
                .then(|| Classifier::new(spec, &weights.zeros_like(), &plain)),
            train: resident(&split.train, &plain),
            validation: resident(&split.validation, &plain),
            device: plain,
        }
    }

    /// One step on `x [batch, n_inputs]` with labels `y [batch]`; its sums stay on the device.
    fn step(&mut self, x: Tensor<2>, y: Tensor<1, Int>, rng: &mut ChaCha8Rng, sums: &mut PendingSums) {
        let n = x.dims()[0];
        let masks = self.draw_masks(n, rng);
        let logits = self.classifier.forward_masked(Tensor::from_inner(x), &masks);
        let right = count_right(logits.clone().inner(), y.clone());
        let loss = cross_entropy(logits, Tensor::from_inner(y));
        let gradients = (loss.clone() / n as f32).backward();
        self.descend(&gradients);
        sums.push(loss.inner(), right);
    }

    /// Dropout masks `[n, n_units]` by layer, drawn on the host as the fused engine draws them.
    fn draw_masks(&self, n: usize, rng: &mut ChaCha8Rng) -> Vec<Option<Tensor<2>>> {
        let mut mask = |layer: &LayerSpec| {
            let mut mask = vec![0.0; n * layer.n_units()];
            draw_mask(&mut mask, layer.dropout as f32, rng);
            Tensor::from_inner(Tensor::from_data(TensorData::new(mask, [n, layer.n_units()]), &self.device))
        };
        self.spec.layers().iter().map(|layer| (layer.dropout != 0.0).then(|| mask(layer))).collect()
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
    fn train_epoch(&mut self, order: &[usize], rng: &mut ChaCha8Rng) -> LossSums {
        let indices: Vec<i32> = order.iter().map(|&i| i as i32).collect();
        let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, [order.len()]), &self.device);
        let mut sums = PendingSums::default();
        for start in (0..order.len()).step_by(self.settings.batch_size) {
            let n = self.settings.batch_size.min(order.len() - start);
            let batch = indices.clone().narrow(0, start, n);
            let x = self.train.inputs.clone().select(0, batch.clone());
            let y = self.train.labels.clone().select(0, batch);
            self.step(x, y, rng, &mut sums);
        }
        sums.read()
    }

    fn evaluate(&mut self, which: Which) -> LossSums {
        let set = match which {
            Which::Train => &self.train,
            Which::Validation => &self.validation,
        };
        let plain = self.classifier.valid();
        let mut sums = PendingSums::default();
        for start in (0..set.n_samples).step_by(CHUNK) {
            let n = CHUNK.min(set.n_samples - start);
            let logits = plain.forward(set.inputs.clone().narrow(0, start, n));
            let y = set.labels.clone().narrow(0, start, n);
            sums.push(cross_entropy(logits.clone(), y.clone()), count_right(logits, y));
        }
        sums.read()
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

/// Loss and right answers by batch, still on the device: read back together, then summed in f64.
#[derive(Default)]
struct PendingSums {
    losses: Vec<Tensor<1>>,
    right: Vec<Tensor<1, Int>>,
}

impl PendingSums {
    fn push(&mut self, loss: Tensor<1>, right: Tensor<1, Int>) {
        self.losses.push(loss);
        self.right.push(right);
    }

    fn read(self) -> LossSums {
        if self.losses.is_empty() {
            return LossSums::default();
        }
        let losses = classifier::values(Tensor::cat(self.losses, 0));
        let right = Tensor::cat(self.right, 0).sum().into_scalar::<i64>();
        LossSums { loss: losses.into_iter().map(f64::from).sum(), n_correct: right as usize }
    }
}
