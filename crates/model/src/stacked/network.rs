//! The networks of a stack: forward, loss, gradient and update of all at once.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Bool, Device, Gradients, Int, Tensor, TensorData};
use ndarray::{Array1, ArrayD, IxDyn};
use rand_chacha::ChaCha8Rng;

use super::sets::{StackedSet, index};
use crate::chain::{Chain, Link, LinkKind};
use crate::error::ModelError;
use crate::general::activate;
use crate::graph::Graph;
use crate::tensors::{PendingSums, values};
use crate::train::{CLIP_EPSILON, LossSums, Rule, TrainSettings, draw_mask};
use crate::weights::Weights;

/// Rows of each network that are evaluated at once.
const CHUNK: usize = 1_000;

/// One layer of every network: dense weights `[n_networks, n_in, n_out]`, conv `[n_networks, 1, kernel_size]`; biases
/// `[n_networks, 1, n_out]` or `[n_networks, 1, 1]`.
#[derive(Clone)]
struct Layer {
    weight: Tensor<3>,
    bias: Tensor<3>,
}

impl Layer {
    fn map(&self, f: impl Fn(Tensor<3>) -> Tensor<3>) -> Layer {
        Layer { weight: f(self.weight.clone()), bias: f(self.bias.clone()) }
    }
}

/// The weights of all networks, with what their update needs.
pub struct Stack {
    links: Vec<Link>,
    /// The rule of the next step.
    pub rule: Rule,
    /// Length that the gradient of a network has at most.
    clip_norm: Option<f32>,
    device: Device,
    layers: Vec<Layer>,
    /// Running means of the gradients and of their squares, as many as the optimiser keeps.
    moments: Vec<Vec<Layer>>,
    /// The weights of each network's smallest validation loss.
    best: Vec<Layer>,
}

impl Stack {
    /// # Errors
    /// When the graph is no chain of layers.
    pub fn new(
        graph: &Graph,
        initial: &[Weights],
        settings: &TrainSettings,
        device: &Device,
    ) -> Result<Stack, ModelError> {
        let (links, rule) =
            (Chain::of(graph, "stacked")?.of_vectors("stacked")?.links, Rule::first(settings));
        let layers: Vec<Layer> = links.iter().map(|link| stacked(link, initial, device)).collect();
        let zeros = layers.iter().map(|layer| layer.map(|w| w.zeros_like())).collect();
        Ok(Stack {
            rule,
            clip_norm: settings.clip_norm.map(|norm| norm as f32),
            device: device.clone(),
            moments: vec![zeros; rule.n_moments()],
            best: layers.clone(),
            layers,
            links,
        })
    }

    /// One step of every network on `x [n_networks, batch, n_inputs]`; its sums stay on the device.
    pub fn step(&mut self, x: Tensor<3>, y: Tensor<2, Int>, rngs: &mut [ChaCha8Rng], sums: &mut PendingSums) {
        let size = x.dims()[1];
        let masks = self.draw_masks(size, rngs);
        let tracked: Vec<Layer> =
            self.layers.iter().map(|layer| layer.map(|w| Tensor::from_inner(w).require_grad())).collect();
        let logits = forward(&self.links, &tracked, Tensor::from_inner(x), &masks);
        let right = count_right(logits.clone().inner(), y.clone());
        let loss = cross_entropy(logits, Tensor::from_inner(y));
        // Networks share no weight: the gradient of the sum is the gradient of each.
        let gradients = (loss.clone().sum() / size as f32).backward();
        self.descend(&tracked, &gradients);
        sums.push(loss.inner(), right);
    }

    fn descend(&mut self, tracked: &[Layer], gradients: &Gradients) {
        let kept = self.clip_norm.and_then(|most| kept_shares(tracked, gradients, most));
        for (l, tracked) in tracked.iter().enumerate() {
            let layer = &mut self.layers[l];
            let of = |tracked: &Tensor<3>| {
                let gradient = tracked.grad(gradients)?;
                Some(match &kept {
                    Some(kept) => gradient * kept.clone(),
                    None => gradient,
                })
            };
            let of_layer = self.moments.iter_mut().map(|moment| &mut moment[l]);
            let (mut of_weight, mut of_bias): (Vec<_>, Vec<_>) =
                of_layer.map(|Layer { weight, bias }| (weight, bias)).unzip();
            descend(&self.rule, &mut layer.weight, of(&tracked.weight), &mut of_weight);
            descend(&self.rule, &mut layer.bias, of(&tracked.bias), &mut of_bias);
        }
    }

