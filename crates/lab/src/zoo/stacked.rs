//! Training on a GPU: networks of one shape as one stack.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use anyhow::Context as _;
use rayon::prelude::*;
use vitrine_data::Split;
use vitrine_model::{DeviceChoice, EngineChoice, Member, fit_stacked};

use super::start;
use super::trained::{HandOver, TrainedNetwork};
use super::workshop::Workshop;
use crate::recipe::Recipe;
use crate::watch::WatchNetwork;

/// Networks of a stack at most: what they share a launch with is worth less and less, and their data take memory.
const MAX_STACK: usize = 512;

/// Whether networks are trained in stacks here.
pub fn is_used(shop: &Workshop) -> bool {
    shop.engine == EngineChoice::Auto && matches!(shop.device, DeviceChoice::Wgpu | DeviceChoice::Cuda)
}

/// Trains those of `recipes` that differ in their seed alone together, and hands them over. What is left over, being
/// alone of its kind or locked by another process, is given back.
pub fn train<'a>(
    shop: &Workshop,
    recipes: Vec<&'a Recipe>,
    hand_over: &mut HandOver<'_>,
) -> anyhow::Result<Vec<&'a Recipe>> {
    let mut groups: BTreeMap<String, Vec<&Recipe>> = BTreeMap::new();
    for recipe in recipes {
        let shape = Recipe { seed: 0, ..recipe.clone() }.to_toml();
        groups.entry(shape).or_default().push(recipe);
    }
    let mut left = Vec::new();
    for stack in groups.values().flat_map(|group| group.chunks(MAX_STACK)) {
        if stack.len() == 1 || shop.stop.is_requested() {
            left.extend(stack);
            continue;
        }
        let mut locks = Vec::new();
        let mut free = Vec::new();
        for recipe in stack {
            match shop.store.lock(&recipe.hash())? {
                Some(lock) if shop.at_hand(recipe)?.is_none() => {
                    locks.push(lock);
                    free.push(*recipe);
                }
                _ => left.push(*recipe),
            }
        }
        match train_stack(shop, &free) {
            Ok(networks) => networks.into_iter().for_each(|network| hand_over(Ok(network))),
            // One network that diverges ends its stack: each is then trained alone, and fails alone.
            Err(error) => {
                shop.watch.warn(&format!("{error:#}; each network of the stack is trained alone"));
                left.extend(free);
            }
        }
    }
    Ok(left)
}

/// Trains one stack; nothing comes of it when the user stops the run.
fn train_stack(shop: &Workshop, recipes: &[&Recipe]) -> anyhow::Result<Vec<TrainedNetwork>> {
    let Some(first) = recipes.first() else { return Ok(Vec::new()) };
    let splits: Vec<Arc<Split>> = recipes
        .par_iter()
        .map(|r| Ok(Arc::new(r.load_data(&shop.folders)?)))
        .collect::<anyhow::Result<_>>()?;
    let members: Vec<Member<'_>> = recipes
        .iter()
        .zip(&splits)
        .map(|(recipe, split)| {
            let start = start::of(recipe, &split.train)?.map(|state| state.weights);
            Ok(Member { split, streams: recipe.training_streams(), start })
        })
        .collect::<anyhow::Result<_>>()?;
    let told: Vec<Box<dyn WatchNetwork>> = recipes.iter().map(|recipe| shop.watch.start(recipe)).collect();
    let mut on_epoch = |member: usize, record: &vitrine_model::EpochRecord| {
        told[member].epoch(record);
        if shop.stop.is_requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let outcome = fit_stacked(&shop.trainer(first), &members, &mut on_epoch)
        .with_context(|| format!("a stack of {} networks {}", recipes.len(), first.network))?;
    let mut networks = Vec::new();
    for ((recipe, trained), told) in recipes.iter().zip(outcome.into_iter().flatten()).zip(&told) {
        let seconds = trained.history.iter().map(|record| record.seconds).sum();
        shop.store.save(recipe, &trained, seconds, &shop.made_by("stacked"))?;
        told.trained(trained.best_epoch, seconds);
        networks.extend(shop.at_hand(recipe)?);
    }
    Ok(networks)
}
