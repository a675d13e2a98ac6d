//! From PyTorch's weights, both engines compute what PyTorch computes. Reference: `assets/reference/model.py`.

use std::ops::ControlFlow;

use ndarray::{Array2, Ix2};
use safetensors::SafeTensors;
use vitrine_data::{Dataset, Split, Streams};
use vitrine_model::{
    DeviceChoice, EngineChoice, GeneralModel, Model, Network, NetworkSpec, NodeId, Objective, Optimiser,
    Schedule, Stop, TrainEnd, TrainSettings, TrainState, Trainer, Weights,
};

struct Reference {
    spec: NetworkSpec,
    bytes: &'static [u8],
}

impl Reference {
    fn all() -> [Reference; 3] {
        let reference = |spec: &str, bytes| Reference { spec: spec.parse().unwrap(), bytes };
        [
            reference("mlp:20-16-12-8", include_bytes!("../../../assets/reference/model/mlp.safetensors")),
            reference(
                "cnn:20,conv5,conv4+relu,8",
                include_bytes!("../../../assets/reference/model/cnn.safetensors"),
            ),
            reference(
                "bottleneck:20-10-2-10-8",
                include_bytes!("../../../assets/reference/model/bottleneck.safetensors"),
            ),
        ]
    }

    fn values(&self, name: &str) -> Vec<f32> {
        let file = SafeTensors::deserialize(self.bytes).unwrap();
        let tensor = file.tensor(name).unwrap();
        tensor.data().as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect()
    }

    fn matrix(&self, name: &str, n_columns: usize) -> Array2<f32> {
        let values = self.values(name);
        Array2::from_shape_vec((values.len() / n_columns, n_columns), values).unwrap()
    }

    fn labels(&self) -> Vec<usize> {
        let file = SafeTensors::deserialize(self.bytes).unwrap();
        let tensor = file.tensor("labels").unwrap();
        tensor.data().as_chunks().0.iter().map(|&b| i64::from_le_bytes(b) as usize).collect()
    }

    fn network(&self) -> Network {
        let weights = Weights::from_safetensors(self.bytes, self.spec.graph()).unwrap();
        Network::new(self.spec.clone(), weights).unwrap()
    }

    fn split(&self) -> Split {
        let train = Dataset::numbered(self.matrix("inputs", 20), self.labels(), 8);
        Split { validation: train.select(&[]), test: train.select(&[]), train }
    }

    /// Weights and first loss of ten steps on the whole set.
    fn ten_steps(&self, engine: EngineChoice, settings: TrainSettings) -> (Weights, f64) {
        let settings = TrainSettings { batch_size: 30, max_epochs: 10, stop: Stop::MaxEpochs, ..settings };
        let trainer = Trainer { settings, engine, ..Trainer::new(self.spec.graph()) };
        let start = TrainState::new(self.network().weights().clone());
        let mut go_on = |_: &TrainState| ControlFlow::Continue(());
        let end = trainer.resume(start, &self.split(), &Streams::new(0), &mut go_on).unwrap();
        let TrainEnd::Finished(trained) = end else { unreachable!("nothing breaks off") };
        (trained.weights, trained.history[0].train_loss)
    }
}

fn assert_close<'a>(
    ours: impl IntoIterator<Item = &'a f32>,
    theirs: impl IntoIterator<Item = &'a f32>,
    what: &str,
) {
    let (ours, theirs): (Vec<_>, Vec<_>) = (ours.into_iter().collect(), theirs.into_iter().collect());
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (a, b) in ours.into_iter().zip(theirs) {
        assert!((a - b).abs() < 1e-5, "{what}: {a} here, {b} in PyTorch");
    }
}

#[test]
fn logits_are_pytorch_s() {
    for reference in Reference::all() {
        let logits = reference.network().logits(reference.matrix("inputs", 20).view());
        assert_close(&logits, &reference.matrix("logits", 8), &reference.spec.to_string());
    }
}

#[test]
fn burn_s_logits_are_pytorch_s() {
    for reference in Reference::all() {
        let network = reference.network();
        let graph = network.spec().graph();
        let model = GeneralModel::new(graph, network.weights(), DeviceChoice::Cpu).unwrap();
        let inputs = reference.matrix("inputs", 20).into_dyn();
        let logits = model.run(inputs.view(), &[graph.logits()]).unwrap();
        assert_close(&logits[0], &reference.matrix("logits", 8), &reference.spec.to_string());
    }
}

/// The settings of the reference's optimisers.
fn rules() -> [(&'static str, TrainSettings); 3] {
    let sgd = TrainSettings { learning_rate: 0.1, ..TrainSettings::default() };
    let adam = TrainSettings {
        optimiser: Optimiser::Adam,
        learning_rate: 0.02,
        schedule: Schedule::Step { step_size: 4, gamma: 0.5 },
        betas: [0.8, 0.99],
        epsilon: 1e-6,
        weight_decay: 0.01,
        ..TrainSettings::default()
    };
    let momentum = TrainSettings { momentum: 0.5, weight_decay: 0.01, ..sgd.clone() };
    [("plain/", sgd), ("momentum/", momentum), ("adam/", adam)]
}

#[test]
fn ten_steps_of_either_engine_lead_to_pytorch_s_weights() {
    for reference in Reference::all() {
        for engine in [EngineChoice::Fused, EngineChoice::General] {
            for (prefix, settings) in rules() {
                let (weights, first_loss) = reference.ten_steps(engine, settings);
                let what = format!("{} {engine} {prefix}", reference.spec);
                assert!((first_loss - f64::from(reference.values("loss")[0])).abs() < 1e-5, "{what}");
                for array in weights.iter() {
                    let name = format!("{prefix}{}.{}", array.node, array.parameter);
                    assert_close(&array.values, &reference.values(&name), &what);
                }
            }
        }
    }
}

#[test]
fn gradients_of_each_sample_s_own_logit_are_pytorch_s() {
    for reference in Reference::all() {
        let (network, inputs) = (reference.network(), reference.matrix("inputs", 20));
        let own_logits = Objective::units(network.graph().logits(), &reference.labels());
        let found = network.gradient(inputs.view().into_dyn(), &own_logits, &[NodeId::INPUT]).unwrap();
        let what = reference.spec.to_string();
        let gradient = found.at[0].view().into_dimensionality::<Ix2>().unwrap();
        assert_close(gradient, &reference.matrix("input_gradient", 20), &what);
        let logits = reference.matrix("logits", 8);
        let own: Vec<f32> = reference.labels().iter().enumerate().map(|(i, &c)| logits[(i, c)]).collect();
        assert_close(&found.values, &own, &what);
    }
}
