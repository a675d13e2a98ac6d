//! A GPU gives the same training as the CPU. Without a Vulkan driver there is nothing to compare with.
#![cfg(feature = "wgpu")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::ops::ControlFlow;

use vitrine_data::{Corruption, DataSettings, JumpSettings, Split, Streams};
use vitrine_model::{
    DeviceChoice, EngineChoice, EpochRecord, Member, Outcome, Stop, TrainSettings, fit, fit_stacked,
};

fn signals(n_train: usize, streams: &Streams) -> Split {
    let (n_validation, n_test, corruption) = (0, 0, Corruption::None);
    let signals = JumpSettings::default();
    DataSettings::Jump { n_train, n_validation, n_test, corruption, signals }.load(streams, None).unwrap()
}

fn settings(max_epochs: usize) -> TrainSettings {
    TrainSettings { max_epochs, stop: Stop::MaxEpochs, ..TrainSettings::default() }
}

/// Losses of 50 epochs of one step each.
fn losses(spec: &str, device: DeviceChoice) -> Option<Vec<f64>> {
    let device = match device.open() {
        Ok(device) => device,
        Err(reason) => {
            eprintln!("skipped: {reason}");
            return None;
        }
    };
    let settings = settings(50);
    let streams = Streams::new(0);
    let split = signals(100, &streams);
    let mut go_on = |_: &_| ControlFlow::Continue(());
    let engine = EngineChoice::Autodiff;
    let outcome =
        fit(&spec.parse().unwrap(), &settings, &split, &streams, engine, &device, None, &mut go_on).unwrap();
    let Outcome::Finished(trained) = outcome else { unreachable!("nothing breaks off") };
    let loss = |record: &EpochRecord| record.train_loss;
    Some(trained.history.iter().map(loss).collect())
}

#[test]
fn the_first_50_steps_on_wgpu_have_the_losses_of_the_cpu() {
    for spec in ["mlp:100-50-60", "cnn:100,conv5,60"] {
        let cpu = losses(spec, DeviceChoice::Cpu).expect("the CPU always works");
        let Some(gpu) = losses(spec, DeviceChoice::Wgpu) else { return };
        for (step, (a, b)) in cpu.iter().zip(&gpu).enumerate() {
            assert!((a - b).abs() < 1e-4, "{spec} step {step}: {a} on the CPU, {b} on wgpu");
        }
        assert!(cpu[49] < cpu[0]);
    }
}

#[test]
fn a_stack_on_wgpu_has_the_losses_of_its_members_alone_on_the_cpu() {
    let device = match DeviceChoice::Wgpu.open() {
        Ok(device) => device,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let (spec, settings) = ("mlp:100-20-60".parse().unwrap(), settings(5));
    let splits: Vec<Split> = (0..3).map(|seed| signals(100, &Streams::new(seed))).collect();
    let members: Vec<Member<'_>> = splits
        .iter()
        .enumerate()
        .map(|(seed, split)| Member { split, streams: Streams::new(seed as u64), start: None })
        .collect();
    let mut go_on = |_: usize, _: &EpochRecord| ControlFlow::Continue(());
    let together = fit_stacked(&spec, &settings, &members, &device, &mut go_on).unwrap().unwrap();
    for (member, found) in members.iter().zip(together) {
        let mut go_on = |_: &_| ControlFlow::Continue(());
        let choice = EngineChoice::Fused;
        let cpu = DeviceChoice::Cpu.open().unwrap();
        let alone =
            fit(&spec, &settings, member.split, &member.streams, choice, &cpu, None, &mut go_on).unwrap();
        let Outcome::Finished(alone) = alone else { unreachable!("nothing breaks off") };
        for (a, b) in found.history.iter().zip(&alone.history) {
            assert!((a.train_loss - b.train_loss).abs() < 1e-4, "{a:?}, {b:?}");
        }
    }
}
