//! Gradients against finite differences in f64, ways of a step or two by hand, and the same bits however rows are cut.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, array, s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::grammar::NetworkSpec;
use crate::graph::{Activation, NodeId, Op};
use crate::model::Model;
use crate::network::Network;
use crate::weights::{Init, Weights};

fn weights(spec: &NetworkSpec) -> Weights {
    Weights::init(spec.graph(), Init::PyTorch, &mut ChaCha8Rng::seed_from_u64(1))
}

fn network(spec: &str) -> Network {
    let spec: NetworkSpec = spec.parse().unwrap();
    let weights = weights(&spec);
    Network::new(spec, weights).unwrap()
}

/// `output = weight · x`, without bias.
fn linear(weight: Array2<f32>) -> Network {
    let bias = Array1::zeros(weight.nrows());
    affine(weight, bias)
}

/// `output = weight · x + bias`.
fn affine(weight: Array2<f32>, bias: Array1<f32>) -> Network {
    let (n_out, n_in) = weight.dim();
    let weights = Weights::default().with("output", "weight", weight).with("output", "bias", bias);
    Network::new(format!("mlp:{n_in}-{n_out}").parse().unwrap(), weights).unwrap()
}

fn inputs(n: usize, width: usize) -> Array2<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    Array2::from_shape_simple_fn((n, width), || rng.random_range(-1.5..1.5))
}

/// The aim in f64, as the formulas stand.
fn value(network: &Network, objective: &Aim, x: &Array1<f64>) -> f64 {
    let (mut post, mut total) = (x.clone(), 0.0);
    for layer in network.spec().layers() {
        let w = network.weights().matrix(&layer.name, "weight").unwrap().mapv(f64::from);
        let bias = network.weights().vector(&layer.name, "bias").unwrap().mapv(f64::from);
        let pre = match layer.op {
            Op::Conv1d { kernel_size } => Array1::from_shape_fn(layer.n_units, |i| {
                let padding = (kernel_size - 1) / 2;
                let tap = |k: usize| {
                    (i + k).checked_sub(padding).and_then(|j| post.get(j)).unwrap_or(&0.0) * w[(0, k)]
                };
                bias[0] + (0..kernel_size).map(tap).sum::<f64>()
            }),
            _ => w.dot(&post) + bias,
        };
        post = match layer.activation {
            _ if layer.has_softmax => {
                let total = pre.mapv(f64::exp).sum();
                pre.mapv(|z| z.exp() / total)
            }
            Some(Activation::Relu) => pre.mapv(|z| z.max(0.0)),
            Some(Activation::Tanh) => pre.mapv(f64::tanh),
            Some(Activation::Silu) => pre.mapv(|z| z / (1.0 + (-z).exp())),
            Some(other) => unreachable!("{other:?} is tested elsewhere"),
            None => pre.clone(),
        };
        for term in objective.terms.iter().filter(|t| t.layer == layer.name) {
            let values = if term.stage == Stage::Pre { &pre } else { &post };
            total += f64::from(term.weight) * values[term.unit];
        }
    }
    total
}

fn assert_is_slope(network: &Network, objective: &Aim, x: ArrayView1<f32>, ours: ArrayView1<f32>) {
    const H: f64 = 1e-6;
    let x = x.mapv(f64::from);
    let slope = Array1::from_shape_fn(x.len(), |i| {
        let moved = |h: f64| {
            let mut x = x.clone();
            x[i] += h;
            value(network, objective, &x)
        };
        (moved(H) - moved(-H)) / (2.0 * H)
    });
    let norm = |v: &Array1<f64>| v.dot(v).sqrt();
    let error = norm(&(&ours.mapv(f64::from) - &slope));
    assert!(error <= 1e-3 * norm(&slope) + 1e-9, "{objective:?}: {error} of {}", norm(&slope));
}

