//! The engine against a plain reference in f64, written as the formulas stand.

use ndarray::{Array2, ArrayD, Axis};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::FusedModel;
use super::backpropagation::Backpropagation;
use super::layer::Keeps;
use super::network::FusedNetwork;
use super::reference::Reference;
use crate::chain::Chain;
use crate::grammar::NetworkSpec;
use crate::graph::{Activation, Graph, GraphBuilder, NodeId};
use crate::model::{Gradients, Model, Objective, Term};
use crate::train::{LossSums, Rule, Sgd};
use crate::weights::{Init, Weights};

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
    let weights = Weights::init(spec.graph(), Init::PyTorch, &mut rng);
    let inputs = (0..n * spec.n_inputs()).map(|_| rng.random_range(-1.5..1.5)).collect();
    let labels = (0..n).map(|_| rng.random_range(0..spec.n_outputs())).collect();
    Case { spec, weights, inputs, labels }
}

impl Case {
    fn n(&self) -> usize {
        self.labels.len()
    }

    fn chain(&self) -> Chain {
        Chain::of(self.spec.graph(), "fused").unwrap()
    }

    fn training(&self, sgd: Sgd) -> Backpropagation {
        Backpropagation::new(&self.chain(), &self.weights, Rule::Sgd(sgd), None, self.n())
    }

    fn weights_of(&self, training: &Backpropagation) -> Weights {
        let mut weights = self.weights.zeros_like();
        training.network.write_weights(&mut weights);
        weights
    }

    fn reference(&self, weights: &Weights) -> Reference {
        Reference::new(self.spec.graph(), weights)
    }

    fn inputs(&self) -> ArrayD<f32> {
        ArrayD::from_shape_vec(vec![self.n(), self.spec.n_inputs()], self.inputs.clone()).unwrap()
    }

    /// Summed cross-entropy of the network.
    fn loss(&self, reference: &Reference) -> f64 {
        let inputs: Vec<Vec<f64>> = self
            .inputs
            .chunks(self.spec.n_inputs())
            .map(|x| x.iter().map(|&x| f64::from(x)).collect())
            .collect();
        self.n() as f64 * reference.cross_entropy(&inputs, &self.labels)
    }

    /// The loss with one parameter moved.
    fn moved(&self, reference: &mut Reference, [node, parameter, i]: [usize; 3], by: f64) -> f64 {
        let before = reference.parameters[node][parameter][i];
        reference.parameters[node][parameter][i] = before + by;
        let loss = self.loss(reference);
        reference.parameters[node][parameter][i] = before;
        loss
    }

    /// Gradient of the mean loss by central differences, for every so many weights and biases of each layer.
    fn assert_gradient(&self, strides: [usize; 2]) {
        let mut training =
            self.training(Sgd { learning_rate: 1.0, momentum: 0.0, weight_decay: 0.0, is_nesterov: false });
        let order: Vec<usize> = (0..self.n()).collect();
        let sums = training.step(&self.inputs, &self.labels, &order, &mut ChaCha8Rng::seed_from_u64(0));
        let mut start = self.reference(&self.weights);
        let expected = self.loss(&start);
        assert!((sums.loss - expected).abs() < 1e-9 + 1e-5 * expected, "{} for {expected}", sums.loss);
        let after = self.reference(&self.weights_of(&training)).parameters;
        for (node, after) in after.iter().enumerate() {
            for (parameter, (after, stride)) in after.iter().zip(strides).enumerate() {
                for (i, after) in after.iter().enumerate().step_by(stride) {
                    let place = [node, parameter, i];
                    let step = start.parameters[node][parameter][i] - after;
                    self.assert_slope(
                        step,
                        expected,
                        |h| self.moved(&mut start, place, h),
                        &format!("{place:?}"),
                    );
                }
            }
        }
    }

