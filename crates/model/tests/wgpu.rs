//! A GPU gives the same training as the CPU. Without a Vulkan driver there is nothing to compare with.
#![cfg(feature = "wgpu")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod common;

use std::ops::ControlFlow;

use common::{fifty_steps, known_graphs, split, title};
use vitrine_data::{Split, Streams};
use vitrine_model::{
    DeviceChoice, EngineChoice, EpochRecord, GeneralModel, Member, Model, NodeId, Objective, TrainSettings,
    Trainer, fit_stacked,
};

/// Whether there is a device to compare with; a skipped test says so.
fn is_there() -> bool {
    let found = DeviceChoice::Wgpu.check();
    if let Err(reason) = &found {
        eprintln!("skipped: {reason}");
    }
    found.is_ok()
}

#[test]
fn fifty_steps_on_wgpu_have_the_losses_of_the_fused_engine_for_every_op() {
    if is_there() {
        common::assert_the_losses_of_the_processor(DeviceChoice::Wgpu, 1);
    }
}

#[test]
fn values_and_gradients_on_wgpu_are_those_of_the_cpu() {
    if !is_there() {
        return;
    }
    let graph = known_graphs().pop().unwrap();
    let [cpu, gpu] = [DeviceChoice::Cpu, DeviceChoice::Wgpu]
        .map(|device| GeneralModel::new(&graph, &common::weights(&graph, 3), device).unwrap());
    let (inputs, taps) = (common::inputs(5, 1), graph.ids().collect::<Vec<NodeId>>());
    let objective = Objective::units(graph.logits(), &[0, 1, 2, 3, 4]);
    let ask = |model: &GeneralModel| {
        let values = model.run(inputs.view().into_dyn(), &taps).unwrap();
        let gradients = model.gradient(inputs.view().into_dyn(), &objective, &taps).unwrap();
        values.into_iter().chain(gradients.at).flatten().collect::<Vec<f32>>()
    };
    for (a, b) in ask(&cpu).iter().zip(&ask(&gpu)) {
        assert!((a - b).abs() < 1e-5, "{a} on the CPU, {b} on wgpu");
    }
}

#[test]
fn a_stack_on_wgpu_has_the_losses_of_its_members_alone_on_the_cpu() {
    if !is_there() {
        return;
    }
    let splits: Vec<Split> = (0..3).map(|seed| split(40, seed)).collect();
    let members: Vec<Member<'_>> = splits
        .iter()
        .enumerate()
        .map(|(seed, split)| Member { split, streams: Streams::new(seed as u64), start: None })
        .collect();
    let [settings, ..] = fifty_steps();
    for graph in known_graphs() {
        let settings = TrainSettings { max_epochs: 5, ..settings.clone() };
        let trainer =
            |engine, device| Trainer { graph: graph.clone(), settings: settings.clone(), engine, device };
        let mut go_on = |_: usize, _: &EpochRecord| ControlFlow::Continue(());
        let stack = trainer(EngineChoice::Auto, DeviceChoice::Wgpu);
        let together = fit_stacked(&stack, &members, &mut go_on).unwrap().unwrap();
        let cpu = trainer(EngineChoice::Fused, DeviceChoice::Cpu);
        for (member, found) in members.iter().zip(together) {
            let alone = cpu.fit(member.split, &member.streams).unwrap();
            for (a, b) in found.history.iter().zip(&alone.history) {
                let what = format!("{}: {a:?}, {b:?}", title(&graph));
                assert!((a.train_loss - b.train_loss).abs() < 1e-4, "{what}");
            }
        }
    }
}
