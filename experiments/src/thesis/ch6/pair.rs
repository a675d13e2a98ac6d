//! The network that learns and the one that is trained to memorise: of one shape, on the same signals.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use vitrine_data::Dataset;
use vitrine_lab::{Recipe, TrainedNetwork, Zoo};
use vitrine_model::NetworkSpec;

use super::fitting::{SHUFFLED, corrupted, fit_all, name_of_shuffled};
use crate::thesis::networks::{MLPS, spec};
use crate::thesis::{Context, Plan};

/// The network that learns and that is to memorise.
pub const SHOWN: &str = MLPS[3];

/// One thing of each of the two networks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Pair<T> {
    /// Of the network that learns.
    pub learning: T,
    /// Of the network trained on shuffled labels until it has memorised them, or its epochs are over.
    pub memorising: T,
}

impl<T> Pair<T> {
    /// Both, the learning network's first.
    pub fn both(self) -> [T; 2] {
        [self.learning, self.memorising]
    }

    /// Both with the names of the networks; the second's follows from the shares of its labels that it fits, by seed.
    pub fn named(&self, fitted: &[f64]) -> [(String, &T); 2] {
        [("learning".into(), &self.learning), (name_of_shuffled(fitted), &self.memorising)]
    }
}

impl Pair<Recipe> {
    /// The trained networks.
    ///
    /// # Errors
    /// When they cannot be trained or read.
    pub fn obtain(&self, zoo: &Zoo) -> anyhow::Result<Pair<Arc<TrainedNetwork>>> {
        let mut networks = zoo.obtain(&self.clone().both())?;
        let memorising = networks.swap_remove(1);
        Ok(Pair { learning: networks.swap_remove(0), memorising })
    }
}

/// The specification of both.
pub fn shown() -> NetworkSpec {
    spec(SHOWN)
}

/// The recipes of a seed; the network that learns is that of chapter 3.
pub fn recipes(plan: &Plan, seed: u64) -> Pair<Recipe> {
    let memorising = corrupted(plan, &shown(), seed, SHUFFLED, fit_all(plan));
    Pair { learning: plan.recipe(&shown(), seed), memorising }
}

/// The recipes of every seed.
pub fn all_recipes(plan: &Plan) -> Vec<Recipe> {
    plan.seeds.iter().flat_map(|&seed| recipes(plan, seed).both()).collect()
}

/// The training signals that the memorising network of a seed saw, with the labels it was given.
///
/// # Errors
/// Settings of the data that are out of range.
pub fn shuffled_training_set(cx: &Context, seed: u64) -> anyhow::Result<Dataset> {
    Ok(recipes(&cx.plan, seed).memorising.load_data(cx.zoo.folders())?.train)
}
