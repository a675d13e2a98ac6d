//! The engine against a plain reference in f64, written as the formulas stand.

use ndarray::{Array1, Array2, Axis};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{FusedNetwork, LossSums, Step, Trainer};
use crate::spec::{Activation, LayerKind, NetworkSpec};
use crate::weights::{Init, Weights};

/// Weight and bias of each layer, in f64.
type Reference = Vec<(Array2<f64>, Array1<f64>)>;

fn reference(weights: &Weights) -> Reference {
    weights.0.iter().map(|l| (l.weight.mapv(f64::from), l.bias.mapv(f64::from))).collect()
}

/// `z[i] = b + Σ_k w[k] x[i + k − p]`, with x zero outside.
fn correlate(x: &Array2<f64>, w: &Array2<f64>, b: f64) -> Array2<f64> {
    let padding = (w.len() - 1) / 2;
    Array2::from_shape_fn(x.dim(), |(s, i)| {
        let tap =
            |(k, w): (usize, &f64)| (i + k).checked_sub(padding).and_then(|j| x.get((s, j))).map(|x| w * x);
        b + w.iter().enumerate().filter_map(tap).sum::<f64>()
    })
}

/// Summed cross-entropy of the network, layer by layer.
fn loss(spec: &NetworkSpec, weights: &Reference, inputs: &Array2<f64>, labels: &[usize]) -> f64 {
    let logits = spec.layers().iter().zip(weights).fold(inputs.clone(), |x, (layer, (w, b))| {
        let z = match layer.kind {
            LayerKind::Dense { .. } => x.dot(&w.t()) + b,
            LayerKind::Conv1d { .. } => correlate(&x, w, b[0]),
        };
        if layer.activation == Activation::Relu { z.mapv(|z| z.max(0.0)) } else { z }
    });
    let of_sample = |(z, &label): (ndarray::ArrayView1<f64>, &usize)| z.mapv(f64::exp).sum().ln() - z[label];
    logits.axis_iter(Axis(0)).zip(labels).map(of_sample).sum()
}

struct Case {
    spec: NetworkSpec,
    weights: Weights,
    inputs: Vec<f32>,
    labels: Vec<usize>,
}

fn case(spec: &str, n: usize, seed: u64) -> Case {
    let spec: NetworkSpec = spec.parse().unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    // PyTorch's initial biases are not zero, so that their places are tested too.
    let weights = Weights::init(&spec, Init::PyTorch, &mut rng);
    let inputs = (0..n * spec.n_inputs()).map(|_| rng.random_range(-1.5..1.5)).collect();
    let labels = (0..n).map(|_| rng.random_range(0..spec.n_outputs())).collect();
    Case { spec, weights, inputs, labels }
}

impl Case {
    fn n(&self) -> usize {
        self.labels.len()
    }

    fn trainer(&self, step: Step) -> Trainer {
        Trainer::new(&self.spec, &self.weights, step, self.n())
    }

    fn inputs(&self) -> Array2<f64> {
        let inputs = self.inputs.iter().map(|&x| f64::from(x)).collect();
        Array2::from_shape_vec((self.n(), self.spec.n_inputs()), inputs).unwrap()
    }

    fn loss(&self, weights: &Reference) -> f64 {
        loss(&self.spec, weights, &self.inputs(), &self.labels)
    }

    /// Gradient of the mean loss by central differences, for every `stride`-th weight of each layer and each bias.
    fn assert_gradient(&self, stride: usize) {
        let mut trainer = self.trainer(Step { learning_rate: 1.0, momentum: 0.0, weight_decay: 0.0 });
        let order: Vec<usize> = (0..self.n()).collect();
        let sums = trainer.step(&self.inputs, &self.labels, &order, &mut ChaCha8Rng::seed_from_u64(0));
        let start = reference(&self.weights);
        let expected = self.loss(&start);
        assert!((sums.loss - expected).abs() < 1e-9 + 1e-5 * expected, "{} for {expected}", sums.loss);
        let after = reference(&trainer.weights(&self.weights));
        for l in 0..start.len() {
            for i in (0..start[l].0.len()).step_by(stride) {
                let moved = |h: f64| {
                    let mut weights = start.clone();
                    *weights[l].0.iter_mut().nth(i).unwrap() += h;
                    self.loss(&weights)
                };
                let step = start[l].0.iter().nth(i).unwrap() - after[l].0.iter().nth(i).unwrap();
                self.assert_slope(step, expected, moved, &format!("layer {l}, weight {i}"));
            }
            for i in 0..start[l].1.len() {
                let moved = |h: f64| {
                    let mut weights = start.clone();
                    weights[l].1[i] += h;
                    self.loss(&weights)
                };
                let step = start[l].1[i] - after[l].1[i];
                self.assert_slope(step, expected, moved, &format!("layer {l}, bias {i}"));
            }
        }
    }

