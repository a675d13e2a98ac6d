//! Filters and pools in the engines of the processor: any of them as in the general one, and no sample knows of another.

mod common;

use std::ops::Range;

use common::{shaped, title, weights};
use ndarray::{Array2, ArrayD, Axis};
use proptest::prelude::*;
use rand::RngExt;
use vitrine_data::Streams;
use vitrine_model::{
    Activation, DeviceChoice, FusedModel, GeneralModel, Graph, GraphBuilder, Model, NativeModel, NetworkSpec,
    NodeId, Objective, Op, Term, Window,
};

/// Windows along one axis: size, stride, padding and dilation.
type Along = (usize, usize, usize, usize);

/// A window over as many axes as there are, cut to what it slides over.
fn window(spatial: &[usize], along: &[Along; 2], is_pool: bool) -> Window {
    let along = &along[..spatial.len()];
    let cut = |(&length, &(size, _, _, dilation)): (&usize, &Along)| {
        (size.min(length), if is_pool { 1 } else { dilation })
    };
    let sizes: Vec<(usize, usize)> = spatial.iter().zip(along).map(cut).collect();
    let fits = |(&(size, dilation), &length): (&(usize, usize), &usize)| (size - 1) * dilation < length;
    let dilates = sizes.iter().zip(spatial).all(fits);
    Window {
        size: sizes.iter().map(|size| size.0).collect(),
        stride: along.iter().map(|along| along.1).collect(),
        padding: along.iter().zip(&sizes).map(|(along, size)| [along.2.min(size.0 / 2); 2].into()).collect(),
        dilation: sizes.iter().map(|size| if dilates { size.1 } else { 1 }).collect(),
        is_partial: false,
    }
}

/// Chains of up to three filters or pools, then a dense layer.
fn chains() -> impl Strategy<Value = Graph> {
    let along = || (1usize..5, 1usize..4, 0usize..3, 1usize..3);
    // The leaky one apart: zeros of a rectifier meet its kink, where engines may give the slope of either side.
    let all = Activation::ALL.into_iter().filter(|&activation| activation != Activation::LeakyRelu);
    let activation = proptest::option::of(proptest::sample::select(all.collect::<Vec<_>>()));
    let layer = (0usize..4, 1usize..9, (along(), along()), activation, 1usize..3);
    let shape = proptest::collection::vec(1usize..9, 2..4);
    (shape, proptest::collection::vec(layer, 1..4), any::<bool>()).prop_map(|(shape, layers, is_mean)| {
        let mut builder = GraphBuilder::input(shape);
        for (place, (kind, n_filters, along, activation, groups)) in layers.into_iter().enumerate() {
            let name = format!("layer{place}");
            let (channels, spatial) = (builder.shape()[0], builder.shape()[1..].to_vec());
            let window = window(&spatial, &along.into(), 0 < kind);
            let groups = if channels % groups == 0 && n_filters % groups == 0 { groups } else { 1 };
            let op = match kind {
                0 => Op::Conv { n_filters, window, groups, has_bias: place % 2 == 0 },
                1 => Op::MaxPool { window },
                kind => Op::AveragePool { window, counts_padding: kind == 2 },
            };
            builder = builder.step(&name, op);
            builder = activation.into_iter().fold(builder, GraphBuilder::activation);
        }
        let end = if is_mean { Op::GlobalAveragePool } else { Op::Flatten };
        builder.step("end", end).dense("output", 3).softmax().build().unwrap()
    })
}

/// An objective of three terms for each of `n` rows, of any nodes.
fn objective(graph: &Graph, n: usize, rng: &mut impl RngExt) -> Objective {
    let nodes: Vec<NodeId> = graph.ids().collect();
    let mut objective = Objective::default();
    for _ in 0..n {
        let mut term = || {
            let node = nodes[rng.random_range(0..nodes.len())];
            let unit = rng.random_range(0..graph[node].n_units());
            Term { node, unit, weight: rng.random_range(-1.0..1.0) }
        };
        objective.push(&[term(), term(), term()]);
    }
    objective
}

