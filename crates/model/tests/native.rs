//! The engine for any graph on the processor: values of random networks against a reference in f64, and bits that neither
//! other samples nor threads change.

mod common;

use std::ops::Range;

use common::reference::Reference;
use common::{shaped, title, weights};
use ndarray::{Array1, Array2, ArrayD, Axis};
use proptest::prelude::*;
use rand::RngExt;
use vitrine_data::Streams;
use vitrine_model::{
    Activation, Arrange, Binary, DeviceChoice, FusedModel, GeneralModel, Graph, GraphBuilder, Model,
    NativeModel, NodeId, Objective, Op, TensorOp, Term, Unary, Weights, Window,
};

fn random_inputs(graph: &Graph, n: usize, seed: u64) -> Array2<f32> {
    let mut rng = Streams::new(seed).rng("inputs");
    let width = graph[NodeId::INPUT].n_units();
    Array2::from_shape_simple_fn((n, width), || rng.random_range(-2.0f32..2.0))
}

/// A window, cut to the image that it slides over: sizes, strides, padding and dilation.
fn window(
    spatial: &[usize],
    size: [usize; 2],
    stride: [usize; 2],
    padding: usize,
    dilation: usize,
) -> Window {
    let size = [size[0].min(spatial[0]), size[1].min(spatial[1])];
    let fits = (0..2).all(|axis| (size[axis] - 1) * dilation < spatial[axis]);
    Window {
        size: size.into(),
        stride: stride.into(),
        padding: [0, 1].map(|axis| (padding.min(size[axis] / 2), padding.min((size[axis] - 1) / 2))).into(),
        dilation: [if fits { dilation } else { 1 }; 2].into(),
        is_partial: false,
    }
}