    /// A step of rate 1 is the slope of the mean loss. At the kink of a ReLU, where the slopes to both sides differ,
    /// any value between them is one.
    fn assert_slope(&self, step: f64, here: f64, mut moved: impl FnMut(f64) -> f64, place: &str) {
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
    case("mlp:23-19-17-11", 13, 0).assert_gradient([7, 1]);
}

#[test]
fn conv_gradients_are_the_slopes_of_the_loss() {
    case("cnn:31,conv5,conv4+relu,conv7,9", 6, 1).assert_gradient([3, 1]);
}

#[test]
fn gradients_of_every_activation_are_the_slopes_of_the_loss() {
    for activation in Activation::ALL {
        let word = activation.word();
        case(&format!("mlp:9-8+{word}-7+{word}-5"), 5, 7).assert_gradient([3, 1]);
        case(&format!("cnn:12,conv5+{word},conv2+{word},6+{word},5"), 4, 8).assert_gradient([3, 1]);
    }
}

#[test]
fn bottleneck_gradients_are_the_slopes_of_the_loss() {
    case("bottleneck:20-9-2-9-12", 7, 2).assert_gradient([5, 1]);
}

#[test]
fn large_products_that_are_shared_among_threads_have_right_gradients() {
    case("mlp:260-270-10", 300, 3).assert_gradient([9_001, 31]);
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
        case(&format!("mlp:{}", widths.join("-")), n, seed).assert_gradient([29, 1]);
        let kernel_size = kernel_size.min(widths[0].parse().unwrap());
        case(&format!("cnn:{},conv{kernel_size},{}", widths[0], widths[1]), n, seed).assert_gradient([29, 1]);
    }
}

