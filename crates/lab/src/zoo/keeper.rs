//! The zoo itself: networks by their recipes, whether they are there yet or not.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use vitrine_data::{DataError, Folders};
use vitrine_model::EngineChoice;

use super::cache::Cache;
use super::train::train_all;
use super::trained::TrainedNetwork;
use super::workshop::Workshop;
use crate::recipe::Recipe;
use crate::stop::StopFlag;
use crate::watch::Watch;

/// Trained networks, in memory, in their folder, or to be trained.
pub struct Zoo {
    workshop: Workshop,
    cache: Cache,
}

impl Zoo {
    /// The zoo of a workshop.
    pub fn new(workshop: Workshop) -> Zoo {
        Zoo { workshop, cache: Cache::default() }
    }

    /// Folders of the sources that are read from files.
    pub fn folders(&self) -> &Folders {
        &self.workshop.folders
    }

    /// The engine that is asked for.
    pub fn engine(&self) -> EngineChoice {
        self.workshop.engine
    }

    /// The request to stop.
    pub fn stop(&self) -> &StopFlag {
        &self.workshop.stop
    }

    /// Who is told how the work goes.
    pub fn watch(&self) -> &dyn Watch {
        &*self.workshop.watch
    }

    /// The recipe with the content of its data, where those come from files: what decides its network's hash.
    ///
    /// # Errors
    /// Whatever is wrong with the files, as that they are not there.
    pub fn resolved(&self, recipe: &Recipe) -> Result<Recipe, DataError> {
        recipe.with_content(&self.workshop.folders)
    }

    /// The networks of `recipes`, in their order; what is missing is trained first, on all cores. What has been read is
    /// kept in memory, so that asking again costs nothing.
    ///
    /// A folder that does not hold what its recipe and checksums say is named, set aside and trained anew.
    ///
    /// # Errors
    /// When data cannot be read, training fails or is stopped, or a folder cannot be read or written.
    pub fn obtain(&self, recipes: &[Recipe]) -> anyhow::Result<Vec<Arc<TrainedNetwork>>> {
        // Studies ask for networks all along, and so hear of a stop though nothing is to be trained.
        self.stop().check()?;
        let recipes = self.resolved_all(recipes)?;
        let mut have: HashMap<String, Arc<TrainedNetwork>> = HashMap::new();
        let mut missing: Vec<&Recipe> = Vec::new();
        for (hash, recipe) in unique(&recipes) {
            match self.load(&hash, recipe)? {
                Some(network) => _ = have.insert(hash, network),
                None => missing.push(recipe),
            }
        }
        let mut failed = Vec::new();
        train_all(&self.workshop, missing, &mut |outcome| match outcome {
            Ok(network) => {
                let (hash, network) = (network.recipe.hash(), Arc::new(network));
                self.cache.insert(hash.clone(), network.clone());
                have.insert(hash, network);
            }
            Err(error) => failed.push(error),
        })?;
        if let Some(error) = failed.into_iter().next() {
            return Err(error);
        }
        let found = |recipe: &Recipe| have.get(&recipe.hash()).cloned();
        recipes
            .iter()
            .map(|r| found(r).ok_or_else(|| anyhow::anyhow!("{}: was not trained", r.network)))
            .collect()
    }

    /// The network of one recipe.
    ///
    /// # Errors
    /// As of [`Zoo::obtain`].
    pub fn obtain_one(&self, recipe: &Recipe) -> anyhow::Result<Arc<TrainedNetwork>> {
        Ok(self.obtain(std::slice::from_ref(recipe))?.swap_remove(0))
    }

    /// Trains what is missing of `recipes`. A network that cannot be trained does not keep the others from it; whoever
    /// obtains it later meets its error.
    ///
    /// # Errors
    /// When a folder cannot be read or written, or training is stopped.
    pub fn prepare(&self, recipes: &[Recipe]) -> anyhow::Result<()> {
        let recipes: Vec<Recipe> = recipes.iter().filter_map(|recipe| self.resolved(recipe).ok()).collect();
        let mut missing = Vec::new();
        for (hash, recipe) in unique(&recipes) {
            if self.load(&hash, recipe)?.is_none() {
                missing.push(recipe);
            }
        }
        train_all(&self.workshop, missing, &mut |outcome| {
            if let Ok(network) = outcome {
                self.cache.insert(network.recipe.hash(), Arc::new(network));
            }
        })
    }

    /// Whether a folder of `recipes` is there but damaged, or of another engine than the one asked for; such folders are
    /// named and set aside.
    ///
    /// # Errors
    /// Whatever is wrong with the files of data; when a folder cannot be read, or a damaged one cannot be moved.
    pub fn sets_aside_any(&self, recipes: &[Recipe]) -> anyhow::Result<bool> {
        let store = &self.workshop.store;
        let mut is_damaged = false;
        for (hash, recipe) in unique(&self.resolved_all(recipes)?) {
            is_damaged |= store.has(&hash) && self.load(&hash, recipe)?.is_none();
        }
        Ok(is_damaged)
    }

    fn resolved_all(&self, recipes: &[Recipe]) -> Result<Vec<Recipe>, DataError> {
        recipes.iter().map(|recipe| self.resolved(recipe)).collect()
    }

    /// The network from memory or from its folder.
    fn load(&self, hash: &str, recipe: &Recipe) -> anyhow::Result<Option<Arc<TrainedNetwork>>> {
        if let Some(network) = self.cache.get(hash) {
            return Ok(Some(network));
        }
        let network = self.workshop.at_hand(recipe)?.map(Arc::new);
        if let Some(network) = &network {
            self.cache.insert(hash.to_string(), network.clone());
        }
        Ok(network)
    }
}

/// Each recipe once, in the order of their first occurrence, with its hash.
fn unique(recipes: &[Recipe]) -> Vec<(String, &Recipe)> {
    let mut seen = HashSet::new();
    recipes.iter().map(|r| (r.hash(), r)).filter(|(hash, _)| seen.insert(hash.clone())).collect()
}