    /// A step of rate 1 is the slope of the mean loss. At the kink of a ReLU, where the slopes to both sides differ,
    /// any value between them is one.
    fn assert_slope(&self, step: f64, here: f64, moved: impl Fn(f64) -> f64, place: &str) {
        const H: f64 = 1e-6;
        let per_sample = H * self.n() as f64;
        let (left, right) = ((here - moved(-H)) / per_sample, (moved(H) - here) / per_sample);
        let tolerance = 2e-5 + 1e-4 * left.abs().max(right.abs());
        let is_between = left.min(right) - tolerance < step && step < left.max(right) + tolerance;
        assert!(is_between, "{place}: {step}, slopes {left} and {right}");
    }
}

#[test]
fn dense_gradients_are_the_slopes_of_the_loss() {
    case("mlp:23-19-17-11", 13, 0).assert_gradient(7);
}

#[test]
fn conv_gradients_are_the_slopes_of_the_loss() {
    case("cnn:31,conv5,conv4+relu,conv7,9", 6, 1).assert_gradient(3);
}

#[test]
fn bottleneck_gradients_are_the_slopes_of_the_loss() {
    case("bottleneck:20-9-2-9-12", 7, 2).assert_gradient(5);
}

#[test]
fn large_products_that_are_shared_among_threads_have_right_gradients() {
    case("mlp:260-270-10", 300, 3).assert_gradient(9_001);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn gradients_hold_for_any_widths_and_batch(
        widths in prop::collection::vec(1usize..40, 2..5),
        kernel_size in 1usize..10,
        n in 1usize..25,
        seed in 0u64..1_000,
    ) {
        let widths: Vec<String> = widths.iter().map(ToString::to_string).collect();
        case(&format!("mlp:{}", widths.join("-")), n, seed).assert_gradient(29);
        let kernel_size = kernel_size.min(widths[0].parse().unwrap());
        case(&format!("cnn:{},conv{kernel_size},{}", widths[0], widths[1]), n, seed).assert_gradient(29);
    }
}

#[test]
fn momentum_and_decay_follow_their_recurrence() {
    let case = case("mlp:7-5-3", 4, 4);
    let step = Step { learning_rate: 0.1, momentum: 0.9, weight_decay: 0.01 };
    let mut trainer = case.trainer(step);
    let order: Vec<usize> = (0..case.n()).collect();
    let mut w = reference(&case.weights);
    let mut v = reference(&case.weights.zeros_like());
    for _ in 0..3 {
        trainer.step(&case.inputs, &case.labels, &order, &mut ChaCha8Rng::seed_from_u64(0));
        let here = w.clone();
        for l in 0..w.len() {
            for i in 0..w[l].0.len() {
                let moved = |h: f64| {
                    let mut weights = here.clone();
                    *weights[l].0.iter_mut().nth(i).unwrap() += h;
                    case.loss(&weights)
                };
                let gradient = (moved(1e-6) - moved(-1e-6)) / (2e-6 * case.n() as f64);
                let (w, v) = (w[l].0.iter_mut().nth(i).unwrap(), v[l].0.iter_mut().nth(i).unwrap());
                *v = 0.9 * *v + gradient + 0.01 * *w;
                *w -= 0.1 * *v;
            }
            // Biases from the engine itself: their gradients are tested above.
            w[l].1 = trainer.weights(&case.weights).0[l].bias.mapv(f64::from);
        }
    }
    let weights = reference(&trainer.weights(&case.weights));
    for (ours, expected) in weights.iter().zip(&w) {
        assert!(ours.0.iter().zip(&expected.0).all(|(a, b)| (a - b).abs() < 1e-4), "{ours:?}\n{expected:?}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let case = case("mlp:300-310-290-10", 257, 5);
    let order: Vec<usize> = (0..case.n()).rev().collect();
    let run = |threads: usize| -> (Weights, LossSums, Array2<f32>) {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let mut trainer = case.trainer(Step { learning_rate: 0.1, momentum: 0.0, weight_decay: 1e-3 });
            for _ in 0..2 {
                trainer.step(&case.inputs, &case.labels, &order, &mut ChaCha8Rng::seed_from_u64(0));
            }
            let weights = trainer.weights(&case.weights);
            let network = FusedNetwork::new(&case.spec, &weights, false);
            let logits = network.logits(case.inputs().mapv(|x| x as f32).view());
            (weights, network.loss(&case.inputs, &case.labels), logits)
        })
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(5));
}

#[test]
fn dropout_keeps_the_mean_of_what_it_scales() {
    let case = case("mlp:40-400+dropout0.5-5", 50, 6);
    let order: Vec<usize> = (0..case.n()).collect();
    let step = Step { learning_rate: 0.0, momentum: 0.0, weight_decay: 0.0 };
    let (mut dropped, mut rng) = (case.trainer(step), ChaCha8Rng::seed_from_u64(0));
    dropped.step(&case.inputs, &case.labels, &order, &mut rng);
    let zeros = dropped.masks[0].iter().filter(|&&m| m == 0.0).count() as f64 / dropped.masks[0].len() as f64;
    assert!((zeros - 0.5).abs() < 0.02, "{zeros}");
    assert!(dropped.masks[0].iter().all(|&m| m == 0.0 || m == 2.0));
}
