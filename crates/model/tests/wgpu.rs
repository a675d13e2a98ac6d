//! A GPU gives the same training as the CPU. Without a Vulkan driver there is nothing to compare with.
#![cfg(feature = "wgpu")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::ops::ControlFlow;

use vitrine_data::{Corruption, DataSettings, JumpSettings, Streams};
use vitrine_model::{DeviceChoice, EngineChoice, EpochRecord, Outcome, Stop, TrainSettings, fit};

/// Losses of 50 epochs of one step each.
fn losses(spec: &str, device: DeviceChoice) -> Option<Vec<f64>> {
    let device = match device.open() {
        Ok(device) => device,
        Err(reason) => {
            eprintln!("skipped: {reason}");
            return None;
        }
    };
    let data = DataSettings::Jump {
        n_train: 100,
        n_validation: 0,
        n_test: 0,
        corruption: Corruption::None,
        signals: JumpSettings::default(),
    };
    let settings = TrainSettings { max_epochs: 50, stop: Stop::MaxEpochs, ..TrainSettings::default() };
    let streams = Streams::new(0);
    let split = data.load(&streams, None).unwrap();
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
