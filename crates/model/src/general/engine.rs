//! Training by automatic differentiation: any graph on any device.
//!
//! Data stay on the device, and nothing is read back within an epoch: what its batches sum up to waits there.

use burn::module::{Module, Param};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Gradients, Int, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use vitrine_data::{Dataset, Split};

use super::module::GraphModule;
use super::parameter::ParameterTensor;
use crate::error::ModelError;
use crate::graph::Graph;
use crate::tensors::PendingSums;
use crate::train::{CLIP_EPSILON, Engine, LossSums, Rule, Rules, TrainSettings, Which};
use crate::weights::Weights;

/// Rows evaluated at once: few enough for the processor's cache, many enough for a GPU's launch costs.
const CHUNK: usize = 1_000;

/// A set on the device.
struct Resident {
    /// `[n_samples, n_units]`, a sample's values in a row.
    inputs: Tensor<2>,
    labels: Tensor<1, Int>,
    n_samples: usize,
}

/// Trains one network on a device.
pub(crate) struct GeneralEngine {
    graph: Graph,
    batch_size: usize,
    /// The rule of the next step.
    rule: Rule,
    /// Length that a gradient has at most.
    clip_norm: Option<f32>,
    device: Device,
    module: GraphModule,
    /// Running means of the gradients and of their squares, as many as the optimiser keeps.
    moments: Vec<GraphModule>,
    train: Resident,
    validation: Resident,
}

impl GeneralEngine {
    /// # Errors
    /// When the weights are not the graph's.
    pub fn new(
        graph: &Graph,
        weights: &Weights,
        settings: &TrainSettings,
        split: &Split,
        device: &Device,
    ) -> Result<GeneralEngine, ModelError> {
        let (plain, rule) = (device.clone().inner(), Rule::first(settings));
        let zeros = GraphModule::new(graph, &weights.zeros_like(), &plain)?;
        Ok(GeneralEngine {
            graph: graph.clone(),
            batch_size: settings.batch_size,
            rule,
            clip_norm: settings.clip_norm.map(|norm| norm as f32),
            module: GraphModule::new(graph, weights, &device.clone().autodiff())?,
            moments: vec![zeros; rule.n_moments()],
            train: resident(&split.train, &plain),
            validation: resident(&split.validation, &plain),
            device: plain,
        })
    }

    /// One step on `x [batch, n_units]` with labels `y [batch]`; its sums stay on the device.
    fn step(&mut self, x: Tensor<2>, y: Tensor<1, Int>, rng: &mut ChaCha8Rng, sums: &mut PendingSums) {
        let n = x.dims()[0];
        let mut training = self.module.training(n, rng, &self.device);
        let logits = self.module.logits(Tensor::from_inner(x), Some(&mut training));
        let right = count_right(logits.clone().inner(), y.clone());
        let loss = cross_entropy(logits, Tensor::from_inner(y));
        let gradients = (loss.clone() / n as f32).backward();
        self.descend(&gradients);
        self.module.run_on(training);
        sums.push(loss.inner(), right);
    }

    fn descend(&mut self, gradients: &Gradients) {
        use ParameterTensor::{Cube, Matrix, Tesseract, Vector};
        let kept = self.clip_norm.and_then(|most| kept_share_on_device(&self.module, gradients, most));
        let mut moments: Vec<_> = self.moments.iter_mut().map(GraphModule::parameters_mut).collect();
        for parameter in self.module.parameters_mut() {
            let moments = moments.iter_mut().map(|moment| moment.next().expect("parameters of one graph"));
            let step = Step { rule: &self.rule, gradients, kept: kept.as_ref() };
            match parameter {
                Vector(parameter) => step.take(parameter, moments.map(ParameterTensor::as_vector)),
                Matrix(parameter) => step.take(parameter, moments.map(ParameterTensor::as_matrix)),
                Cube(parameter) => step.take(parameter, moments.map(ParameterTensor::as_cube)),
                Tesseract(parameter) => step.take(parameter, moments.map(ParameterTensor::as_tesseract)),
            }
        }
    }
}

