//! The zoo: trained networks by the hash of their recipe, loaded where they are there, trained where not.
//!
//! It is the only place that schedules training. Two processes may share one zoo: a network is trained under
//! a file lock, and its folder appears whole by a rename.

mod lock;
mod progress;
mod stacked;
mod start;
mod store;
mod train;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use vitrine_model::{DeviceChoice, EngineChoice, EpochRecord, Network, Weights};

use crate::recipe::Recipe;
use crate::usage::UsageError;
use store::Store;

/// A network with its recipe and how it was trained.
#[derive(Clone, Debug)]
pub struct TrainedNetwork {
    /// What it was made from.
    pub recipe: Recipe,
    /// The specification with the trained weights.
    pub network: Network,
    /// One record per epoch.
    pub history: Vec<EpochRecord>,
    /// The epoch whose weights were kept, counted from 1.
    pub best_epoch: usize,
    /// Seconds of training.
    pub seconds: f64,
    /// Weights kept on the way, with their epochs.
    pub checkpoints: Vec<(usize, Weights)>,
}

/// Where and how networks are trained and kept.
pub struct Zoo {
    store: Store,
    /// Device of the training.
    pub device: DeviceChoice,
    /// Engine of the training.
    pub engine: EngineChoice,
    /// Cores that training may use.
    pub n_threads: usize,
    /// Where the MNIST files are.
    pub mnist_dir: Option<PathBuf>,
}

impl Zoo {
    /// A zoo in `runs`/networks.
    pub fn new(runs: &std::path::Path, device: DeviceChoice, engine: EngineChoice, n_threads: usize) -> Zoo {
        Zoo { store: Store::new(runs.join("networks")), device, engine, n_threads, mnist_dir: None }
    }

    /// The networks of `recipes`, in their order; what is missing is trained first, on all cores.
    ///
    /// A folder that does not hold what its recipe and checksums say is named, set aside and trained anew.
    pub fn obtain(&self, recipes: &[Recipe]) -> anyhow::Result<Vec<Arc<TrainedNetwork>>> {
        let mut have: HashMap<String, Arc<TrainedNetwork>> = HashMap::new();
        let mut missing: Vec<&Recipe> = Vec::new();
        for (hash, recipe) in unique(recipes) {
            match self.store.load_sound(recipe)? {
                Some(network) => _ = have.insert(hash, Arc::new(network)),
                None => missing.push(recipe),
            }
        }
        let mut failed = Vec::new();
        train::train_all(self, missing, &mut |outcome| match outcome {
            Ok(network) => _ = have.insert(network.recipe.hash(), Arc::new(network)),
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

    /// Trains what is missing of `recipes` and holds none of it in memory: a whole thesis' networks over many seeds
    /// would not fit. A network that cannot be trained does not keep the others from it; whoever obtains it later
    /// meets its error.
    pub fn prepare(&self, recipes: &[Recipe]) -> anyhow::Result<()> {
        let mut missing = Vec::new();
        for (_, recipe) in unique(recipes) {
            if self.store.load_sound(recipe)?.is_none() {
                missing.push(recipe);
            }
        }
        train::train_all(self, missing, &mut |outcome| {
            if let Err(error) = outcome {
                tracing::debug!("{error:#}");
            }
        })
    }

    /// Whether a folder of `recipes` is there but damaged; such folders are named and set aside.
    pub fn sets_aside_damage(&self, recipes: &[Recipe]) -> anyhow::Result<bool> {
        let mut is_damaged = false;
        for (hash, recipe) in unique(recipes) {
            is_damaged |= self.store.has(&hash) && self.store.load_sound(recipe)?.is_none();
        }
        Ok(is_damaged)
    }
}

/// What takes each network as it is trained, or why there is none.
type HandOver<'a> = dyn FnMut(anyhow::Result<TrainedNetwork>) + Send + 'a;

/// Each recipe once, in the order of their first occurrence, with its hash.
fn unique(recipes: &[Recipe]) -> Vec<(String, &Recipe)> {
    let mut seen = HashSet::new();
    recipes.iter().map(|r| (r.hash(), r)).filter(|(hash, _)| seen.insert(hash.clone())).collect()
}

/// How many cores a run may use: `--threads`, or all of them.
pub fn n_threads(asked: Option<usize>) -> anyhow::Result<usize> {
    match asked {
        Some(0) => Err(UsageError("--threads 0: at least one thread is needed".into()).into()),
        Some(n) => Ok(n),
        None => Ok(std::thread::available_parallelism().map_or(1, |n| n.get())),
    }
}