/// Filters of any window, a pool, and normalised filters with a way around them.
fn networks() -> impl Strategy<Value = Graph> {
    let shape = (1usize..40, 3usize..14, 3usize..14);
    let filters = (1usize..35, [1usize..6, 1usize..6], [1usize..4, 1usize..4], 0usize..3, 1usize..3);
    let activation = proptest::sample::select(Activation::ALL.to_vec());
    (shape, filters, 1usize..3, activation, 0usize..4, any::<bool>()).prop_map(
        |(
            (channels, height, width),
            (n, size, stride, padding, dilation),
            groups,
            activation,
            pool,
            is_mean,
        )| {
            let channels = channels.next_multiple_of(groups);
            let mut builder = GraphBuilder::input([channels, height, width]);
            let window = window(&[height, width], size, stride, padding, dilation);
            let n_filters = n.next_multiple_of(groups);
            builder = builder.step("conv1", Op::Conv { n_filters, window, groups, has_bias: n % 2 == 0 });
            builder = builder.activation(activation);
            let spatial = builder.shape()[1..].to_vec();
            let small = Window {
                is_partial: n % 3 == 0,
                ..Window::of([2.min(spatial[0]), 3.min(spatial[1])]).strided(2)
            };
            builder = match pool {
                0 => builder,
                1 => builder.step("pool1", Op::MaxPool { window: small }),
                pool => builder.step("pool1", Op::AveragePool { window: small, counts_padding: pool == 2 }),
            };
            let before = builder.last();
            let same = Window::of([3.min(builder.shape()[1]), 1]).same();
            builder = builder.conv("conv2", n_filters, same, false).batch_norm();
            let after = builder.last();
            builder =
                builder.node("add", Op::Add, &[before, after]).named("add").activation(Activation::Silu);
            let end = if is_mean { Op::GlobalAveragePool } else { Op::Flatten };
            builder.step("end", end).dropout(0.5).dense("output", 3).softmax().build().unwrap()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_are_those_of_a_reference_in_f64_and_gradients_those_of_burn(graph in networks(), seed in 0u64..1_000, n in 1usize..4) {
        let weights = weights(&graph, seed);
        let model = NativeModel::new(&graph, &weights).unwrap();
        let general = GeneralModel::new(&graph, &weights, DeviceChoice::Cpu).unwrap();
        let reference = Reference::new(&graph, &weights);
        let inputs = random_inputs(&graph, n, seed);
        let taps: Vec<NodeId> = graph.ids().collect();
        let found = model.run(shaped(&graph, inputs.clone()).view(), &taps).unwrap();
        for (row, input) in inputs.rows().into_iter().enumerate() {
            let input: Vec<f64> = input.iter().map(|&x| f64::from(x)).collect();
            for (id, expected) in taps.iter().zip(reference.values(&input, None)) {
                let found = found[id.index()].index_axis(Axis(0), row);
                prop_assert_eq!(found.shape(), &graph[*id].shape);
                for (&ours, theirs) in found.iter().zip(expected) {
                    let apart = (f64::from(ours) - theirs).abs();
                    prop_assert!(apart < 1e-5 * (1.0 + theirs.abs()), "{} of {}: {ours}, {theirs}", graph[*id].name, title(&graph));
                }
            }
        }
        // Where two engines fall on two sides of a kink, both are right.
        let has_kinks = |op: &Op| {
            matches!(op, Op::MaxPool { .. } | Op::Activation(Activation::Relu | Activation::LeakyRelu))
        };
        if graph.nodes().iter().any(|node| has_kinks(&node.op)) {
            return Ok(());
        }
        let own = objective(&graph, 0..n, &["output", "add", "conv1"]);
        let [ours, theirs] = [&model as &dyn Model, &general]
            .map(|model| model.gradient(shaped(&graph, inputs.clone()).view(), &own, &taps).unwrap());
        for ((ours, theirs), id) in ours.at.iter().zip(&theirs.at).zip(&taps) {
            for (&ours, &theirs) in ours.iter().zip(theirs) {
                let apart = (ours - theirs).abs();
                prop_assert!(apart < 2e-5 * (1.0 + theirs.abs()), "at {} of {}: {ours}, {theirs}", graph[*id].name, title(&graph));
            }
        }
    }
}

/// Units of nodes, others for each row.
fn objective(graph: &Graph, rows: Range<usize>, nodes: &[&str]) -> Objective {
    let mut objective = Objective::default();
    for row in rows {
        let term = |(place, name): (usize, &&str)| {
            let node = graph.find(name).unwrap();
            Term { node, unit: (row + place) % graph[node].n_units(), weight: 1.0 + place as f32 }
        };
        objective.push(&nodes.iter().enumerate().map(term).collect::<Vec<_>>());
    }
    objective
}

/// Filters that are several strips high and deeper than what is summed up at once, branches, and ops that burn computes.
fn tall() -> Graph {
    let concat = Op::Tensor(TensorOp::Arrange(Arrange::Concat { axis: 0 }));
    let average = Op::AveragePool { window: Window::of([3, 2]).padded(1), counts_padding: false };
    let grouped = Op::Conv { n_filters: 37, window: Window::of([3, 3]).same(), groups: 37, has_bias: true };
    let conv =
        GraphBuilder::input([3, 17, 19]).conv("conv1", 37, Window::of([5, 4]).strided(2).padded(2), true);
    let conv = conv.activation(Activation::Relu).step("pool1", Op::MaxPool { window: Window::of([2, 2]) });
    let pool = conv.last();
    let conv = conv.step("grouped", grouped);
    let branch = conv.last();
    let conv = conv.node("add", Op::Add, &[pool, branch, pool]);
    let sum = conv.last();
    let conv = conv.node("concat", concat, &[sum, branch]).step("pool2", average);
    let conv =
        conv.conv("conv2", 50, Window::of([3, 3]).padded(1), true).batch_norm().step("flatten", Op::Flatten);
    conv.dense("hidden1", 20).activation(Activation::Gelu).dense("output", 4).softmax().build().unwrap()
}

#[test]
fn a_sample_has_the_same_bits_alone_and_among_others_and_on_any_number_of_threads() {
    let graph = tall();
    let model = NativeModel::new(&graph, &weights(&graph, 3)).unwrap();
    let n = 130;
    let inputs = shaped(&graph, random_inputs(&graph, n, 5));
    let taps: Vec<NodeId> = graph.ids().collect();
    let ask = |rows: Range<usize>| {
        let few = inputs.slice_axis(Axis(0), rows.clone().into());
        let objective = objective(&graph, rows, &["output", "flatten", "conv1"]);
        let gradients = model.gradient(few.view(), &objective, &taps).unwrap().at;
        [model.run(few, &taps).unwrap(), gradients].concat()
    };
    let on = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| ask(0..n))
    };
    let all = on(1);
    assert_eq!(all, on(3));
    for rows in [0..1, 5..18, 17..33, 99..101, 100..130, 129..130] {
        let few: Vec<ArrayD<f32>> =
            all.iter().map(|array| array.slice_axis(Axis(0), rows.clone().into()).to_owned()).collect();
        assert_eq!(ask(rows.clone()), few, "rows {rows:?}");
    }
}

