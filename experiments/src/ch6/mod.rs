//! Chapter 6: learning against memorising.

pub mod activations;
pub mod corruptions;
pub mod deviations;
mod measures;
pub mod memorising;
pub mod mnist;
pub mod training_time;
pub mod tsne;

use std::sync::Arc;

use vitrine_data::{Corruption, DataSettings, Dataset};
use vitrine_model::{NetworkSpec, Stop, TrainSettings};

use crate::ch3::{MLPS, specs};
use crate::context::{Context, Plan};
use crate::preset::Preset;
use crate::recipe::Recipe;
use crate::zoo::TrainedNetwork;

/// The network that learns and that memorises.
const SHOWN: &str = MLPS[3];

/// The share of the training labels that counts as memorised: a last sample can stay wrong for hundreds of epochs.
const MEMORISED: f64 = 0.999;

fn shown() -> NetworkSpec {
    specs(&[SHOWN]).swap_remove(0)
}

/// All training labels shuffled.
const SHUFFLED: Corruption = Corruption::ShuffleLabels { fraction: 1.0 };

/// Trained to fit its training labels, whatever the validation loss does.
fn fit_all(plan: &Plan) -> TrainSettings {
    let smoke = plan.preset == Preset::Smoke;
    TrainSettings {
        max_epochs: if smoke { plan.settings.training.max_epochs } else { 2_500 },
        stop: Stop::TrainAccuracy { target: MEMORISED },
        checkpoints: training_time::EPOCHS.to_vec(),
        ..plan.settings.training.clone()
    }
}

/// A recipe on the jump signals with its training set corrupted.
fn corrupted(
    plan: &Plan,
    network: &NetworkSpec,
    seed: u64,
    corruption: Corruption,
    training: TrainSettings,
) -> Recipe {
    let mut recipe = plan.recipe_with(network, seed, training);
    if let DataSettings::Jump { corruption: slot, .. } = &mut recipe.data {
        *slot = corruption;
    }
    recipe
}

/// The network that learns, as in chapter 3.
fn learning_recipe(plan: &Plan, seed: u64) -> Recipe {
    plan.recipe(&shown(), seed)
}

/// The network that memorises shuffled labels.
fn memorising_recipe(plan: &Plan, seed: u64) -> Recipe {
    corrupted(plan, &shown(), seed, SHUFFLED, fit_all(plan))
}

/// Both, for every seed.
fn pair_recipes(plan: &Plan) -> Vec<Recipe> {
    plan.seeds.iter().flat_map(|&seed| [learning_recipe(plan, seed), memorising_recipe(plan, seed)]).collect()
}

/// The learning and the memorising network of a seed.
fn pair(cx: &Context, seed: u64) -> anyhow::Result<[Arc<TrainedNetwork>; 2]> {
    let recipes = [learning_recipe(&cx.plan, seed), memorising_recipe(&cx.plan, seed)];
    let mut networks = cx.zoo.obtain(&recipes)?.into_iter();
    let mut next = || networks.next().ok_or_else(|| anyhow::anyhow!("a network for each recipe"));
    Ok([next()?, next()?])
}

/// The training signals that the memorising network of a seed saw, with the labels it was given.
fn shuffled_training_set(plan: &Plan, seed: u64) -> anyhow::Result<Dataset> {
    let recipe = memorising_recipe(plan, seed);
    Ok(recipe.data.load(&recipe.data_streams(), None)?.train)
}