#[test]
fn momentum_and_decay_follow_their_recurrence() {
    let case = case("mlp:7-5-3", 4, 4);
    let step = Sgd { learning_rate: 0.1, momentum: 0.9, weight_decay: 0.01, is_nesterov: false };
    let mut training = case.training(step);
    let order: Vec<usize> = (0..case.n()).collect();
    let mut w = case.reference(&case.weights);
    let mut v = case.reference(&case.weights.zeros_like()).parameters;
    for _ in 0..3 {
        training.step(&case.inputs, &case.labels, &order, &mut ChaCha8Rng::seed_from_u64(0));
        let mut here = w.clone();
        let after = case.reference(&case.weights_of(&training)).parameters;
        for node in (0..v.len()).filter(|&node| !after[node].is_empty()) {
            for i in 0..v[node][0].len() {
                let mut moved = |h| case.moved(&mut here, [node, 0, i], h);
                let gradient = (moved(1e-6) - moved(-1e-6)) / (2e-6 * case.n() as f64);
                let (w, v) = (&mut w.parameters[node][0][i], &mut v[node][0][i]);
                *v = 0.9 * *v + gradient + 0.01 * *w;
                *w -= 0.1 * *v;
            }
            // Biases from the engine itself: their gradients are tested above.
            w.parameters[node][1].clone_from(&after[node][1]);
        }
    }
    let ours = case.reference(&case.weights_of(&training)).parameters;
    for (ours, expected) in ours.iter().flatten().flatten().zip(w.parameters.iter().flatten().flatten()) {
        assert!((ours - expected).abs() < 1e-4, "{ours}, {expected}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let case = case("mlp:300-310-290-10", 257, 5);
    let order: Vec<usize> = (0..case.n()).rev().collect();
    let run = |threads: usize| -> (Weights, LossSums, ArrayD<f32>) {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let mut training = case.training(Sgd {
                learning_rate: 0.1,
                momentum: 0.0,
                weight_decay: 1e-3,
                is_nesterov: false,
            });
            for _ in 0..2 {
                training.step(&case.inputs, &case.labels, &order, &mut ChaCha8Rng::seed_from_u64(0));
            }
            let weights = case.weights_of(&training);
            let network = FusedNetwork::new(&case.chain(), &weights, Keeps::default());
            let model = FusedModel::new(case.spec.graph(), &weights).unwrap();
            let logits =
                model.run(case.inputs().view(), &[case.spec.graph().logits()]).unwrap().swap_remove(0);
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
    let step = Sgd { learning_rate: 0.0, momentum: 0.0, weight_decay: 0.0, is_nesterov: false };
    let (mut dropped, mut rng) = (case.training(step), ChaCha8Rng::seed_from_u64(0));
    dropped.step(&case.inputs, &case.labels, &order, &mut rng);
    let zeros = dropped.masks[0].iter().filter(|&&m| m == 0.0).count() as f64 / dropped.masks[0].len() as f64;
    assert!((zeros - 0.5).abs() < 0.02, "{zeros}");
    assert!(dropped.masks[0].iter().all(|&m| m == 0.0 || m == 2.0));
}

fn objective(graph: &Graph, n_rows: usize) -> Objective {
    let mut objective = Objective::default();
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    for row in 0..n_rows {
        // None to three terms of any nodes, the input, dropout and softmax among them.
        let mut term = |_| {
            let node = graph.ids().nth(rng.random_range(0..graph.nodes().len())).unwrap();
            Term {
                node,
                unit: rng.random_range(0..graph[node].n_units()),
                weight: rng.random_range(-2.0..2.0),
            }
        };
        let terms: Vec<Term> = (0..row % 4).map(&mut term).collect();
        objective.push(&terms);
    }
    objective
}

/// A network with weights away from the kinks of its activations, and inputs.
fn questioned(graph: &Graph, n: usize) -> (FusedModel, Weights, ArrayD<f32>) {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let weights = Weights::init(graph, Init::PyTorch, &mut rng);
    let x =
        Array2::from_shape_simple_fn((n, graph[NodeId::INPUT].n_units()), || rng.random_range(-1.5f32..1.5));
    (FusedModel::new(graph, &weights).unwrap(), weights, x.into_dyn())
}

fn graphs() -> Vec<Graph> {
    let mut graphs: Vec<Graph> =
        ["mlp:7-6+dropout0.2-5+linear-4", "cnn:7,conv3,conv2+relu+dropout0.5,5,4", "mlp:7-4"]
            .map(|spec| spec.parse::<NetworkSpec>().unwrap().graph().clone())
            .to_vec();
    for activation in Activation::ALL {
        let builder =
            GraphBuilder::input([7]).conv1d("c", 3).activation(activation).dropout(0.1).dense("d", 5);
        graphs.push(builder.activation(activation).dense("e", 4).softmax().build().unwrap());
        // Without a softmax, and without anything after the first layer.
        let builder = GraphBuilder::input([7]).dense("d", 5).activation(activation).dense("e", 3);
        graphs.push(builder.build().unwrap());
    }
    graphs
}

#[test]
fn values_of_every_node_are_those_of_the_formulas() {
    for graph in graphs() {
        let (model, weights, x) = questioned(&graph, 5);
        let taps: Vec<NodeId> = graph.ids().collect();
        let found = model.run(x.view(), &taps).unwrap();
        for row in 0..5 {
            let expected = Reference::new(&graph, &weights).values(&sample(&x, row), None);
            for (tap, found) in taps.iter().zip(&found) {
                let close = |(a, b): (&f32, &f64)| (f64::from(*a) - b).abs() < 2e-6;
                let row = found.index_axis(Axis(0), row);
                assert!(row.iter().zip(&expected[tap.index()]).all(close), "{}", graph[*tap].name);
            }
        }
    }
}

#[test]
fn gradients_at_every_node_are_slopes() {
    for graph in graphs() {
        let n = 24;
        let (model, weights, x) = questioned(&graph, n);
        let reference = Reference::new(&graph, &weights);
        let objective = objective(&graph, n);
        let at: Vec<NodeId> = graph.ids().collect();
        let Gradients { values: found, at: gradients } = model.gradient(x.view(), &objective, &at).unwrap();
        for row in 0..n {
            let (input, terms) = (sample(&x, row), objective.row(row));
            let sum = Reference::sum(terms, &reference.values(&input, None));
            assert!((f64::from(found[row]) - sum).abs() < 1e-5);
            for (&node, gradient) in at.iter().zip(&gradients) {
                for (unit, slope) in reference.gradient(&input, terms, node).into_iter().enumerate() {
                    let ours = f64::from(gradient[[row, unit]]);
                    assert!(
                        (ours - slope).abs() < 2e-5 + 1e-4 * slope.abs(),
                        "{}: {ours}, {slope}",
                        graph[node].name
                    );
                }
            }
        }
    }
}

/// A row in f64.
fn sample(x: &ArrayD<f32>, row: usize) -> Vec<f64> {
    x.index_axis(Axis(0), row).iter().map(|&x| f64::from(x)).collect()
}

#[test]
fn rows_have_the_same_bits_alone_and_among_others_and_on_any_number_of_threads() {
    let graph = "cnn:40,conv5+gelu,60+tanh,50,8".parse::<NetworkSpec>().unwrap().graph().clone();
    let n = 500;
    let (model, _, x) = questioned(&graph, n);
    let objective = objective(&graph, n);
    let at: Vec<NodeId> = graph.ids().collect();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            (model.gradient(x.view(), &objective, &at).unwrap(), model.run(x.view(), &at).unwrap())
        })
    };
    let (gradients, values) = run(1);
    assert_eq!((gradients.clone(), values.clone()), run(2));
    assert_eq!((gradients.clone(), values.clone()), run(5));
    for row in (0..n).step_by(7) {
        let alone = x.slice_axis(Axis(0), (row..row + 1).into());
        let mut own = Objective::default();
        own.push(objective.row(row));
        let found = model.gradient(alone.view(), &own, &at).unwrap();
        assert_eq!(found.values[0], gradients.values[row]);
        let taps = model.run(alone, &at).unwrap();
        for place in 0..at.len() {
            let row_of = |array: &ArrayD<f32>| array.index_axis(Axis(0), row).to_owned();
            assert_eq!(found.at[place].index_axis(Axis(0), 0), row_of(&gradients.at[place]));
            assert_eq!(taps[place].index_axis(Axis(0), 0), row_of(&values[place]));
        }
    }
}

