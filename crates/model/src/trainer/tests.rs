//! The loop of training, on few samples and both engines.

use std::ops::ControlFlow;

use vitrine_data::{Dataset, Split, Streams};

use super::*;
use crate::error::ModelError;
use crate::grammar::NetworkSpec;
use crate::graph::{Activation, Graph};
use crate::samples;
use crate::train::{Optimiser, Schedule, Stop};
use crate::weights::{Init, Weights};

const ENGINES: [EngineChoice; 2] = [EngineChoice::Fused, EngineChoice::General];

/// 110 samples of 20 values with 8 classes: the last batch of 20 is short.
fn split(n_validation: usize) -> Split {
    samples::split(110, n_validation, 1)
}

fn settings() -> TrainSettings {
    TrainSettings {
        learning_rate: 0.05,
        batch_size: 20,
        max_epochs: 12,
        stop: Stop::MaxEpochs,
        ..TrainSettings::default()
    }
}

fn graph(spec: &str) -> Graph {
    spec.parse::<NetworkSpec>().unwrap().graph().clone()
}

/// Trains until `break_at` epochs are done.
fn run(
    spec: &str,
    settings: &TrainSettings,
    split: &Split,
    engine: EngineChoice,
    resume: Option<TrainState>,
    break_at: usize,
) -> Result<TrainEnd, ModelError> {
    let trainer = Trainer { settings: settings.clone(), engine, ..Trainer::new(&graph(spec)) };
    let streams = Streams::new(2);
    let start = resume.unwrap_or_else(|| trainer.start(&streams));
    trainer.resume(start, split, &streams, &mut |state| {
        if state.epoch == break_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
}

fn train(spec: &str, settings: &TrainSettings, split: &Split, engine: EngineChoice) -> Trained {
    match run(spec, settings, split, engine, None, usize::MAX).unwrap() {
        TrainEnd::Finished(trained) => trained,
        TrainEnd::Stopped(_) => unreachable!("nothing breaks off"),
    }
}

fn without_seconds(mut trained: Trained) -> Trained {
    trained.history.iter_mut().for_each(|record| record.seconds = 0.0);
    trained
}

#[test]
fn training_twice_gives_the_same_bits() {
    for engine in ENGINES {
        let once = || without_seconds(train("mlp:20-16+dropout0.2-8", &settings(), &split(40), engine));
        assert_eq!(once(), once(), "{engine}");
    }
}

#[test]
fn stopped_and_resumed_training_gives_the_bits_of_undisturbed_training() {
    let settings = TrainSettings {
        momentum: 0.9,
        weight_decay: 1e-3,
        checkpoints: vec![0, 3, 9],
        stop: Stop::ValidationLoss { patience: 4 },
        ..settings()
    };
    for engine in ENGINES {
        for spec in ["mlp:20-16+dropout0.2-8", "cnn:20,conv5,conv4+relu,8"] {
            let split = split(40);
            let undisturbed = train(spec, &settings, &split, engine);
            let stopped = run(spec, &settings, &split, engine, None, 5).unwrap();
            let TrainEnd::Stopped(state) = stopped else { panic!("{spec} is broken off in epoch 5") };
            let state = TrainState::from_bytes(&state.to_bytes(), &graph(spec)).unwrap();
            let TrainEnd::Finished(resumed) =
                run(spec, &settings, &split, engine, Some(state), usize::MAX).unwrap()
            else {
                unreachable!("nothing breaks off")
            };
            assert_eq!(without_seconds(resumed), without_seconds(undisturbed), "{spec}, {engine}");
        }
    }
}

#[test]
fn a_state_keeps_every_bit_on_its_way_through_a_file() {
    let early = TrainSettings { stop: Stop::ValidationLoss { patience: 9 }, ..settings() };
    let momentum = TrainSettings { momentum: 0.5, ..early.clone() };
    let adam = TrainSettings { optimiser: Optimiser::Adam, ..early };
    for (n_validation, settings) in [(0, &momentum), (40, &momentum), (40, &adam)] {
        let spec = "mlp:20-9-8";
        let stopped = run(spec, settings, &split(n_validation), EngineChoice::Fused, None, 7).unwrap();
        let TrainEnd::Stopped(state) = stopped else { panic!("broken off in epoch 7") };
        let bytes = state.to_bytes();
        assert_eq!(TrainState::from_bytes(&bytes, &graph(spec)).unwrap(), state);
        assert_eq!(state.to_bytes(), bytes);
    }
}

#[test]
fn damaged_states_are_refused() {
    let spec = graph("mlp:20-9-8");
    let bytes =
        TrainState::new(Weights::init(&spec, Init::HeUniform, &mut Streams::new(0).rng("w"))).to_bytes();
    assert!(TrainState::from_bytes(&bytes, &spec).is_ok());
    assert!(TrainState::from_bytes(&bytes[..bytes.len() - 1], &spec).is_err());
    assert!(TrainState::from_bytes(&bytes, &graph("mlp:20-8-8")).is_err());
    let weights_alone = Weights::init(&spec, Init::HeUniform, &mut Streams::new(0).rng("w")).to_safetensors();
    let error = TrainState::from_bytes(&weights_alone, &spec).unwrap_err().to_string();
    assert!(error.contains("no record"), "{error}");
}

#[test]
fn early_stopping_restores_the_weights_of_the_smallest_validation_loss() {
    let split = split(40);
    let all = 60;
    let settings = TrainSettings {
        learning_rate: 0.3,
        max_epochs: all,
        checkpoints: (1..=all).collect(),
        stop: Stop::ValidationLoss { patience: 5 },
        ..settings()
    };
    for engine in ENGINES {
        let trained = train("mlp:20-40-8", &settings, &split, engine);
        let loss = |record: &EpochRecord| record.validation_loss.unwrap();
        let best = trained.history.iter().min_by(|a, b| loss(a).total_cmp(&loss(b))).unwrap();
        assert_eq!(trained.best_epoch, best.epoch);
        assert_eq!(trained.weights, trained.checkpoints[best.epoch - 1].1);
        assert_eq!(trained.history.len(), best.epoch + 5, "it waits for as long as its patience");
        assert!(trained.history.len() < all, "validation loss rises again on so few samples");
    }
}

#[test]
fn a_target_accuracy_holds_on_the_whole_training_set() {
    let split = split(0);
    let settings = TrainSettings {
        learning_rate: 0.2,
        max_epochs: 500,
        stop: Stop::TrainAccuracy { target: 0.99 },
        ..settings()
    };
    let trained = train("mlp:20-40-8", &settings, &split, EngineChoice::Auto);
    assert!(trained.history.len() < 500);
    assert!(trained.history.last().unwrap().train_error <= 0.01);
    assert_eq!(trained.history.last().unwrap().validation_loss, None);
    let network = crate::Network::new("mlp:20-40-8".parse().unwrap(), trained.weights).unwrap();
    let predicted = network.predict(split.train.rows());
    let n_wrong = predicted.iter().zip(split.train.labels()).filter(|(a, b)| a != b).count();
    assert!(n_wrong <= 1, "{n_wrong} of 110 are wrong");
}

#[test]
fn training_that_diverges_ends_with_a_plain_error() {
    let settings = TrainSettings { learning_rate: 1e9, ..settings() };
    for engine in ENGINES {
        // Without ReLUs, which might all die and leave a finite loss.
        let error = run("mlp:20-16+linear-8", &settings, &split(40), engine, None, usize::MAX).unwrap_err();
        assert!(matches!(error, ModelError::Diverged { epoch: 1..=3, .. }), "{error}");
    }
}

#[test]
fn weights_that_are_no_numbers_end_training_though_no_loss_shows_them() {
    for engine in ENGINES {
        let spec = "mlp:20-5-8";
        let start = Trainer::new(&graph(spec)).start(&Streams::new(2));
        // A unit that is never active: its weights stay what they are, and nothing behind it sees them.
        let mut weights = start.weights.clone();
        weights.get_mut("hidden1", "bias").unwrap()[0] = f32::NEG_INFINITY;
        let resume = Some(TrainState::new(weights));
        let error = run(spec, &settings(), &split(30), engine, resume, usize::MAX).unwrap_err().to_string();
        assert!(error.contains("diverged in epoch 1: hidden1.bias holds -inf"), "{engine}: {error}");
    }
}

#[test]
fn what_auto_takes_is_named() {
    let trainer = |engine, device| Trainer { engine, device, ..Trainer::new(&graph("mlp:20-5-8")) };
    let taken = |engine, device| trainer(engine, device).taken_engine();
    assert_eq!(taken(EngineChoice::Auto, DeviceChoice::Cpu), EngineChoice::Fused);
    assert_eq!(taken(EngineChoice::Auto, DeviceChoice::Wgpu), EngineChoice::General);
    assert_eq!(taken(EngineChoice::General, DeviceChoice::Cpu), EngineChoice::General);
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    for (settings, name) in [
        (TrainSettings { learning_rate: f64::NAN, ..settings() }, "learning_rate"),
        (TrainSettings { momentum: 1.0, ..settings() }, "momentum"),
        (TrainSettings { momentum: 0.5, ..adam() }, "momentum"),
        (TrainSettings { betas: [0.9, 1.0], ..adam() }, "betas"),
        (TrainSettings { schedule: Schedule::Step { step_size: 0, gamma: 0.5 }, ..settings() }, "step_size"),
        (TrainSettings { batch_size: 0, ..settings() }, "batch_size"),
        (TrainSettings { stop: Stop::TrainAccuracy { target: 1.5 }, ..settings() }, "target"),
    ] {
        let error = run("mlp:20-8", &settings, &split(0), EngineChoice::Auto, None, 1).unwrap_err();
        assert!(error.to_string().starts_with(name), "{error}");
    }
}

#[test]
fn a_hundred_steps_of_both_engines_lead_to_the_same_weights() {
    let specs = [
        "mlp:20-16-12-8",
        "mlp:20-16+dropout0.3-12+linear-8",
        "cnn:20,conv5+relu,conv4,10,8",
        "bottleneck:20-10-2-10-8",
    ];
    for spec in specs {
        for momentum in [0.0, 0.5] {
            // 17 epochs of 6 steps, small enough that rounding carries no ReLU over its kink.
            let (learning_rate, weight_decay, max_epochs) = (0.01, 1e-3, 17);
            let settings = TrainSettings { learning_rate, momentum, weight_decay, max_epochs, ..settings() };
            let [fused, general] = ENGINES.map(|engine| train(spec, &settings, &split(30), engine));
            assert_alike(&fused.weights, &general.weights, &format!("{spec}, momentum {momentum}"));
            for (a, b) in fused.history.iter().zip(&general.history) {
                assert!((a.train_loss - b.train_loss).abs() < 1e-4, "{spec}: {a:?}, {b:?}");
                assert_eq!(a.validation_error, b.validation_error, "{spec}");
            }
        }
    }
}

#[test]
fn every_activation_trains_to_the_same_weights_on_both_engines() {
    for activation in Activation::ALL {
        let word = activation.word();
        for spec in
            [format!("mlp:20-16+{word}+dropout0.3-12+{word}-8"), format!("cnn:20,conv5+{word},10+{word},8")]
        {
            let (learning_rate, momentum, weight_decay, max_epochs) = (0.01, 0.5, 1e-3, 17);
            let settings = TrainSettings { learning_rate, momentum, weight_decay, max_epochs, ..settings() };
            let [fused, general] = ENGINES.map(|engine| train(&spec, &settings, &split(30), engine));
            assert_alike(&fused.weights, &general.weights, &spec);
            for (a, b) in fused.history.iter().zip(&general.history) {
                assert!((a.train_loss - b.train_loss).abs() < 1e-4, "{spec}: {a:?}, {b:?}");
            }
            let first = &fused.history[0];
            assert!(fused.history[16].train_loss < first.train_loss, "{spec} learns");
        }
    }
}

#[test]
fn adam_with_a_schedule_leads_to_the_same_weights_on_both_engines() {
    for spec in ["mlp:20-16+tanh-12+dropout0.3-8", "cnn:20,conv5,10,8"] {
        let [fused, general] = ENGINES.map(|engine| train(spec, &adam(), &split(30), engine));
        assert_alike(&fused.weights, &general.weights, spec);
        assert!(fused.history[11].train_loss < fused.history[0].train_loss, "{spec} learns");
    }
}

#[test]
fn stopped_and_resumed_adam_gives_the_bits_of_undisturbed_training() {
    let spec = "mlp:20-9-8";
    for engine in ENGINES {
        let whole = train(spec, &adam(), &split(30), engine);
        let TrainEnd::Stopped(state) = run(spec, &adam(), &split(30), engine, None, 5).unwrap() else {
            panic!("broken off in epoch 5")
        };
        let TrainEnd::Finished(resumed) =
            run(spec, &adam(), &split(30), engine, Some(state), usize::MAX).unwrap()
        else {
            panic!("finishes")
        };
        assert_eq!(resumed.weights, whole.weights, "{engine}");
    }
}

#[test]
fn a_state_of_another_optimiser_is_refused() {
    let TrainEnd::Stopped(state) =
        run("mlp:20-9-8", &adam(), &split(0), EngineChoice::Fused, None, 2).unwrap()
    else {
        panic!("broken off in epoch 2")
    };
    let error = run("mlp:20-9-8", &settings(), &split(0), EngineChoice::Fused, Some(state), 9).unwrap_err();
    assert!(error.to_string().contains("the optimiser keeps 0"), "{error}");
}

/// Adam, its rate halved every four epochs.
fn adam() -> TrainSettings {
    let schedule = Schedule::Step { step_size: 4, gamma: 0.5 };
    TrainSettings { optimiser: Optimiser::Adam, learning_rate: 0.005, schedule, ..settings() }
}

/// Node by node within a ten-thousandth of the largest weight.
fn assert_alike(ours: &Weights, others: &Weights, what: &str) {
    for node in ours.iter().filter(|array| array.parameter == "weight").map(|array| array.node.as_str()) {
        let scale = ours.get(node, "weight").unwrap().iter().fold(0.0f32, |m, w| m.max(w.abs()));
        for parameter in ["weight", "bias"] {
            let [a, b] = [ours, others].map(|weights| weights.get(node, parameter).unwrap());
            let difference = a.iter().zip(&b).fold(0.0f32, |m, (a, b)| m.max((a - b).abs()));
            assert!(difference <= 1e-4 * scale, "{what}, {node}.{parameter}: {}", difference / scale);
        }
    }
}

#[test]
fn data_that_the_network_cannot_learn_are_refused_by_name() {
    let error = |split: &Split| {
        ENGINES.map(|engine| run("mlp:20-9-5", &settings(), split, engine, None, 1).unwrap_err().to_string())
    };
    let of_8_classes = split(0);
    for error in error(&of_8_classes) {
        assert_eq!(error, "training set: has 8 classes, and the network 5 outputs");
    }
    let empty = Split { train: of_8_classes.train.select(&[]), ..of_8_classes };
    for error in error(&empty) {
        assert_eq!(error, "training set: at least one sample is needed");
    }
}

#[test]
fn weights_of_another_network_are_refused_by_name() {
    let start =
        TrainState::new(Weights::init(&graph("mlp:20-9-8"), Init::HeUniform, &mut Streams::new(0).rng("w")));
    let error = run("mlp:20-10-8", &settings(), &split(0), EngineChoice::Auto, Some(start), 1).unwrap_err();
    assert!(error.to_string().contains("hidden1.weight"), "{error}");
}

#[test]
fn inputs_column_by_column_train_to_the_same_bits() {
    let by_rows = split(30);
    let mut by_columns = by_rows.clone();
    for set in [&mut by_columns.train, &mut by_columns.validation] {
        let mut transposed = set.rows().reversed_axes().as_standard_layout().into_owned();
        transposed.swap_axes(0, 1);
        assert!(!transposed.is_standard_layout());
        *set = Dataset::new(transposed, set.labels().to_vec(), set.classes().to_vec());
    }
    for engine in ENGINES {
        let train = |split| without_seconds(train("mlp:20-16-8", &settings(), split, engine));
        assert_eq!(train(&by_columns), train(&by_rows), "{engine}");
    }
}
