//! Every op computes what PyTorch's does, and has its gradients. Reference: `assets/reference/ops.py`.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use ndarray::{Array2, ArrayD, ArrayView, IxDyn};
use safetensors::SafeTensors;
use vitrine_data::{Dataset, Split, Streams};
use vitrine_model::{
    Activation, DeviceChoice, EngineChoice, FusedModel, GeneralModel, Graph, GraphBuilder, Model,
    NativeModel, NodeId, Objective, Op, Stop, TrainEnd, TrainSettings, TrainState, Trainer, Weights, Window,
};

const N_INPUTS: usize = 7;
const N_HIDDEN: usize = 6;
const N_CLASSES: usize = 4;
const N_SAMPLES: usize = 5;
const BYTES: &[u8] = include_bytes!("../../../assets/reference/ops/ops.safetensors");

/// The graph of a case over channels, by its name.
fn graph_over_channels(case: &str) -> Option<Graph> {
    let conv = |n_filters: usize, window: Window| Op::Conv { n_filters, window, groups: 1, has_bias: true };
    let shape = |shape: &[usize]| GraphBuilder::input(shape);
    let max = |window: Window| Op::MaxPool { window };
    let average = |window, counts_padding| Op::AveragePool { window, counts_padding };
    let partial = Window { is_partial: true, ..Window::of([3]).strided(2) };
    let small = || shape(&[1, 4, 4]).conv("conv1", 2, Window::of([2, 2]), true);
    let spatial = match case {
        "filters" => {
            let window = Window { stride: vec![1, 2], padding: vec![(1, 1), (0, 0)], ..Window::of([2, 3]) };
            shape(&[2, 4, 5]).step("conv1", conv(3, window))
        }
        "filters_dilated" => {
            let window = Window { dilation: vec![2, 2], ..Window::of([2, 2]) };
            shape(&[1, 5, 4]).conv("conv1", 2, window, false).activation(Activation::Tanh)
        }
        "filters_signal" => shape(&[2, 7]).step("conv1", conv(3, Window::of([3]).strided(2).padded(1))),
        "filters_grouped" => {
            let op = Op::Conv { n_filters: 4, window: Window::of([2, 2]), groups: 2, has_bias: true };
            shape(&[2, 3, 3]).step("conv1", op)
        }
        "max_pool" => {
            let conv = shape(&[1, 6, 6]).step("conv1", conv(2, Window::of([3, 3])));
            conv.activation(Activation::Relu).step("pool1", max(Window::of([2, 2]).strided(2)))
        }
        "max_pool_padded" => shape(&[2, 5, 4]).step("pool1", max(Window::of([3, 3]).strided(2).padded(1))),
        "max_pool_partial" => shape(&[2, 6]).step("pool1", max(partial)),
        "average_pool" => {
            shape(&[1, 5, 4]).step("pool1", average(Window::of([2, 2]).strided(2).padded(1), true))
        }
        "average_pool_inside" => {
            shape(&[1, 5, 4]).step("pool1", average(Window::of([3, 3]).strided(2).padded(1), false))
        }
        "average_pool_partial" => shape(&[1, 6]).step("pool1", average(partial.padded(1), true)),
        "global_average" => {
            shape(&[1, 4, 4]).step("conv1", conv(3, Window::of([2, 2]))).step("mean", Op::GlobalAveragePool)
        }
        "batch_norm" => small().batch_norm().activation(Activation::Relu),
        "residual" => {
            let conv1 = small();
            let before = conv1.last();
            let conv2 = conv1.conv("conv2", 2, Window::of([3, 3]).padded(1), true);
            let after = conv2.last();
            conv2.node("add", Op::Add, &[before, after]).named("add").activation(Activation::Tanh)
        }
        _ => return None,
    };
    Some(spatial.step("flatten", Op::Flatten).dense("output", N_CLASSES).build().unwrap())
}

/// The graph of a case, by its name.
fn graph(case: &str) -> Graph {
    if let Some(graph) = graph_over_channels(case) {
        return graph;
    }
    let input = || GraphBuilder::input([N_INPUTS]);
    let activation = Activation::ALL.into_iter().find(|activation| activation.word() == case);
    let hidden = match (case, activation, case.strip_prefix("conv")) {
        (_, Some(activation), _) => {
            let conv = input().conv1d("conv1", 3).activation(activation);
            conv.dense("hidden1", N_HIDDEN).activation(activation)
        }
        (_, _, Some(taps)) => input().conv1d("conv1", taps.parse().unwrap()),
        ("dense", _, _) => input().dense("hidden1", N_HIDDEN),
        ("softmax", _, _) => input().dense("hidden1", N_HIDDEN).softmax(),
        _ => panic!("no graph is known for the case {case}"),
    };
    hidden.dense("output", N_CLASSES).build().unwrap()
}

/// What PyTorch computes in a case.
struct Case {
    name: String,
    graph: Graph,
}