#[test]
fn nodes_are_tapped_in_any_order_and_more_than_once() {
    let graph = tall();
    let model = NativeModel::new(&graph, &weights(&graph, 3)).unwrap();
    let inputs = shaped(&graph, random_inputs(&graph, 3, 5));
    let all = model.run(inputs.view(), &graph.ids().collect::<Vec<_>>()).unwrap();
    let node = |name: &str| graph.find(name).unwrap();
    let names = ["flatten", "output", "conv2.bn", "input", "flatten", "conv1", "hidden1.gelu", "output"];
    let taps = names.map(node);
    for (array, tap) in model.run(inputs.view(), &taps).unwrap().iter().zip(taps) {
        assert_eq!(array, &all[tap.index()]);
    }
    // The same values in two shapes.
    assert_eq!(all[node("flatten").index()].len(), all[node("conv2.bn").index()].len());
    assert!(all[node("flatten").index()].iter().eq(&all[node("conv2.bn").index()]));
    assert_eq!(&all[0], &inputs);
    let none = model.run(inputs.slice_axis(Axis(0), (0..0).into()), &[node("conv1")]).unwrap();
    assert_eq!(none[0].shape(), [&[0], &graph[node("conv1")].shape[..]].concat());
}

#[test]
fn what_is_no_number_is_not_hidden() {
    let pool = |window| Op::AveragePool { window, counts_padding: true };
    let graph = GraphBuilder::input([1, 2, 4])
        .conv("conv1", 2, Window::of([1, 1]), true)
        .activation(Activation::Relu);
    let graph = graph.step("max", Op::MaxPool { window: Window::of([2, 2]).strided(2) });
    let graph = graph.step("mean", pool(Window::of([1, 1]))).build().unwrap();
    let model = NativeModel::new(&graph, &weights(&graph, 3)).unwrap();
    let mut inputs = random_inputs(&graph, 1, 5);
    inputs[[0, 1]] = f32::NAN;
    for array in model.run(shaped(&graph, inputs).view(), &graph.ids().collect::<Vec<_>>()).unwrap() {
        // Of each channel that one, and all that see it.
        let n_channels = array.shape()[1];
        assert_eq!(array.iter().filter(|value| value.is_nan()).count(), n_channels);
    }
}

#[test]
fn what_is_the_same_for_all_samples_is_added_to_each() {
    let constant = Op::Tensor(TensorOp::Constant { shape: vec![2, 3], is_learnt: false });
    let signal = GraphBuilder::input([2, 3]);
    let input = signal.last();
    let with = signal.node("constant", constant, &[]);
    let constant = with.last();
    let with = with.node("add", Op::Add, &[input, constant]);
    let added = with.last();
    // The constant is taken here, then by burn.
    let graph =
        with.node("product", Op::Tensor(TensorOp::Binary(Binary::Mul)), &[constant, added]).build().unwrap();
    let mut weights = Weights::default();
    weights.set("constant", "value", Array1::from_iter((0..6).map(|i| i as f32)));
    let model = NativeModel::new(&graph, &weights).unwrap();
    let inputs = shaped(&graph, Array2::from_elem((4, 6), 10.0));
    let found = model.run(inputs.view(), &[added, constant, graph.output()]).unwrap();
    for sample in found[0].outer_iter() {
        assert!(sample.iter().copied().eq([10.0, 11.0, 12.0, 13.0, 14.0, 15.0]));
    }
    for sample in found[1].outer_iter() {
        assert!(sample.iter().copied().eq([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]));
    }
    for sample in found[2].outer_iter() {
        assert!(sample.iter().copied().eq([0.0, 11.0, 24.0, 39.0, 56.0, 75.0]));
    }
}