#[test]
fn gradients_are_slopes_for_any_unit_of_any_layer() {
    let networks = [
        ("mlp:20-16-12-8", "hidden1", "hidden2"),
        ("cnn:20,conv5,conv4+relu,10,8", "conv1", "conv2"),
        ("bottleneck:20-10-3-10-8", "hidden2", "hidden3"),
        ("cnn:20,conv5+silu,12+tanh,8", "conv1", "hidden1"),
    ];
    for (spec, first, second) in networks {
        let network = network(spec);
        let mut objectives = vec![Aim::probability(3), Aim::logit(7)];
        for stage in [Stage::Pre, Stage::Post] {
            objectives.extend((0..3).map(|unit| Aim::unit(first, stage, unit)));
            objectives.extend((0..3).map(|unit| Aim::unit(second, stage, unit)));
        }
        objectives.push(
            Aim::probability(0)
                .plus(-0.5, Aim::probability(1))
                .plus(0.3, Aim::logit(2))
                .plus(-2.0, Aim::unit(first, Stage::Post, 1))
                .plus(0.7, Aim::unit(second, Stage::Pre, 0)),
        );
        // Each objective on several rows, and more rows than one chunk has.
        let objectives: Vec<Aim> = objectives.iter().cycle().take(140).cloned().collect();
        let x = inputs(objectives.len(), 20);
        let asked = aim::objective(&objectives, network.graph()).unwrap();
        let found = network.gradient(x.view().into_dyn(), &asked, &[NodeId::INPUT]).unwrap();
        let values = found.values;
        let gradients = found.at[0].view().into_dimensionality().unwrap();
        let gradients: ArrayView2<f32> = gradients;
        for (row, objective) in objectives.iter().enumerate() {
            let expected = value(&network, objective, &x.row(row).mapv(f64::from));
            assert!((f64::from(values[row]) - expected).abs() < 1e-5, "{objective:?}");
            assert_is_slope(&network, objective, x.row(row), gradients.row(row));
        }
    }
}

#[test]
fn a_linear_unit_gains_the_rate_times_its_squared_weights_at_each_step() {
    let network = linear(array![[1.0, 2.0], [0.0, 0.0]]);
    let ascent = Ascent { rate: 0.1, target: Some(1.7), ..Ascent::default() };
    let climbed = ascent.climb(&network, &[Aim::logit(0)], Array2::zeros((1, 2)).view()).unwrap();
    // 0.5 a step: 2.0 after the fourth is the first above 1.7.
    assert_eq!(climbed.outcomes, [Ending::Converged { steps: 4 }]);
    assert!((climbed.values[0] - 2.0).abs() < 1e-6);
    assert!((&climbed.inputs - &array![[0.4f32, 0.8]]).iter().all(|d| d.abs() < 1e-6));
}

#[test]
fn steps_are_as_long_as_the_rate_where_gradients_are_normalised() {
    let network = linear(array![[3.0, -4.0], [0.0, 0.0]]);
    let end = |normalise, momentum, max_steps| {
        let ascent = Ascent { rate: 0.5, momentum, normalise, target: None, max_steps, ..Ascent::default() };
        let climbed = ascent.climb(&network, &[Aim::logit(0)], Array2::zeros((1, 2)).view()).unwrap();
        assert_eq!(climbed.outcomes, [Ending::NotConverged { steps: max_steps }]);
        climbed.inputs.row(0).to_vec()
    };
    let close =
        |a: Vec<f32>, b: [f32; 2]| assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6), "{a:?}");
    close(end(Normalise::None, 0.0, 2), [3.0, -4.0]);
    close(end(Normalise::Length, 0.0, 2), [0.6, -0.8]);
    close(end(Normalise::Sign, 0.0, 2), [1.0, -1.0]);
    // Velocities 1, 1.5 and 1.75 times the direction.
    close(end(Normalise::Sign, 0.5, 3), [2.125, -2.125]);
}

#[test]
fn the_smallest_gradient_is_normalised_too() {
    let network = linear(array![[3e-30, -4e-30], [0.0, 0.0]]);
    let normalise = Normalise::Length;
    let ascent = Ascent { rate: 0.5, normalise, target: None, max_steps: 1, ..Ascent::default() };
    let climbed = ascent.climb(&network, &[Aim::logit(0)], Array2::zeros((1, 2)).view()).unwrap();
    assert!((&climbed.inputs - &array![[0.3f32, -0.4]]).iter().all(|d| d.abs() < 1e-6), "{}", climbed.inputs);
}

