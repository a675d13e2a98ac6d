//! A GPU gives the same training as the CPU. Without a Vulkan driver there is nothing to compare with.
#![cfg(feature = "wgpu")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::ops::ControlFlow;

use vitrine_data::{DataSettings, Folders, JumpSettings, JumpSource, Split, Streams};
use vitrine_model::{
    DeviceChoice, EngineChoice, EpochRecord, Member, NetworkSpec, Stop, TrainSettings, Trainer, fit_stacked,
};

fn signals(n_train: usize, streams: &Streams) -> Split {
    let source = JumpSource { n_train, n_validation: 0, n_test: 0, signals: JumpSettings::default() };
    DataSettings::from(source).load(streams, &Folders::default()).unwrap()
}

fn settings(max_epochs: usize) -> TrainSettings {
    TrainSettings { max_epochs, stop: Stop::MaxEpochs, ..TrainSettings::default() }
}

fn trainer(spec: &str, max_epochs: usize, engine: EngineChoice, device: DeviceChoice) -> Trainer {
    let spec: NetworkSpec = spec.parse().unwrap();
    Trainer { graph: spec.graph().clone(), settings: settings(max_epochs), engine, device }
}

/// Losses of 50 epochs of one step each.
fn losses(spec: &str, device: DeviceChoice) -> Option<Vec<f64>> {
    if let Err(reason) = device.check() {
        eprintln!("skipped: {reason}");
        return None;
    }
    let streams = Streams::new(0);
    let trained =
        trainer(spec, 50, EngineChoice::General, device).fit(&signals(100, &streams), &streams).unwrap();
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
    if let Err(reason) = DeviceChoice::Wgpu.check() {
        return eprintln!("skipped: {reason}");
    }
    let spec = "mlp:100-20-60";
    let splits: Vec<Split> = (0..3).map(|seed| signals(100, &Streams::new(seed))).collect();
    let members: Vec<Member<'_>> = splits
        .iter()
        .enumerate()
        .map(|(seed, split)| Member { split, streams: Streams::new(seed as u64), start: None })
        .collect();
    let mut go_on = |_: usize, _: &EpochRecord| ControlFlow::Continue(());
    let stack = trainer(spec, 5, EngineChoice::Auto, DeviceChoice::Wgpu);
    let together = fit_stacked(&stack, &members, &mut go_on).unwrap().unwrap();
    let cpu = trainer(spec, 5, EngineChoice::Fused, DeviceChoice::Cpu);
    for (member, found) in members.iter().zip(together) {
        let alone = cpu.fit(member.split, &member.streams).unwrap();
        for (a, b) in found.history.iter().zip(&alone.history) {
            assert!((a.train_loss - b.train_loss).abs() < 1e-4, "{a:?}, {b:?}");
        }
    }
}
