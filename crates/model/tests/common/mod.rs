//! What the tests of engines and models share: a graph for every op, drawn samples, losses of fifty steps.
#![allow(dead_code, reason = "no test uses all of it")]

pub mod channels;
pub mod reference;

use ndarray::{Array2, ArrayD, IxDyn};
use rand::RngExt;
use vitrine_data::{Dataset, Split, Streams};
use vitrine_model::{
    Activation, DeviceChoice, EngineChoice, Graph, GraphBuilder, Init, Op, Optimiser, Schedule, Stop,
    TrainSettings, Trainer, Weights, Window,
};

/// Values of a sample.
pub const N_INPUTS: usize = 12;
/// Classes.
pub const N_CLASSES: usize = 5;

fn input() -> GraphBuilder {
    GraphBuilder::input([N_INPUTS])
}

fn finished(builder: GraphBuilder) -> Graph {
    builder.dense("output", N_CLASSES).softmax().build().unwrap()
}

/// Graphs that every engine knows: each op alone before the output, then each activation after a filter and after a
/// dense layer.
pub fn known_graphs() -> Vec<Graph> {
    let mut graphs = vec![
        finished(input()),
        finished(input().dense("hidden1", 9)),
        finished(input().conv1d("conv1", 5)),
        // Of an even number of taps, one more lies to the right.
        finished(input().conv1d("conv1", 4)),
        finished(input().conv1d("conv1", 8)),
        finished(input().conv1d("conv1", 1).conv1d("conv2", N_INPUTS)),
        finished(input().dense("hidden1", 9).dropout(0.3).dense("hidden2", 7)),
    ];
    for activation in Activation::ALL {
        let conv = input().conv1d("conv1", 3).activation(activation);
        graphs.push(finished(conv.dropout(0.2).dense("hidden1", 9).activation(activation)));
    }
    graphs
}

/// Graphs over channels that the fused engine knows: every op in several windows, strides and paddings. Before their maxima
/// stands nothing that gives two values alike, at which these would have no slope.
pub fn channel_graphs() -> Vec<Graph> {
    let signal = || GraphBuilder::input([2, 6]);
    let image = || GraphBuilder::input([1, 3, 4]);
    let flat = |builder: GraphBuilder| finished(builder.step("flatten", Op::Flatten));
    let max = |window| Op::MaxPool { window };
    let average = |window, counts_padding| Op::AveragePool { window, counts_padding };
    let dilated = Window { dilation: vec![2], ..Window::of([2]) };
    let partial = Window { is_partial: true, ..Window::of([3]).strided(2) };
    let grouped = Op::Conv { n_filters: 4, window: Window::of([2, 2]), groups: 2, has_bias: true };
    let tanh = Activation::Tanh;
    vec![
        flat(signal().conv("conv1", 3, Window::of([3]), true)),
        flat(signal().conv("conv1", 2, Window::of([4]).same(), false).activation(tanh)),
        flat(signal().conv("conv1", 5, dilated, true).conv("conv2", 2, Window::of([2]).strided(2), true)),
        flat(image().conv("conv1", 7, Window::of([2, 3]), true).activation(Activation::Relu)),
        flat(image().conv("conv1", 3, Window::of([3, 3]).strided(2).padded(1), false)),
        flat(GraphBuilder::input([3, 2, 2]).conv("conv1", 6, Window::of([1, 1]), true)),
        flat(GraphBuilder::input([2, 2, 3]).step("conv1", grouped)),
        // A pool before all, after a filter, and over another; overlapping, padded and partial windows.
        flat(image().step("pool1", max(Window::of([2, 2])))),
        flat(image().step("pool1", max(Window::of([3, 2]).strided(2).padded(1)))),
        flat(image().step("pool1", average(Window::of([2, 3]).padded(1), true))),
        flat(image().step("pool1", average(Window::of([3, 3]).strided(2).padded(1), false))),
        flat(signal().step("pool1", max(partial.clone()))),
        flat(signal().step("pool1", average(partial.clone().padded(1), true))),
        flat(signal().step("pool1", average(partial, false)).dropout(0.2)),
        finished(image().conv("conv1", 4, Window::of([2, 2]), true).step("mean", Op::GlobalAveragePool)),
        flat(
            image()
                .conv("conv1", 3, Window::of([2, 2]), true)
                .activation(tanh)
                .dropout(0.3)
                .step("pool1", max(Window::of([2, 2])))
                .conv("conv2", 4, Window::of([1, 2]), true)
                .activation(Activation::Gelu),
        ),
        // The last layer over channels; and nothing that learns after it.
        flat(signal().conv("conv1", 2, Window::of([3]), true).dropout(0.4)),
        signal()
            .conv("conv1", N_CLASSES, Window::of([3]), true)
            .activation(Activation::Silu)
            .step("mean", Op::GlobalAveragePool)
            .softmax()
            .build()
            .unwrap(),
    ]
}

/// Graphs over channels whose maxima are found among zeros that a rectifier made.
pub fn rectified_graphs() -> Vec<Graph> {
    let conv = |n_filters: usize| {
        let image = GraphBuilder::input([1, 3, 4]).conv("conv1", n_filters, Window::of([2, 2]), true);
        image.activation(Activation::Relu)
    };
    let pool = |window| Op::MaxPool { window };
    vec![
        finished(conv(4).step("pool1", pool(Window::of([2, 2]).strided(2))).step("flatten", Op::Flatten)),
        finished(conv(3).dropout(0.3).step("pool1", pool(Window::of([2, 2]))).step("flatten", Op::Flatten)),
    ]
}