fn random_inputs(graph: &Graph, n: usize, rng: &mut impl RngExt) -> ArrayD<f32> {
    let width = graph[NodeId::INPUT].n_units();
    shaped(graph, Array2::from_shape_simple_fn((n, width), || rng.random_range(-2.0f32..2.0)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_filters_and_pools_answer_as_in_the_general_engine(graph in chains(), seed in 0u64..1_000, n in 1usize..40) {
        let weights = weights(&graph, seed);
        let general = GeneralModel::new(&graph, &weights, DeviceChoice::Cpu).unwrap();
        let fused = FusedModel::new(&graph, &weights).unwrap();
        let native = NativeModel::new(&graph, &weights).unwrap();
        let mut rng = Streams::new(seed).rng("question");
        let (inputs, objective) = (random_inputs(&graph, n, &mut rng), objective(&graph, n, &mut rng));
        let nodes: Vec<NodeId> = graph.ids().collect();
        let [(values, gradients), (expected, of_general)] = [&fused as &dyn Model, &general].map(|model| {
            let gradients = model.gradient(inputs.view(), &objective, &nodes).unwrap();
            (model.run(inputs.view(), &nodes).unwrap(), gradients.at)
        });
        let close = |a: &ArrayD<f32>, b: &ArrayD<f32>| {
            a.shape() == b.shape() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-5 * (1.0 + b.abs()))
        };
        let of_native = native.run(inputs.view(), &nodes).unwrap();
        let native_gradients = native.gradient(inputs.view(), &objective, &nodes).unwrap().at;
        for (place, node) in nodes.iter().enumerate() {
            let name = &graph[*node].name;
            prop_assert!(close(&values[place], &expected[place]), "{name} of {}", title(&graph));
            prop_assert!(close(&of_native[place], &expected[place]), "native: {name} of {}", title(&graph));
            prop_assert!(close(&native_gradients[place], &of_general[place]), "native: at {name} of {}", title(&graph));
            prop_assert!(close(&gradients[place], &of_general[place]), "at {name} of {}", title(&graph));
        }
    }
}

#[test]
fn an_image_has_the_same_bits_alone_and_among_others_and_on_any_number_of_threads() {
    let spec: NetworkSpec = "cnn:1x28x28,conv5x5x6,pool2,conv5x5x16+gelu,pool2,120,84,10".parse().unwrap();
    let graph = spec.graph();
    let model = FusedModel::new(graph, &weights(graph, 3)).unwrap();
    let n = 150;
    let mut rng = Streams::new(5).rng("question");
    let (inputs, objective) = (random_inputs(graph, n, &mut rng), objective(graph, n, &mut rng));
    let nodes: Vec<NodeId> = graph.ids().collect();
    let ask = |rows: Range<usize>| {
        let mut own = Objective::default();
        rows.clone().for_each(|row| own.push(objective.row(row)));
        let few = inputs.slice_axis(Axis(0), rows.into());
        let gradients = model.gradient(few.view(), &own, &nodes).unwrap();
        (model.run(few, &nodes).unwrap(), gradients.at)
    };
    let on = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| ask(0..n))
    };
    let (values, gradients) = on(1);
    assert_eq!((values.clone(), gradients.clone()), on(3));
    for rows in [0..1, 5..18, 17..33, 100..150, 149..150] {
        let few = |arrays: &[ArrayD<f32>]| -> Vec<ArrayD<f32>> {
            arrays.iter().map(|array| array.slice_axis(Axis(0), rows.clone().into()).to_owned()).collect()
        };
        assert_eq!(ask(rows.clone()), (few(&values), few(&gradients)), "rows {rows:?}");
    }
}

#[test]
fn the_largest_value_is_the_first_of_equals_and_nan_is_larger_than_all() {
    let pool = Op::MaxPool { window: Window::of([2, 2]) };
    let graph = GraphBuilder::input([1, 2, 2]).step("pool1", pool).step("flatten", Op::Flatten);
    let graph = graph.dense("output", 1).build().unwrap();
    let model = FusedModel::new(&graph, &weights(&graph, 0)).unwrap();
    let pool = graph.find("pool1").unwrap();
    let ask = |x: [f32; 4]| {
        let inputs = shaped(&graph, Array2::from_shape_vec((1, 4), x.to_vec()).unwrap());
        let value = model.run(inputs.view(), &[pool]).unwrap()[0][[0, 0, 0, 0]];
        let own = Objective::units(pool, &[0]);
        let slopes = model.gradient(inputs.view(), &own, &[NodeId::INPUT]).unwrap();
        (value, slopes.at[0].iter().copied().collect::<Vec<f32>>())
    };
    assert_eq!(ask([1.0, 3.0, 3.0, 2.0]), (3.0, vec![0.0, 1.0, 0.0, 0.0]));
    assert_eq!(ask([f32::NEG_INFINITY; 4]), (f32::NEG_INFINITY, vec![1.0, 0.0, 0.0, 0.0]));
    let (value, slopes) = ask([1.0, f32::NAN, 3.0, 2.0]);
    assert!(value.is_nan() && slopes == [0.0, 1.0, 0.0, 0.0], "{value}, {slopes:?}");
}