#[test]
fn rows_of_a_wide_network_have_the_same_bits_however_many_there_are() {
    let graph = "mlp:784-784-10".parse::<NetworkSpec>().unwrap().graph().clone();
    let n = 130;
    let (model, _, x) = questioned(&graph, n);
    let objective = objective(&graph, n);
    let at: Vec<NodeId> = graph.ids().collect();
    let (gradients, values) =
        (model.gradient(x.view(), &objective, &at).unwrap(), model.run(x.view(), &at).unwrap());
    for rows in [0..1, 5..18, 100..114, 129..130] {
        let mut own = Objective::default();
        rows.clone().for_each(|row| own.push(objective.row(row)));
        let few = |array: &ArrayD<f32>| array.slice_axis(Axis(0), rows.clone().into()).to_owned();
        let found = model.gradient(few(&x).view(), &own, &at).unwrap();
        assert_eq!(found.values, gradients.values[rows.clone()]);
        assert_eq!(found.at, gradients.at.iter().map(few).collect::<Vec<_>>());
        let taps = model.run(few(&x).view(), &at).unwrap();
        assert_eq!(taps, values.iter().map(few).collect::<Vec<_>>());
    }
}

#[test]
fn questions_that_do_not_fit_are_refused_by_name() {
    let graph = "mlp:7-5-4".parse::<NetworkSpec>().unwrap().graph().clone();
    let (model, weights, x) = questioned(&graph, 3);
    let narrow = Array2::<f32>::zeros((3, 6)).into_dyn();
    let error = model.run(narrow.view(), &[]).unwrap_err().to_string();
    assert!(error.contains("[3, 6]") && error.contains("[7]"), "{error}");
    let error = |objective: &Objective| {
        model.gradient(x.view(), objective, &[NodeId::INPUT]).unwrap_err().to_string()
    };
    assert!(error(&Objective::units(graph.output(), &[0, 1])).contains("2 rows for 3 inputs"));
    let logits = graph.logits();
    assert!(error(&Objective::units(logits, &[0, 1, 4])).contains("unit 4 of output: it has 4, from 0 to 3"));
    let larger = "mlp:7-5-5-4".parse::<NetworkSpec>().unwrap().graph().clone();
    let error = model.run(x.view(), &[larger.output()]).unwrap_err().to_string();
    assert!(error.contains("no node 6") && error.contains("from 0 to 4"), "{error}");
    assert!(FusedModel::new(&larger, &weights).unwrap_err().to_string().contains("hidden2.weight"));
}

#[test]
fn no_rows_have_no_values() {
    let graph = "mlp:7-5-4".parse::<NetworkSpec>().unwrap().graph().clone();
    let (model, _, x) = questioned(&graph, 0);
    let found = model.gradient(x.view(), &Objective::default(), &[NodeId::INPUT, graph.output()]).unwrap();
    assert_eq!((found.values.len(), found.at[0].shape(), found.at[1].shape()), (0, &[0, 7][..], &[0, 4][..]));
    assert_eq!(model.run(x.view(), &[graph.output()]).unwrap()[0].shape(), [0, 4]);
}