#[test]
fn windows_beyond_their_image_give_what_burn_gives() {
    let far = |size: usize, padding: usize, stride: usize| Window::of([size]).padded(padding).strided(stride);
    for (window, is_mean) in [
        (far(1, 1, 1), true),
        (far(3, 1, 2), true),
        (far(1, 1, 1), false),
        // Its taps would fill no memory.
        (far(1 << 40, 1 << 40, 1 << 36), false),
    ] {
        let op = match is_mean {
            true => Op::AveragePool { window, counts_padding: false },
            false => Op::MaxPool { window },
        };
        let graph =
            GraphBuilder::input([1, 3]).step("pool", op).step("flatten", Op::Flatten).dense("output", 1);
        let graph = graph.build().unwrap();
        let (weights, inputs) = (weights(&graph, 3), shaped(&graph, random_inputs(&graph, 2, 5)));
        let pool = [graph.find("pool").unwrap()];
        let native = NativeModel::new(&graph, &weights).unwrap().run(inputs.view(), &pool).unwrap();
        let fused = FusedModel::new(&graph, &weights).unwrap().run(inputs.view(), &pool).unwrap();
        assert_eq!(native, fused);
        if graph[pool[0]].n_units() < 100 {
            let general = GeneralModel::new(&graph, &weights, DeviceChoice::Cpu).unwrap();
            assert_eq!(native, general.run(inputs.view(), &pool).unwrap());
        }
    }
}

#[test]
fn activations_of_what_is_far_off_are_their_limits() {
    let far = [-3e38, -1e4, 1e4, 3e38];
    for (activation, expected) in [
        (Activation::Sigmoid, [0.0, 0.0, 1.0, 1.0]),
        (Activation::Silu, [0.0, 0.0, 1e4, 3e38]),
        (Activation::Gelu, [0.0, 0.0, 1e4, 3e38]),
        (Activation::Tanh, [-1.0, -1.0, 1.0, 1.0]),
        (Activation::Elu, [-1.0, -1.0, 1e4, 3e38]),
        (Activation::Relu, [0.0, 0.0, 1e4, 3e38]),
    ] {
        let graph = GraphBuilder::input([4]).activation(activation).build().unwrap();
        let model = NativeModel::new(&graph, &Weights::default()).unwrap();
        // Of each row another unit is asked for.
        let inputs = Array2::from_shape_fn((4, 4), |(_, unit)| far[unit]).into_dyn();
        let found = model.run(inputs.view(), &[graph.output()]).unwrap();
        let own = Objective::units(graph.output(), &[0, 1, 2, 3]);
        let slopes = model.gradient(inputs.view(), &own, &[NodeId::INPUT]).unwrap();
        let flat = [Activation::Sigmoid, Activation::Tanh].contains(&activation);
        for (unit, slope) in (0..4).map(|unit| (unit, slopes.at[0][[unit, unit]])) {
            let expected = if unit < 2 || flat { 0.0 } else { 1.0 };
            assert!((slope - expected).abs() < 1e-6, "{activation:?}: slope {slope}, {expected}");
        }
        for (found, expected) in found[0].iter().zip(expected) {
            assert!(
                (found - expected).abs() <= 1e-30 + 1e-6 * expected.abs(),
                "{activation:?}: {found}, {expected}"
            );
        }
    }
}

#[test]
fn a_sample_without_a_gradient_at_a_node_has_none_of_it_whatever_others_have() {
    let logarithm = Op::Tensor(TensorOp::Unary(Unary::Log));
    let graph = GraphBuilder::input([1]).step("logarithm", logarithm).build().unwrap();
    let model = NativeModel::new(&graph, &Weights::default()).unwrap();
    // The slope of the first is infinite, and it is asked for its input alone.
    let inputs = Array2::from_shape_vec((2, 1), vec![0.0, 2.0]).unwrap().into_dyn();
    let mut own = Objective::units(NodeId::INPUT, &[0]);
    own.push(&[Term { node: graph.output(), unit: 0, weight: 1.0 }]);
    let found = model.gradient(inputs.view(), &own, &[NodeId::INPUT]).unwrap();
    assert!(found.at[0].iter().copied().eq([1.0, 0.5]), "{:?}", found.at[0]);
}
