//! The engine on burn's automatic differentiation: any device.
//!
//! Data stay on the device, and nothing is read back within an epoch: what its batches sum up to waits there.

use burn::module::{Module, Param};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use vitrine_data::{Dataset, Split};

use crate::chain::Link;
use crate::classifier::{Classifier, Layer};
use crate::error::ModelError;
use crate::graph::Graph;
use crate::tensors;
use crate::train::{Engine, LossSums, Sgd, TrainSettings, Which, draw_mask};
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
    graph: Graph,
    batch_size: usize,
    sgd: Sgd,
    device: Device,
    classifier: Classifier,
    /// A running mean of the gradient for each weight and bias, layer by layer.
    velocity: Option<Classifier>,
    train: Resident,
    validation: Resident,
}

impl AutodiffEngine {
    /// # Errors
    /// When the graph is none that this engine knows.
    pub fn new(
        graph: &Graph,
        weights: &Weights,
        settings: &TrainSettings,
        split: &Split,
        device: &Device,
    ) -> Result<AutodiffEngine, ModelError> {
        let (plain, sgd) = (device.clone().inner(), Sgd::of(settings));
        let velocity = match sgd.has_velocity() {
            true => Some(Classifier::new(graph, &weights.zeros_like(), &plain)?),
            false => None,
        };
        Ok(AutodiffEngine {
            graph: graph.clone(),
            batch_size: settings.batch_size,
            sgd,
            classifier: Classifier::new(graph, weights, &device.clone().autodiff())?,
            velocity,
            train: resident(&split.train, &plain),
            validation: resident(&split.validation, &plain),
            device: plain,
        })
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
        let mut mask = |link: &Link| {
            let mut mask = vec![0.0; n * link.n_out];
            draw_mask(&mut mask, link.dropout, rng);
            Tensor::from_inner(Tensor::from_data(TensorData::new(mask, [n, link.n_out]), &self.device))
        };
        self.classifier.links().iter().map(|link| (link.dropout != 0.0).then(|| mask(link))).collect()
    }

    fn descend(&mut self, gradients: &Gradients) {
        let rule = Rule { sgd: self.sgd, gradients };
        let mut velocities = self.velocity.as_mut().map(|v| v.layers_mut().iter_mut());
        for layer in self.classifier.layers_mut() {
            let velocity = velocities.as_mut().and_then(Iterator::next);
            match (layer, velocity) {
                (Layer::Dense(layer), None) => {
                    rule.descend(&mut layer.weight, None);
                    layer.bias.iter_mut().for_each(|bias| rule.descend(bias, None));
                }
                (Layer::Conv(layer), None) => {
                    rule.descend(&mut layer.weight, None);
                    layer.bias.iter_mut().for_each(|bias| rule.descend(bias, None));
                }
                (Layer::Dense(layer), Some(Layer::Dense(v))) => {
                    rule.descend(&mut layer.weight, Some(&mut v.weight));
                    let biases = layer.bias.iter_mut().zip(&mut v.bias);
                    biases.for_each(|(bias, v)| rule.descend(bias, Some(v)));
                }
                (Layer::Conv(layer), Some(Layer::Conv(v))) => {
                    rule.descend(&mut layer.weight, Some(&mut v.weight));
                    let biases = layer.bias.iter_mut().zip(&mut v.bias);
                    biases.for_each(|(bias, v)| rule.descend(bias, Some(v)));
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
        for start in (0..order.len()).step_by(self.batch_size) {
            let n = self.batch_size.min(order.len() - start);
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
        let velocity = Classifier::new(&self.graph, velocity, &self.device);
        self.velocity = Some(velocity.expect("the graph that the engine was made for"));
    }
}

/// The rule of descent on burn's parameters.
struct Rule<'a> {
    sgd: Sgd,
    gradients: &'a Gradients,
}

impl Rule<'_> {
    fn descend<const D: usize>(
        &self,
        parameter: &mut Param<Tensor<D>>,
        velocity: Option<&mut Param<Tensor<D>>>,
    ) {
        let tracked = parameter.val();
        let Some(gradient) = tracked.grad(self.gradients) else {
            return;
        };
        let before = velocity.as_ref().map(|velocity| velocity.val());
        let (weight, after) = self.sgd.step(tracked.inner(), gradient, before);
        if let (Some(velocity), Some(after)) = (velocity, after) {
            *velocity = Param::initialized(velocity.id, after);
        }
        *parameter = Param::initialized(parameter.id, Tensor::from_inner(weight).require_grad());
    }
}

fn resident(set: &Dataset, device: &Device) -> Resident {
    let labels: Vec<i32> = set.labels().iter().map(|&label| label as i32).collect();
    let inputs = set.values().to_vec();
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
        let losses = tensors::values(Tensor::cat(self.losses, 0));
        let right = Tensor::cat(self.right, 0).sum().into_scalar::<i64>();
        LossSums { loss: losses.into_iter().map(f64::from).sum(), n_correct: right as usize }
    }
}
