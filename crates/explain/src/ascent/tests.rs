//! Gradients against finite differences in f64, ways of a step or two by hand, and the same bits however rows are cut.

use ndarray::{Array1, Array2, ArrayView1, array, s};
use vitrine_model::{Activation, Model, Network, NetworkSpec, NodeId, Objective, Op, Term};

use super::*;
use crate::testing::{inputs, linear, network, weights};
use crate::{Stage, logit, probabilities, probability, unit};

/// The first logit of one row.
fn first_logit(network: &Network) -> Objective {
    Objective::same(&[logit(network.graph(), 0).unwrap()], 1)
}

/// What the terms add up to in f64, as the formulas stand.
fn sum(network: &Network, terms: &[Term], x: &Array1<f64>) -> f64 {
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
        for term in terms {
            let of_layer = [(layer.pre, &pre), (layer.post, &post)];
            let values =
                of_layer.into_iter().find_map(|(node, values)| (node == term.node).then_some(values));
            total += values.map_or(0.0, |values| f64::from(term.weight) * values[term.unit]);
        }
    }
    total
}

fn assert_is_slope(network: &Network, terms: &[Term], x: ArrayView1<f32>, ours: ArrayView1<f32>) {
    const H: f64 = 1e-6;
    let x = x.mapv(f64::from);
    let slope = Array1::from_shape_fn(x.len(), |i| {
        let moved = |h: f64| {
            let mut x = x.clone();
            x[i] += h;
            sum(network, terms, &x)
        };
        (moved(H) - moved(-H)) / (2.0 * H)
    });
    let norm = |v: &Array1<f64>| v.dot(v).sqrt();
    let error = norm(&(&ours.mapv(f64::from) - &slope));
    assert!(error <= 1e-3 * norm(&slope) + 1e-9, "{terms:?}: {error} of {}", norm(&slope));
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
        let graph = network.graph();
        let at = |layer, stage, of_layer| unit(graph, layer, stage, of_layer).unwrap();
        let probability = |class| probability(graph, class).unwrap();
        let mut sums = vec![vec![probability(3)], vec![logit(graph, 7).unwrap()]];
        for stage in [Stage::Pre, Stage::Post] {
            sums.extend((0..3).map(|of_layer| vec![at(first, stage, of_layer)]));
            sums.extend((0..3).map(|of_layer| vec![at(second, stage, of_layer)]));
        }
        sums.push(vec![
            probability(0),
            Term { weight: -0.5, ..probability(1) },
            Term { weight: 0.3, ..logit(graph, 2).unwrap() },
            Term { weight: -2.0, ..at(first, Stage::Post, 1) },
            Term { weight: 0.7, ..at(second, Stage::Pre, 0) },
        ]);
        // Each sum on several rows, and more rows than one party has.
        let mut objective = Objective::default();
        sums.iter().cycle().take(140).for_each(|terms| objective.push(terms));
        let x = inputs(objective.n_rows(), 20);
        let found = network.gradient(x.view().into_dyn(), &objective, &[NodeId::INPUT]).unwrap();
        let gradients: Array2<f32> = found.at[0].clone().into_dimensionality().unwrap();
        for (row, value) in found.values.into_iter().enumerate() {
            let terms = objective.row(row);
            let expected = sum(&network, terms, &x.row(row).mapv(f64::from));
            assert!((f64::from(value) - expected).abs() < 1e-5, "{terms:?}");
            assert_is_slope(&network, terms, x.row(row), gradients.row(row));
        }
    }
}

#[test]
fn a_linear_unit_gains_the_rate_times_its_squared_weights_at_each_step() {
    let network = linear(array![[1.0, 2.0], [0.0, 0.0]]);
    let ascent = Ascent { rate: 0.1, target: Some(1.7), ..Ascent::default() };
    let climbed = ascent.climb(&network, &first_logit(&network), Array2::zeros((1, 2)).view()).unwrap();
    // 0.5 a step: 2.0 after the fourth is the first above 1.7.
    assert_eq!(climbed.endings, [Ending::Converged { steps: 4 }]);
    assert!((climbed.values[0] - 2.0).abs() < 1e-6);
    assert!((&climbed.inputs - &array![[0.4f32, 0.8]]).iter().all(|d| d.abs() < 1e-6));
}

