//! A stack does what its members do alone.

use std::ops::ControlFlow;

use vitrine_data::{Corruption, DataSettings, JumpSettings};

use super::*;
use crate::train::{EngineChoice, Outcome, Stop, fit};

fn split(seed: u64) -> Split {
    let signals = JumpSettings { n_features: 20, first_jump: 7, last_jump: 14, ..JumpSettings::default() };
    let (n_train, n_validation, n_test, corruption) = (110, 40, 0, Corruption::None);
    DataSettings::Jump { signals, n_train, n_validation, n_test, corruption }
        .load(&Streams::new(seed), None)
        .unwrap()
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

fn alone(spec: &NetworkSpec, settings: &TrainSettings, member: &Member<'_>) -> Trained {
    let device = Device::flex();
    let mut go_on = |_: &_| ControlFlow::Continue(());
    let choice = EngineChoice::Autodiff;
    match fit(spec, settings, member.split, &member.streams, choice, &device, None, &mut go_on).unwrap() {
        Outcome::Finished(trained) => trained,
        Outcome::Stopped(_) => unreachable!("nothing breaks off"),
    }
}

fn assert_alike(spec: &str, settings: &TrainSettings, n_members: u64) {
    let spec: NetworkSpec = spec.parse().unwrap();
    let splits: Vec<Split> = (0..n_members).map(split).collect();
    let members: Vec<Member<'_>> = splits
        .iter()
        .enumerate()
        .map(|(seed, split)| Member { split, streams: Streams::new(seed as u64), start: None })
        .collect();
    let mut go_on = |_: usize, _: &EpochRecord| ControlFlow::Continue(());
    let together = fit_stacked(&spec, settings, &members, &Device::flex(), &mut go_on).unwrap().unwrap();
    for (member, found) in members.iter().zip(together) {
        let expected = alone(&spec, settings, member);
        assert_eq!(found.best_epoch, expected.best_epoch, "{spec}");
        assert_eq!(found.history.len(), expected.history.len(), "{spec}");
        for (a, b) in found.history.iter().zip(&expected.history) {
            assert!((a.train_loss - b.train_loss).abs() < 1e-4, "{spec}: {a:?}, {b:?}");
            assert_eq!(a.validation_error, b.validation_error, "{spec}");
        }
        let kept = [(0, found.weights)].into_iter().chain(found.checkpoints);
        let wanted = [(0, expected.weights)].into_iter().chain(expected.checkpoints);
        for ((_, a), (_, b)) in kept.zip(wanted) {
            for (a, b) in a.0.iter().zip(&b.0) {
                let close = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
                assert!(a.weight.iter().zip(&b.weight).all(close), "{spec} {}", a.name);
                assert!(a.bias.iter().zip(&b.bias).all(close), "{spec} {}", a.name);
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
    let spec = "mlp:20-8-8".parse().unwrap();
    let mut stop = |_: usize, record: &EpochRecord| {
        if record.epoch == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert!(fit_stacked(&spec, &settings(), &[member], &Device::flex(), &mut stop).unwrap().is_none());
}
