//! Training on a GPU: networks of one shape as one stack.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use anyhow::Context as _;
use vitrine_data::Split;
use vitrine_model::{DeviceChoice, EngineChoice, Member, fit_stacked};

use super::progress::Progress;
use super::{HandOver, TrainedNetwork, Zoo, start};
use crate::recipe::Recipe;
use crate::signals;

/// Networks of a stack at most: what they share a launch with is worth less and less, and their data take memory.
const MAX_STACK: usize = 512;

/// Whether networks are trained in stacks here.
pub fn is_used(zoo: &Zoo) -> bool {
    zoo.engine == EngineChoice::Auto && matches!(zoo.device, DeviceChoice::Wgpu | DeviceChoice::Cuda)
}

/// Trains those of `recipes` that differ in their seed alone together, and hands them over. What is left over, being
/// alone of its kind or locked by another process, is given back.
pub fn train<'a>(
    zoo: &Zoo,
    recipes: Vec<&'a Recipe>,
    progress: &Progress,
    hand_over: &mut HandOver<'_>,
) -> anyhow::Result<Vec<&'a Recipe>> {
    let mut groups: BTreeMap<String, Vec<&Recipe>> = BTreeMap::new();
    for recipe in recipes {
        let shape = Recipe { seed: 0, ..recipe.clone() }.to_toml();
        groups.entry(shape).or_default().push(recipe);
    }
    let mut left = Vec::new();
    for stack in groups.values().flat_map(|group| group.chunks(MAX_STACK)) {
        if stack.len() == 1 || signals::stop_requested() {
            left.extend(stack);
            continue;
        }
        let mut locks = Vec::new();
        let mut free = Vec::new();
        for recipe in stack {
            match zoo.store.lock(&recipe.hash())? {
                Some(lock) if zoo.store.load_sound(recipe)?.is_none() => {
                    locks.push(lock);
                    free.push(*recipe);
                }
                _ => left.push(*recipe),
            }
        }
        match train_stack(zoo, &free, progress) {
            Ok(networks) => networks.into_iter().for_each(|network| hand_over(Ok(network))),
            Err(error) => hand_over(Err(error)),
        }
    }
    Ok(left)
}

/// Trains one stack; nothing comes of it when the user stops the run.
fn train_stack(zoo: &Zoo, recipes: &[&Recipe], progress: &Progress) -> anyhow::Result<Vec<TrainedNetwork>> {
    let Some(first) = recipes.first() else { return Ok(Vec::new()) };
    let splits: Vec<Arc<Split>> = recipes
        .iter()
        .map(|r| Ok(Arc::new(r.data.load(&r.data_streams(), zoo.mnist_dir.as_deref())?)))
        .collect::<anyhow::Result<_>>()?;
    let members: Vec<Member<'_>> = recipes
        .iter()
        .zip(&splits)
        .map(|(recipe, split)| Member {
            split,
            streams: recipe.training_streams(),
            start: start::of(recipe, &split.train).map(|state| state.weights),
        })
        .collect();
    let bars: Vec<_> = recipes.iter().map(|recipe| progress.start(recipe)).collect();
    let mut on_epoch = |member: usize, record: &vitrine_model::EpochRecord| {
        bars[member].epoch(record);
        if signals::stop_requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let device = zoo.device.open()?;
    let outcome = fit_stacked(&first.network, &first.training, &members, &device, &mut on_epoch)
        .with_context(|| format!("a stack of {} networks {}", recipes.len(), first.network))?;
    let mut networks = Vec::new();
    for ((recipe, trained), bar) in recipes.iter().zip(outcome.into_iter().flatten()).zip(&bars) {
        let seconds = trained.history.iter().map(|record| record.seconds).sum();
        zoo.store.save(recipe, &trained, seconds, &zoo.device.to_string())?;
        progress.network_done(recipe, Some((bar, trained.best_epoch, seconds)));
        networks.extend(zoo.store.load_sound(recipe)?);
    }
    Ok(networks)
}