/// Graphs that the general engine alone knows.
pub fn other_graphs() -> Vec<Graph> {
    let two_activations = input().dense("hidden1", 9).activation(Activation::Tanh);
    let before_all = input().activation(Activation::Sigmoid).dropout(0.1).dense("hidden1", 9);
    vec![
        // A softmax in the middle, and a dense layer after it.
        finished(input().dense("hidden1", 9).softmax().dense("hidden2", 7).activation(Activation::Elu)),
        finished(two_activations.activation(Activation::Silu)),
        finished(before_all),
        // No softmax at the end, and an activation there.
        input().dense("output", N_CLASSES).activation(Activation::LeakyRelu).build().unwrap(),
        residual(),
        finished(input().dense("hidden1", 6).batch_norm().activation(Activation::Tanh)),
    ]
}

/// A normalised filter, and a way around it.
fn residual() -> Graph {
    let conv = GraphBuilder::input([1, 3, 4]).conv("conv1", 2, Window::of([2, 2]), true);
    let before = conv.last();
    let conv = conv.conv("conv2", 2, Window::of([3, 3]).same(), false).batch_norm();
    let after = conv.last();
    let sum = conv.node("add", Op::Add, &[after, before]).named("add").activation(Activation::Tanh);
    finished(sum.step("flatten", Op::Flatten))
}

/// How a graph is called in messages: its nodes.
pub fn title(graph: &Graph) -> String {
    let names: Vec<String> =
        graph.nodes().iter().map(|node| format!("{} ({})", node.name, node.op)).collect();
    names.join(" → ")
}

/// Weights with biases that are not zero.
pub fn weights(graph: &Graph, seed: u64) -> Weights {
    Weights::init(graph, Init::PyTorch, &mut Streams::new(seed).rng("weights"))
}

/// Uniform inputs `[n, N_INPUTS]`.
pub fn inputs(n: usize, seed: u64) -> Array2<f32> {
    let mut rng = Streams::new(seed).rng("inputs");
    Array2::from_shape_simple_fn((n, N_INPUTS), || rng.random_range(-2.0..2.0))
}

/// The same in the shape that a graph takes.
pub fn shaped(graph: &Graph, inputs: Array2<f32>) -> ArrayD<f32> {
    let shape: Vec<usize> = [inputs.nrows()].iter().chain(graph.input_shape()).copied().collect();
    inputs.into_shape_with_order(IxDyn(&shape)).unwrap()
}

/// Training samples about a centre for each class.
pub fn split(n: usize, seed: u64) -> Split {
    let labels: Vec<usize> = (0..n).map(|i| i % N_CLASSES).collect();
    let centres = inputs(N_CLASSES, seed + 1);
    let centres = centres.select(ndarray::Axis(0), &labels);
    let train = Dataset::numbered(inputs(n, seed) + centres, labels, N_CLASSES);
    Split { validation: train.select(&[]), test: train.select(&[]), train }
}

/// Losses of 50 steps on 40 samples, each before its step.
pub fn losses(
    graph: &Graph,
    settings: &TrainSettings,
    engine: EngineChoice,
    device: DeviceChoice,
) -> Vec<f64> {
    let trainer = Trainer { graph: graph.clone(), settings: settings.clone(), engine, device };
    let trained = trainer.fit(&split(40, 1), &Streams::new(2)).unwrap();
    trained.history.iter().map(|record| record.train_loss).collect()
}

/// Fifty steps of descent: with momentum and weight decay, plain, by Adam with a schedule, by AdamW, by Nesterov's rule, and
/// with gradients clipped to a third of their usual length.
pub fn fifty_steps() -> [TrainSettings; 6] {
    let plain = TrainSettings {
        learning_rate: 0.05,
        batch_size: 40,
        max_epochs: 50,
        stop: Stop::MaxEpochs,
        ..TrainSettings::default()
    };
    let schedule = Schedule::Cosine { epochs: 60 };
    [
        TrainSettings { momentum: 0.5, weight_decay: 1e-3, ..plain.clone() },
        plain.clone(),
        TrainSettings { optimiser: Optimiser::Adam, learning_rate: 0.01, schedule, ..plain.clone() },
        TrainSettings {
            optimiser: Optimiser::AdamW,
            learning_rate: 0.01,
            weight_decay: 0.1,
            ..plain.clone()
        },
        TrainSettings { momentum: 0.5, nesterov: true, weight_decay: 1e-3, ..plain.clone() },
        TrainSettings { clip_norm: Some(0.3), ..plain },
    ]
}

/// Compares fifty steps of the general engine on a device with those on the processor, fused where that knows the
/// graph, for every op: by `n_rules` of the rules of descent for each graph, which take turns.
pub fn assert_the_losses_of_the_processor(device: DeviceChoice, n_rules: usize) {
    let known = known_graphs().into_iter().chain(channel_graphs()).chain(rectified_graphs());
    let known = known.map(|graph| (graph, EngineChoice::Fused));
    let others = other_graphs().into_iter().map(|graph| (graph, EngineChoice::General));
    for (place, (graph, engine)) in known.chain(others).enumerate() {
        for settings in fifty_steps().into_iter().cycle().skip(place).take(n_rules) {
            let expected = losses(&graph, &settings, engine, DeviceChoice::Cpu);
            let found = losses(&graph, &settings, EngineChoice::General, device);
            assert_eq!((expected.len(), found.len()), (50, 50));
            for (step, (a, b)) in expected.iter().zip(&found).enumerate() {
                let what =
                    format!("{}, {:?} {}, step {step}", title(&graph), settings.optimiser, settings.momentum);
                assert!((a - b).abs() < 1e-4, "{what}: {a} by {engine} on the CPU, {b} on {device}");
            }
            assert!(expected[49] < expected[0], "{} learns", title(&graph));
        }
    }
}
