//! The face for users of burn: modules by `init`, trained by burn's optimisers, read back as weights.

mod common;

use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamConfig, GradientsParams, SgdConfig};
use burn::tensor::{Device, Int, Tensor, TensorData};
use vitrine_data::{Dataset, Streams};
use vitrine_model::{
    BottleneckConfig, Cnn1dConfig, DenseConfig, EngineChoice, GraphModule, MlpConfig, TrainEnd,
    TrainSettings, TrainState, Trainer,
};

/// burn's generator is one for the whole process: who draws from it does so alone.
fn alone() -> MutexGuard<'static, ()> {
    static DRAWING: Mutex<()> = Mutex::new(());
    DRAWING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tensors(set: &Dataset, device: &Device) -> (Tensor<2>, Tensor<1, Int>) {
    let inputs: Vec<f32> = set.values().to_vec();
    let labels: Vec<i32> = set.labels().iter().map(|&label| label as i32).collect();
    let (n, n_inputs) = (set.n_samples(), set.n_features());
    let x = Tensor::from_data(TensorData::new(inputs, [n, n_inputs]), device);
    (x, Tensor::from_data(TensorData::new(labels, [n]), device))
}

fn loss(model: &GraphModule, x: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
    CrossEntropyLossConfig::new().init(&x.device()).forward(model.forward(x), labels)
}

#[test]
fn a_step_of_burn_s_descent_is_a_step_of_the_trainer() {
    let graph = MlpConfig::new(common::N_INPUTS, common::N_CLASSES).with_hidden([9]).graph().unwrap();
    let (weights, split) = (common::weights(&graph, 3), common::split(40, 1));
    let device = Device::flex().autodiff();
    let (x, labels) = tensors(&split.train, &device);
    let model = GraphModule::from_weights(&graph, &weights, &device).unwrap();
    let gradients = GradientsParams::from_grads(loss(&model, x, labels).backward(), &model);
    let mut descent = SgdConfig::new().init();
    let stepped = descent.step(0.05, model, gradients).weights();

    let settings = TrainSettings { max_epochs: 1, ..common::fifty_steps()[1].clone() };
    let trainer = Trainer { settings, engine: EngineChoice::General, ..Trainer::new(&graph) };
    let mut go_on = |_: &TrainState| ControlFlow::Continue(());
    let end = trainer.resume(TrainState::new(weights.clone()), &split, &Streams::new(0), &mut go_on);
    let TrainEnd::Finished(trained) = end.unwrap() else { unreachable!("nothing breaks off") };
    for ((a, b), before) in stepped.iter().zip(trained.weights.iter()).zip(weights.iter()) {
        assert_eq!((&a.node, &a.parameter), (&b.node, &b.parameter));
        assert_ne!(a.values, before.values, "{}.{} has moved", a.node, a.parameter);
        assert!(a.values.iter().zip(&b.values).all(|(a, b)| (a - b).abs() < 1e-7), "{a:?}, {b:?}");
    }
}

#[test]
fn every_family_is_made_in_burn_s_manner_and_learns_by_adam() {
    let _alone = alone();
    let device = Device::flex().autodiff();
    device.seed(1);
    let (x, labels) = tensors(&common::split(40, 1).train, &device);
    let (n_inputs, n_classes) = (common::N_INPUTS, common::N_CLASSES);
    let models = [
        MlpConfig::new(n_inputs, n_classes).with_hidden([9]).init(&device),
        Cnn1dConfig::new(n_inputs, n_classes).with_convs([5]).with_hidden([9]).init(&device),
        BottleneckConfig::new(n_inputs, 3, n_classes).with_encoder([9]).init(&device),
    ];
    for mut model in models {
        let weights = model.weights();
        weights.check(model.graph()).unwrap();
        assert_eq!(model.num_params(), model.graph().n_parameters());
        assert!(
            weights.iter().all(|array| array.parameter == "weight" || array.values.iter().all(|&b| b == 0.0))
        );
        let mut adam = AdamConfig::new().init();
        let first = loss(&model, x.clone(), labels.clone()).into_scalar::<f32>();
        for _ in 0..50 {
            let gradients =
                GradientsParams::from_grads(loss(&model, x.clone(), labels.clone()).backward(), &model);
            model = adam.step(0.02, model, gradients);
        }
        let last = loss(&model, x.clone(), labels.clone()).into_scalar::<f32>();
        assert!(last < 0.8 * first, "{first} fell to {last} alone");
    }
}

#[test]
fn the_device_s_seed_decides_weights_and_dropout() {
    let _alone = alone();
    let device = Device::flex().autodiff();
    let (x, _) = tensors(&common::split(40, 1).train, &device);
    let config = MlpConfig::new(common::N_INPUTS, common::N_CLASSES)
        .with_hidden([DenseConfig::new(50).with_dropout(0.5)]);
    let logits = |model: &GraphModule, x: Tensor<2>| model.forward(x).into_data();
    let once = |seed| {
        device.seed(seed);
        let model = config.init(&device);
        let in_training = [(); 2].map(|()| logits(&model, x.clone()));
        (model, in_training)
    };
    let ((first, [one, two]), (again, [same, _]), (other, _)) = (once(1), once(1), once(2));
    assert_eq!(first.weights(), again.weights());
    assert_ne!(first.weights(), other.weights());
    assert_eq!(one, same, "dropout is drawn from the seed");
    assert_ne!(one, two, "and anew in every pass");
    let in_use = [(); 2].map(|()| logits(&first.valid(), x.clone().inner()));
    assert_eq!(in_use[0], in_use[1], "in use nothing is dropped");
}

#[test]
#[should_panic(expected = "the width of a sample")]
fn samples_of_another_width_are_a_slip() {
    let graph = &common::known_graphs()[0];
    let device = Device::flex();
    let model = GraphModule::from_weights(graph, &common::weights(graph, 0), &device).unwrap();
    model.forward(Tensor::zeros([1, common::N_INPUTS + 1], &device));
}

#[test]
#[should_panic(expected = "at least 1 unit")]
fn settings_that_make_no_network_are_a_slip() {
    MlpConfig::new(4, 2).with_hidden([0]).init(&Device::flex());
}
