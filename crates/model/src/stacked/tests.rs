//! A stack does what its members do alone.

use std::ops::ControlFlow;

use vitrine_data::{Split, Streams};

use super::*;
use crate::grammar::NetworkSpec;
use crate::graph::Activation;
use crate::samples;
use crate::train::{EngineChoice, EpochRecord, Optimiser, Schedule, Stop, TrainSettings};
use crate::trainer::{Trained, Trainer};

fn split(seed: u64) -> Split {
    samples::split(110, 40, seed)
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

fn trainer(spec: &str, settings: &TrainSettings) -> Trainer {
    let spec: NetworkSpec = spec.parse().unwrap();
    let engine = EngineChoice::General;
    Trainer { settings: settings.clone(), engine, ..Trainer::new(spec.graph()) }
}

fn assert_alike(spec: &str, settings: &TrainSettings, n_members: u64) {
    let trainer = trainer(spec, settings);
    let splits: Vec<Split> = (0..n_members).map(split).collect();
    let members: Vec<Member<'_>> = splits
        .iter()
        .enumerate()
        .map(|(seed, split)| Member { split, streams: Streams::new(seed as u64), start: None })
        .collect();
    let mut go_on = |_: usize, _: &EpochRecord| ControlFlow::Continue(());
    let together = fit_stacked(&trainer, &members, &mut go_on).unwrap().unwrap();
    for (member, found) in members.iter().zip(together) {
        let expected: Trained = trainer.fit(member.split, &member.streams).unwrap();
        assert_eq!(found.best_epoch, expected.best_epoch, "{spec}");
        assert_eq!(found.history.len(), expected.history.len(), "{spec}");
        for (a, b) in found.history.iter().zip(&expected.history) {
            assert!((a.train_loss - b.train_loss).abs() < 1e-4, "{spec}: {a:?}, {b:?}");
            assert_eq!(a.validation_error, b.validation_error, "{spec}");
        }
        let epochs = |trained: &Trained| -> Vec<usize> { trained.checkpoints.iter().map(|c| c.0).collect() };
        assert_eq!(epochs(&found), epochs(&expected), "{spec}");
        let kept = [(0, found.weights)].into_iter().chain(found.checkpoints);
        let wanted = [(0, expected.weights)].into_iter().chain(expected.checkpoints);
        for ((_, a), (_, b)) in kept.zip(wanted) {
            for (a, b) in a.iter().zip(b.iter()) {
                let close = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
                assert_eq!(
                    (&a.node, &a.parameter, a.values.shape()),
                    (&b.node, &b.parameter, b.values.shape())
                );
                assert!(a.values.iter().zip(&b.values).all(close), "{spec} {}.{}", a.node, a.parameter);
            }
        }
    }
}

#[test]
fn every_kind_of_layer_trains_as_alone() {
    for spec in
        ["mlp:20-16-8", "cnn:20,conv5+relu,conv4,10,8", "cnn:20,conv2,conv1,8", "mlp:20-16+dropout0.3-8"]
    {
        let settings =
            TrainSettings { momentum: 0.5, weight_decay: 1e-3, checkpoints: vec![0, 3], ..settings() };
        assert_alike(spec, &settings, 3);
        let schedule = Schedule::Cosine { epochs: 12 };
        let adam = TrainSettings { optimiser: Optimiser::Adam, learning_rate: 0.005, schedule, ..settings };
        assert_alike(spec, &TrainSettings { momentum: 0.0, ..adam }, 3);
    }
}

#[test]
fn every_activation_trains_as_alone() {
    for activation in Activation::ALL {
        let word = activation.word();
        assert_alike(&format!("cnn:20,conv5+{word},10+{word},8"), &settings(), 2);
    }
}

#[test]
fn each_network_stops_at_its_own_minimum() {
    let settings = TrainSettings {
        learning_rate: 0.3,
        max_epochs: 60,
        stop: Stop::ValidationLoss { patience: 4 },
        ..settings()
    };
    assert_alike("mlp:20-40-8", &settings, 6);
}

#[test]
fn each_network_stops_when_it_knows_its_training_set() {
    let settings = TrainSettings {
        learning_rate: 0.2,
        max_epochs: 300,
        stop: Stop::TrainAccuracy { target: 0.95 },
        ..settings()
    };
    assert_alike("mlp:20-40-8", &settings, 4);
}

#[test]
fn breaking_off_ends_the_whole() {
    let split = split(0);
    let member = Member { split: &split, streams: Streams::new(0), start: None };
    let trainer = trainer("mlp:20-8-8", &settings());
    let mut stop = |_: usize, record: &EpochRecord| {
        if record.epoch == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert!(fit_stacked(&trainer, &[member], &mut stop).unwrap().is_none());
}