impl Engine for GeneralEngine {
    fn train_epoch(&mut self, order: &[usize], rules: Rules<'_>, rng: &mut ChaCha8Rng) -> LossSums {
        let indices: Vec<i32> = order.iter().map(|&i| i as i32).collect();
        let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, [order.len()]), &self.device);
        let mut sums = PendingSums::default();
        for (i, start) in (0..order.len()).step_by(self.batch_size).enumerate() {
            let n = self.batch_size.min(order.len() - start);
            let batch = indices.clone().narrow(0, start, n);
            let x = self.train.inputs.clone().select(0, batch.clone());
            let y = self.train.labels.clone().select(0, batch);
            self.rule = rules.of_batch(i);
            self.step(x, y, rng, &mut sums);
        }
        sums.read(1)[0]
    }

    fn evaluate(&mut self, which: Which) -> LossSums {
        let set = match which {
            Which::Train => &self.train,
            Which::Validation => &self.validation,
        };
        let plain = self.module.valid();
        let mut sums = PendingSums::default();
        for start in (0..set.n_samples).step_by(CHUNK) {
            let n = CHUNK.min(set.n_samples - start);
            let logits = plain.logits(set.inputs.clone().narrow(0, start, n), None);
            let y = set.labels.clone().narrow(0, start, n);
            sums.push(cross_entropy(logits.clone(), y.clone()), count_right(logits, y));
        }
        sums.read(1)[0]
    }

    fn weights(&self) -> Weights {
        self.module.weights()
    }

    fn moments(&self) -> Vec<Weights> {
        self.moments.iter().map(GraphModule::weights).collect()
    }

    fn set_moments(&mut self, moments: &[Weights]) {
        let module = |moment| GraphModule::new(&self.graph, moment, &self.device).expect("checked weights");
        self.moments = moments.iter().map(module).collect();
    }
}

/// A step of burn's parameters.
struct Step<'a> {
    rule: &'a Rule,
    gradients: &'a Gradients,
    /// The share of the gradient that is kept, where it is clipped.
    kept: Option<&'a Tensor<1>>,
}

impl Step<'_> {
    fn take<'a, const D: usize>(
        &self,
        parameter: &mut Param<Tensor<D>>,
        moments: impl Iterator<Item = &'a mut Param<Tensor<D>>>,
    ) {
        // Taken even where nothing is done with them, so that the next parameter finds its own.
        let mut moments: Vec<_> = moments.collect();
        let tracked = parameter.val();
        let Some(gradient) = tracked.grad(self.gradients) else {
            return;
        };
        let gradient = match self.kept {
            Some(kept) => gradient * kept.clone().reshape([1; D]),
            None => gradient,
        };
        let mut values: Vec<_> = moments.iter().map(|moment| moment.val()).collect();
        let weight = self.rule.step(tracked.inner(), gradient, &mut values.iter_mut().collect::<Vec<_>>());
        for (moment, value) in moments.iter_mut().zip(values) {
            **moment = Param::initialized(moment.id, value);
        }
        *parameter = Param::initialized(parameter.id, Tensor::from_inner(weight).require_grad());
    }
}

/// [`kept_share`](crate::train::kept_share) of the gradient of all parameters, which stays on the device.
fn kept_share_on_device(module: &GraphModule, gradients: &Gradients, most: f32) -> Option<Tensor<1>> {
    use ParameterTensor::{Cube, Matrix, Tesseract, Vector};
    fn squares<const D: usize>(parameter: &Param<Tensor<D>>, gradients: &Gradients) -> Option<Tensor<1>> {
        parameter.val().grad(gradients).map(|gradient| (gradient.clone() * gradient).sum())
    }
    let of_parameter = |parameter: &ParameterTensor| match parameter {
        Vector(parameter) => squares(parameter, gradients),
        Matrix(parameter) => squares(parameter, gradients),
        Cube(parameter) => squares(parameter, gradients),
        Tesseract(parameter) => squares(parameter, gradients),
    };
    let total = module.parameters().filter_map(of_parameter).reduce(|a, b| a + b)?;
    Some((total.sqrt() + CLIP_EPSILON).recip().mul_scalar(most).clamp_max(1.0))
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