    /// Dropout masks `[n_networks, batch, n_units]` by layer, each network's drawn from its own stream.
    fn draw_masks(&self, size: usize, rngs: &mut [ChaCha8Rng]) -> Vec<Option<Tensor<3>>> {
        let mut mask = |link: &Link| {
            let of_network = size * link.n_out;
            let mut mask = vec![0.0; rngs.len() * of_network];
            for (mask, rng) in mask.chunks_exact_mut(of_network).zip(&mut *rngs) {
                draw_mask(mask, link.dropout, rng);
            }
            let shape = [rngs.len(), size, link.n_out];
            Tensor::from_inner(Tensor::from_data(TensorData::new(mask, shape), &self.device))
        };
        self.links.iter().map(|link| (link.dropout != 0.0).then(|| mask(link))).collect()
    }

    /// Loss and right answers of every network on its set, without dropout.
    pub fn evaluate(&self, set: &StackedSet) -> Vec<LossSums> {
        let mut sums = PendingSums::default();
        for start in (0..set.n_samples).step_by(CHUNK) {
            let (x, y) = set.rows(start, CHUNK.min(set.n_samples - start));
            let logits = forward(&self.links, &self.layers, x, &[]);
            sums.push(cross_entropy(logits.clone(), y.clone()), count_right(logits, y));
        }
        sums.read(set.inputs.dims()[0])
    }

    /// The present weights become the best ones of the networks that improved.
    pub fn keep_best(&mut self, improved: &[bool]) {
        if improved.iter().any(|&improved| improved) {
            let data = TensorData::new(improved.to_vec(), [improved.len(), 1, 1]);
            let mask = Tensor::<3, Bool>::from_data(data, &self.device);
            for (best, layer) in self.best.iter_mut().zip(&self.layers) {
                let chosen = |old: &Tensor<3>, new: &Tensor<3>| {
                    old.clone().mask_where(mask.clone().expand(new.shape()), new.clone())
                };
                best.weight = chosen(&best.weight, &layer.weight);
                best.bias = chosen(&best.bias, &layer.bias);
            }
        }
    }

    /// Keeps the networks of these places.
    pub fn select(&mut self, places: &[usize]) {
        let places = index(places, &self.device);
        let select = |layers: &mut Vec<Layer>| {
            layers.iter_mut().for_each(|layer| *layer = layer.map(|w| w.select(0, places.clone())));
        };
        select(&mut self.layers);
        select(&mut self.best);
        self.moments.iter_mut().for_each(select);
    }

    /// The present weights of every network.
    pub fn weights(&self) -> Vec<Weights> {
        self.read(&self.layers)
    }

    /// The best weights of every network.
    pub fn best_weights(&self) -> Vec<Weights> {
        self.read(&self.best)
    }

    fn read(&self, layers: &[Layer]) -> Vec<Weights> {
        let n_networks = layers.first().map_or(0, |layer| layer.weight.dims()[0]);
        let mut networks: Vec<Weights> = vec![Weights::default(); n_networks];
        for (layer, link) in layers.iter().zip(&self.links) {
            let (shape, weight) = match kernel_size(link) {
                None => (vec![link.n_out, link.n_in], layer.weight.clone().swap_dims(1, 2)),
                Some(kernel_size) => (vec![1, 1, kernel_size], layer.weight.clone()),
            };
            let (weight, bias) = (values(weight), values(layer.bias.clone()));
            let (of_weight, of_bias) = (weight.len() / n_networks, bias.len() / n_networks);
            let parts = weight.chunks_exact(of_weight).zip(bias.chunks_exact(of_bias));
            for (network, (weight, bias)) in networks.iter_mut().zip(parts) {
                let weight = ArrayD::from_shape_vec(IxDyn(&shape), weight.to_vec());
                network.set(&link.name, "weight", weight.expect("the shape of the layer"));
                network.set(&link.name, "bias", Array1::from(bias.to_vec()));
            }
        }
        networks
    }
}

/// Taps of a filter; of a dense layer none. Other links are refused before they come here.
fn kernel_size(link: &Link) -> Option<usize> {
    if let LinkKind::Conv { kernel_size } = link.kind { Some(kernel_size) } else { None }
}