#[test]
fn steps_are_as_long_as_the_rate_where_gradients_are_normalised() {
    let network = linear(array![[3.0, -4.0], [0.0, 0.0]]);
    let end = |normalise, momentum, max_steps| {
        let ascent = Ascent { rate: 0.5, momentum, normalise, target: None, max_steps, ..Ascent::default() };
        let climbed = ascent.climb(&network, &first_logit(&network), Array2::zeros((1, 2)).view()).unwrap();
        assert_eq!(climbed.endings, [Ending::NotConverged { steps: max_steps }]);
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
    let climbed = ascent.climb(&network, &first_logit(&network), Array2::zeros((1, 2)).view()).unwrap();
    assert!((&climbed.inputs - &array![[0.3f32, -0.4]]).iter().all(|d| d.abs() < 1e-6), "{}", climbed.inputs);
}

#[test]
fn regularisers_act_after_every_step_in_their_order() {
    let network = linear(array![[2.0, 1.0], [0.0, 0.0]]);
    let regularisers = vec![Regulariser::Decay { share: 0.5 }, Regulariser::ClipNorm { share: 0.5 }];
    let ascent = Ascent { rate: 1.0, target: None, max_steps: 2, regularisers, ..Ascent::default() };
    let climbed = ascent.climb(&network, &first_logit(&network), Array2::zeros((1, 2)).view()).unwrap();
    // (2, 1) halved and clipped is (1, 0); then (3, 1) halved and clipped (1.5, 0).
    assert_eq!(climbed.inputs, array![[1.5, 0.0]]);
}

#[test]
fn a_unit_that_is_never_active_is_reported_as_stalled() {
    let spec: NetworkSpec = "mlp:20-16-8".parse().unwrap();
    let mut weights = weights(&spec);
    weights.get_mut("hidden1", "bias").unwrap()[5] = -1e3;
    let network = Network::new(spec, weights).unwrap();
    let dead = Objective::same(&[unit(network.graph(), "hidden1", Stage::Post, 5).unwrap()], 1);
    let ascent = Ascent { target: Some(1.0), ..Ascent::default() };
    let climbed = ascent.climb(&network, &dead, inputs(1, 20).view()).unwrap();
    assert_eq!((climbed.endings, climbed.values), (vec![Ending::Stalled { steps: 0 }], vec![0.0]));
    assert_eq!(climbed.inputs, inputs(1, 20));
}

#[test]
fn an_objective_without_gain_stalls_after_patience() {
    let decay = vec![Regulariser::Decay { share: 0.5 }];
    let ascent =
        Ascent { rate: 1.0, target: Some(9.0), patience: 7, regularisers: decay, ..Ascent::default() };
    let network = linear(array![[1.0, 0.0], [0.0, 0.0]]);
    let climbed = ascent.climb(&network, &first_logit(&network), Array2::zeros((1, 2)).view()).unwrap();
    // 0.5, 0.75, … towards 1: the last value a ten-thousandth above an earlier one that counted is that of step 16.
    assert_eq!(climbed.endings, [Ending::Stalled { steps: 16 + 7 }]);
}

#[test]
fn a_rate_that_leads_to_no_number_is_reported_with_the_last_finite_input() {
    let ascent = Ascent { rate: 1e30, target: None, ..Ascent::default() };
    let network = linear(array![[1e20, 1.0], [0.0, 0.0]]);
    let climbed = ascent.climb(&network, &first_logit(&network), Array2::zeros((1, 2)).view()).unwrap();
    assert_eq!(climbed.endings, [Ending::Diverged { steps: 1 }]);
    assert_eq!(climbed.inputs, array![[0.0, 0.0]]);
    let nan = Array2::from_elem((1, 2), f32::NAN);
    let climbed = ascent.climb(&network, &first_logit(&network), nan.view()).unwrap();
    assert_eq!(climbed.endings, [Ending::Diverged { steps: 0 }]);
}

#[test]
fn what_cannot_be_climbed_is_refused_before_the_first_step() {
    let network = network("mlp:20-16-8");
    let error = |objective: Objective, shape: (usize, usize)| {
        let climbed = Ascent::default().climb(&network, &objective, Array2::zeros(shape).view());
        climbed.unwrap_err().to_string()
    };
    let logits = |classes: &[usize]| Objective::units(network.graph().logits(), classes);
    assert!(error(logits(&[8]), (1, 20)).contains("unit 8 of output: it has 8, from 0 to 7"));
    assert!(error(logits(&[0, 1]), (3, 20)).contains("2 rows for 3 inputs"));
    let of_shape = error(logits(&[0; 200]), (200, 19));
    assert!(of_shape.contains("[200, 19]") && of_shape.contains("[20]"), "{of_shape}");
    let mut second_empty = logits(&[0]);
    second_empty.push(&[]);
    let empty = error(second_empty, (2, 20));
    assert!(empty.contains("row 1") && empty.contains("at least one term"), "{empty}");
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
    let classes: Vec<usize> = (0..300).map(|row| row % 8).collect();
    let objective = probabilities(network.graph(), &classes).unwrap();
    let starts = inputs(300, 20);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| ascent.climb(&network, &objective, starts.view()).unwrap())
    };
    let batch = run(1);
    assert_eq!(batch, run(2));
    assert_eq!(batch, run(5));
    let ends = |wanted: fn(&Ending) -> bool| batch.endings.iter().filter(|o| wanted(o)).count();
    assert!(0 < ends(|o| o.steps_to_target().is_some()), "some rows leave early");
    for row in 0..300 {
        let start = starts.slice(s![row..row + 1, ..]);
        let own = Objective::same(objective.row(row), 1);
        let alone = ascent.climb(&network, &own, start).unwrap();
        assert_eq!((alone.endings[0], alone.values[0]), (batch.endings[row], batch.values[row]));
        assert_eq!(alone.inputs.row(0), batch.inputs.row(row));
    }
}