impl Case {
    fn all() -> Vec<Case> {
        let file = SafeTensors::deserialize(BYTES).unwrap();
        let names: BTreeSet<String> =
            file.names().iter().map(|name| name.split('/').next().unwrap().to_string()).collect();
        let missing = Activation::ALL.into_iter().find(|activation| !names.contains(activation.word()));
        assert_eq!(missing, None, "run assets/reference/ops.py again");
        names.into_iter().map(|name| Case { graph: graph(&name), name }).collect()
    }

    fn values(&self, name: &str) -> Vec<f32> {
        let file = SafeTensors::deserialize(BYTES).unwrap();
        let tensor = file.tensor(&format!("{}/{name}", self.name)).unwrap();
        tensor.data().as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect()
    }

    /// A sample in a row.
    fn rows(&self) -> Array2<f32> {
        let values = self.values("inputs");
        Array2::from_shape_vec((N_SAMPLES, values.len() / N_SAMPLES), values).unwrap()
    }

    /// The samples in their shape.
    fn inputs(&self) -> ArrayD<f32> {
        let shape = [&[N_SAMPLES], self.graph.input_shape()].concat();
        ArrayD::from_shape_vec(IxDyn(&shape), self.values("inputs")).unwrap()
    }

    fn labels(&self) -> Vec<usize> {
        let file = SafeTensors::deserialize(BYTES).unwrap();
        let tensor = file.tensor(&format!("{}/labels", self.name)).unwrap();
        tensor.data().as_chunks().0.iter().map(|&b| i64::from_le_bytes(b) as usize).collect()
    }

    fn weights(&self) -> Weights {
        let mut weights = Weights::default();
        for (node, parameter) in self.graph.all_parameters() {
            let values = self.values(&format!("{}.{}", node.name, parameter.name));
            let values = ArrayView::from_shape(parameter.shape.as_slice(), &values).unwrap();
            weights.set(&node.name, parameter.name, values.to_owned());
        }
        weights
    }

    /// Models of every engine that knows the graph.
    fn models(&self) -> Vec<Box<dyn Model>> {
        let general = GeneralModel::new(&self.graph, &self.weights(), DeviceChoice::Cpu).unwrap();
        let native = NativeModel::new(&self.graph, &self.weights()).unwrap();
        let fused = FusedModel::new(&self.graph, &self.weights());
        assert_eq!(
            fused.is_ok(),
            !["softmax", "batch_norm", "residual"].contains(&self.name.as_str()),
            "{}",
            self.name
        );
        let fused = fused.ok().map(|fused| Box::new(fused) as Box<dyn Model>);
        let all: [Box<dyn Model>; 2] = [Box::new(general), Box::new(native)];
        fused.into_iter().chain(all).collect()
    }

    fn assert_close<'a>(&self, ours: impl IntoIterator<Item = &'a f32>, name: &str) {
        let theirs = self.values(name);
        let ours: Vec<f32> = ours.into_iter().copied().collect();
        assert_eq!(ours.len(), theirs.len());
        for (a, b) in ours.iter().zip(&theirs) {
            assert!((a - b).abs() < 5e-6, "{} {name}: {a} here, {b} in PyTorch", self.name);
        }
    }
}

#[test]
fn logits_and_gradients_of_inputs_are_pytorch_s_for_every_op() {
    for case in Case::all() {
        let (inputs, own) = (case.inputs(), Objective::units(case.graph.logits(), &case.labels()));
        for model in case.models() {
            let logits = model.run(inputs.view(), &[case.graph.logits()]).unwrap();
            case.assert_close(&logits[0], "logits");
            let found = model.gradient(inputs.view(), &own, &[NodeId::INPUT]).unwrap();
            case.assert_close(&found.at[0], "input_gradient");
        }
    }
}

#[test]
fn gradients_of_parameters_are_pytorch_s_for_every_op() {
    for case in Case::all() {
        let train = Dataset::numbered(case.rows(), case.labels(), N_CLASSES);
        let split = Split { validation: train.select(&[]), test: train.select(&[]), train };
        // A step of length 1 leads from the weights to weights minus gradient.
        let (learning_rate, batch_size, max_epochs, stop) = (1.0, N_SAMPLES, 1, Stop::MaxEpochs);
        let settings =
            TrainSettings { learning_rate, batch_size, max_epochs, stop, ..TrainSettings::default() };
        for engine in [EngineChoice::Auto, EngineChoice::General] {
            let trainer = Trainer { settings: settings.clone(), engine, ..Trainer::new(&case.graph) };
            let before = case.weights();
            let mut go_on = |_: &TrainState| ControlFlow::Continue(());
            let start = TrainState::new(before.clone());
            let end = trainer.resume(start, &split, &Streams::new(0), &mut go_on).unwrap();
            let TrainEnd::Finished(trained) = end else { unreachable!("nothing breaks off") };
            case.assert_close(&[trained.history[0].train_loss as f32], "loss");
            for (before, after) in before.iter().zip(trained.weights.iter()) {
                if before.parameter.starts_with("running") {
                    case.assert_close(&after.values, &format!("after/{}.{}", after.node, after.parameter));
                    continue;
                }
                let name = format!("gradient/{}.{}", before.node, before.parameter);
                case.assert_close(&(&before.values - &after.values), &name);
            }
        }
    }
}