#[test]
fn regularisers_act_after_every_step_in_their_order() {
    let network = linear(array![[2.0, 1.0], [0.0, 0.0]]);
    let regularisers = vec![Regulariser::Decay { share: 0.5 }, Regulariser::ClipNorm { share: 0.5 }];
    let ascent = Ascent { rate: 1.0, target: None, max_steps: 2, regularisers, ..Ascent::default() };
    let climbed = ascent.climb(&network, &[Aim::logit(0)], Array2::zeros((1, 2)).view()).unwrap();
    // (2, 1) halved and clipped is (1, 0); then (3, 1) halved and clipped (1.5, 0).
    assert_eq!(climbed.inputs, array![[1.5, 0.0]]);
}

#[test]
fn a_unit_that_is_never_active_is_reported_as_stalled() {
    let spec: NetworkSpec = "mlp:20-16-8".parse().unwrap();
    let mut weights = weights(&spec);
    weights.get_mut("hidden1", "bias").unwrap()[5] = -1e3;
    let network = Network::new(spec, weights).unwrap();
    let dead = Aim::unit("hidden1", Stage::Post, 5);
    let ascent = Ascent { target: Some(1.0), ..Ascent::default() };
    let climbed = ascent.climb(&network, &[dead], inputs(1, 20).view()).unwrap();
    assert_eq!((climbed.outcomes, climbed.values), (vec![Ending::Stalled { steps: 0 }], vec![0.0]));
    assert_eq!(climbed.inputs, inputs(1, 20));
}

#[test]
fn an_objective_without_gain_stalls_after_patience() {
    let decay = vec![Regulariser::Decay { share: 0.5 }];
    let ascent =
        Ascent { rate: 1.0, target: Some(9.0), patience: 7, regularisers: decay, ..Ascent::default() };
    let network = linear(array![[1.0, 0.0], [0.0, 0.0]]);
    let climbed = ascent.climb(&network, &[Aim::logit(0)], Array2::zeros((1, 2)).view()).unwrap();
    // 0.5, 0.75, … towards 1: the last value a ten-thousandth above an earlier one that counted is that of step 16.
    assert_eq!(climbed.outcomes, [Ending::Stalled { steps: 16 + 7 }]);
}

#[test]
fn a_rate_that_leads_to_no_number_is_reported_with_the_last_finite_input() {
    let ascent = Ascent { rate: 1e30, target: None, ..Ascent::default() };
    let network = linear(array![[1e20, 1.0], [0.0, 0.0]]);
    let climbed = ascent.climb(&network, &[Aim::logit(0)], Array2::zeros((1, 2)).view()).unwrap();
    assert_eq!(climbed.outcomes, [Ending::Diverged { steps: 1 }]);
    assert_eq!(climbed.inputs, array![[0.0, 0.0]]);
    let nan = Array2::from_elem((1, 2), f32::NAN);
    let climbed = ascent.climb(&network, &[Aim::logit(0)], nan.view()).unwrap();
    assert_eq!(climbed.outcomes, [Ending::Diverged { steps: 0 }]);
}

#[test]
fn what_the_network_does_not_have_is_named() {
    let network = network("mlp:20-16-8");
    let error = |objective| {
        let climbed = Ascent::default().climb(&network, &[objective], Array2::zeros((1, 20)).view());
        climbed.unwrap_err().to_string()
    };
    let layer = error(Aim::unit("conv1", Stage::Post, 0));
    assert!(layer.contains("no layer `conv1`") && layer.contains("hidden1, output"), "{layer}");
    assert!(error(Aim::probability(8)).contains("unit 8 of output.softmax: it has 8, from 0 to 7"));
    assert!(error(Aim::unit("hidden1", Stage::Pre, 16)).contains("from 0 to 15"));
    assert!(error(Aim { terms: Vec::new() }).contains("at least one term"));
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let error = |ascent: Ascent| ascent.check().unwrap_err().to_string();
    assert!(error(Ascent { rate: f64::NAN, ..Ascent::default() }).contains("rate"));
    assert!(error(Ascent { momentum: 1.0, ..Ascent::default() }).contains("momentum"));
    assert!(error(Ascent { target: Some(f64::NAN), ..Ascent::default() }).contains("target"));
    assert!(error(Ascent { patience: 0, ..Ascent::default() }).contains("patience"));
    assert!(error(Ascent { min_gain: -1.0, ..Ascent::default() }).contains("min_gain"));
}

