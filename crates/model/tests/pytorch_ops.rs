//! Every op computes what PyTorch's does, and has its gradients. Reference: `assets/reference/ops.py`.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use ndarray::{Array2, ArrayView};
use safetensors::SafeTensors;
use vitrine_data::{Dataset, Split, Streams};
use vitrine_model::{
    Activation, DeviceChoice, EngineChoice, FusedModel, GeneralModel, Graph, GraphBuilder, Model, NodeId,
    Objective, Stop, TrainEnd, TrainSettings, TrainState, Trainer, Weights,
};

const N_INPUTS: usize = 7;
const N_HIDDEN: usize = 6;
const N_CLASSES: usize = 4;
const N_SAMPLES: usize = 5;
const BYTES: &[u8] = include_bytes!("../../../assets/reference/ops/ops.safetensors");

/// The graph of a case, by its name.
fn graph(case: &str) -> Graph {
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

    fn inputs(&self) -> Array2<f32> {
        Array2::from_shape_vec((N_SAMPLES, N_INPUTS), self.values("inputs")).unwrap()
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
        let fused = FusedModel::new(&self.graph, &self.weights());
        assert_eq!(fused.is_ok(), self.name != "softmax", "{}", self.name);
        let fused = fused.ok().map(|fused| Box::new(fused) as Box<dyn Model>);
        fused.into_iter().chain([Box::new(general) as Box<dyn Model>]).collect()
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
            let logits = model.run(inputs.view().into_dyn(), &[case.graph.logits()]).unwrap();
            case.assert_close(&logits[0], "logits");
            let found = model.gradient(inputs.view().into_dyn(), &own, &[NodeId::INPUT]).unwrap();
            case.assert_close(&found.at[0], "input_gradient");
        }
    }
}

#[test]
fn gradients_of_parameters_are_pytorch_s_for_every_op() {
    for case in Case::all() {
        let train = Dataset::numbered(case.inputs(), case.labels(), N_CLASSES);
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
                let name = format!("gradient/{}.{}", before.node, before.parameter);
                case.assert_close(&(&before.values - &after.values), &name);
            }
        }
    }
}