/// A layer of all networks.
fn stacked(link: &Link, networks: &[Weights], device: &Device) -> Layer {
    let shape = match kernel_size(link) {
        None => [networks.len(), link.n_in, link.n_out],
        Some(kernel_size) => [networks.len(), 1, kernel_size],
    };
    // Of dense weights the transpose; of a filter's single row that is the same.
    let weight = |weights: &Weights| -> Vec<f32> {
        weights.matrix(&link.name, "weight").expect("weights of this network").t().iter().copied().collect()
    };
    let bias =
        |weights: &Weights| weights.vector(&link.name, "bias").expect("weights of this network").to_vec();
    let weights: Vec<f32> = networks.iter().flat_map(weight).collect();
    let biases: Vec<f32> = networks.iter().flat_map(bias).collect();
    let n_biases = biases.len() / networks.len();
    Layer {
        weight: Tensor::from_data(TensorData::new(weights, shape), device),
        bias: Tensor::from_data(TensorData::new(biases, [networks.len(), 1, n_biases]), device),
    }
}

/// Logits `[n_networks, batch, n_classes]` of `x [n_networks, batch, n_inputs]`.
fn forward(links: &[Link], layers: &[Layer], x: Tensor<3>, masks: &[Option<Tensor<3>>]) -> Tensor<3> {
    layers.iter().zip(links).enumerate().fold(x, |x, (l, (layer, link))| {
        let pre = match kernel_size(link) {
            None => x.matmul(layer.weight.clone()) + layer.bias.clone(),
            Some(kernel_size) => correlate(x, layer, kernel_size),
        };
        let post = match link.activation {
            Some(activation) => activate(activation, pre),
            None => pre,
        };
        match masks.get(l) {
            Some(Some(mask)) => post * mask.clone(),
            _ => post,
        }
    })
}

/// `z[i] = b + Σ_k w[k] x[i + k − p]` with each network's own filter: a sum over its few taps.
fn correlate(x: Tensor<3>, layer: &Layer, kernel_size: usize) -> Tensor<3> {
    let [n_networks, batch, length] = x.dims();
    let left = (kernel_size - 1) / 2;
    let zeros = |width: usize| Tensor::<3>::zeros([n_networks, batch, width], &x.device());
    let padded = match kernel_size {
        1 => x,
        // Of an even number of taps, the one more lies to the right.
        2 => Tensor::cat(vec![x.clone(), zeros(1)], 2),
        _ => Tensor::cat(vec![zeros(left), x.clone(), zeros(kernel_size - 1 - left)], 2),
    };
    let tap = |k: usize| padded.clone().narrow(2, k, length) * layer.weight.clone().narrow(2, k, 1);
    (1..kernel_size).fold(tap(0), |sum, k| sum + tap(k)) + layer.bias.clone()
}

/// `−Σ ln softmax(z)[label]` over the batch, `[n_networks]`.
fn cross_entropy(logits: Tensor<3>, labels: Tensor<2, Int>) -> Tensor<1> {
    let of_labels = log_softmax(logits, 2).gather(2, labels.unsqueeze_dim(2));
    of_labels.squeeze_dim::<2>(2).sum_dim(1).squeeze_dim::<1>(1).neg()
}

/// Right answers, `[n_networks]`.
fn count_right(logits: Tensor<3>, labels: Tensor<2, Int>) -> Tensor<1, Int> {
    logits.argmax(2).squeeze_dim::<2>(2).equal(labels).int().sum_dim(1).squeeze_dim::<1>(1)
}

/// The step of one tensor of all networks.
fn descend(rule: &Rule, value: &mut Tensor<3>, gradient: Option<Tensor<3>>, moments: &mut [&mut Tensor<3>]) {
    if let Some(gradient) = gradient {
        *value = rule.step(value.clone(), gradient, moments);
    }
}

/// [`kept_share`](crate::train::kept_share) of each network's gradient, `[n_networks, 1, 1]`.
fn kept_shares(tracked: &[Layer], gradients: &Gradients, most: f32) -> Option<Tensor<3>> {
    let squares = |tensor: &Tensor<3>| {
        let gradient = tensor.grad(gradients)?;
        Some((gradient.clone() * gradient).sum_dim(2).sum_dim(1))
    };
    let all = tracked.iter().flat_map(|layer| [&layer.weight, &layer.bias]).filter_map(squares);
    let norm = all.reduce(|a, b| a + b)?.sqrt();
    Some((norm + CLIP_EPSILON).recip().mul_scalar(most).clamp_max(1.0))
}