#[test]
fn rows_end_in_the_same_bits_alone_in_a_batch_and_on_any_number_of_threads() {
    let network = network("cnn:20,conv5+relu,16,8");
    let regularisers =
        vec![Regulariser::Blur { tau: 0.5, every: 4 }, Regulariser::TotalVariation { weight: 1e-3 }];
    let ascent =
        Ascent { momentum: 0.5, max_steps: 60, target: Some(0.3), regularisers, ..Ascent::default() };
    let objectives: Vec<Aim> = (0..300).map(|row| Aim::probability(row % 8)).collect();
    let starts = inputs(300, 20);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| ascent.climb(&network, &objectives, starts.view()).unwrap())
    };
    let batch = run(1);
    assert_eq!(batch, run(2));
    assert_eq!(batch, run(5));
    let ends = |wanted: fn(&Ending) -> bool| batch.outcomes.iter().filter(|o| wanted(o)).count();
    assert!(0 < ends(|o| o.steps_to_target().is_some()), "some rows leave early");
    for row in 0..300 {
        let start = starts.slice(s![row..row + 1, ..]);
        let alone = ascent.climb(&network, &objectives[row..row + 1], start).unwrap();
        assert_eq!((alone.outcomes[0], alone.values[0]), (batch.outcomes[row], batch.values[row]));
        assert_eq!(alone.inputs.row(0), batch.inputs.row(row));
    }
}

#[test]
fn the_smallest_change_of_a_linear_answer_is_its_distance_to_the_boundary() {
    // The boundary of the two classes is 6 x + 8 y = 0, ten units of logit per unit of length.
    let network = linear(array![[3.0, 4.0], [-3.0, -4.0]]);
    let input = array![[1.0f32, 0.5]];
    let l2 = Fooling::default().search(&network, input.view()).unwrap();
    assert_eq!((l2.before[0], l2.after[0]), (0, 1));
    assert!((l2.sizes[0].unwrap() - 1.0).abs() < 1e-4, "{:?}", l2.sizes);
    assert!((&l2.inputs - &array![[0.4f32, -0.3]]).iter().all(|d| d.abs() < 1e-4), "{}", l2.inputs);
    let max = Fooling { norm: Norm::Max, ..Fooling::default() }.search(&network, input.view()).unwrap();
    assert!((max.sizes[0].unwrap() - 10.0 / 14.0).abs() < 1e-4, "{:?}", max.sizes);
}

#[test]
fn an_answer_must_move_further_than_the_tolerance() {
    // Answers 0 to 3 by the sign and size of x: from far below zero to far above.
    let network = affine(array![[-2.0], [-1.0], [1.0], [2.0]], array![-1.0, 0.0, 0.0, -1.0]);
    let input = array![[-2.0f32]];
    let size = |tolerance| {
        Fooling { tolerance, ..Fooling::default() }.search(&network, input.view()).unwrap().sizes[0].unwrap()
    };
    // The boundaries lie at −1, 0 and 1.
    assert!((size(0) - 1.0).abs() < 1e-3 && (size(1) - 2.0).abs() < 1e-3 && (size(2) - 3.0).abs() < 1e-3);
}

#[test]
fn an_answer_that_nothing_moves_is_reported() {
    let network = linear(array![[1.0, 1.0], [1.0, 1.0]]);
    let fooled = Fooling::default().search(&network, array![[1.0f32, 2.0]].view()).unwrap();
    assert_eq!((fooled.sizes, fooled.inputs), (vec![None], array![[1.0f32, 2.0]]));
}

#[test]
fn deep_answers_are_moved_and_the_search_is_the_same_on_any_number_of_threads() {
    let network = network("mlp:20-16-12-8");
    let x = inputs(50, 20);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Fooling::default().search(&network, x.view()).unwrap())
    };
    let fooled = run(1);
    assert_eq!(fooled, run(3));
    assert!(fooled.sizes.iter().all(Option::is_some));
    assert_eq!(network.predict(fooled.inputs.view()), fooled.after);
    assert!(fooled.before.iter().zip(&fooled.after).all(|(before, after)| before != after));
}
