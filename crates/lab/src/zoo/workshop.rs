//! Where and how networks are trained: what the trainers share.

use std::path::Path;
use std::sync::Arc;

use vitrine_data::{Folders, Tree};
use vitrine_model::{DeviceChoice, EngineChoice, Trainer};

use super::store::Store;
use super::trained::TrainedNetwork;
use crate::origin::Origin;
use crate::recipe::Recipe;
use crate::stop::StopFlag;
use crate::watch::{Unwatched, Watch};

/// Where and how networks are trained and kept.
pub struct Workshop {
    pub(super) store: Store,
    /// Device of the training.
    pub device: DeviceChoice,
    /// Engine of the training.
    pub engine: EngineChoice,
    /// Cores that training may use.
    pub n_threads: usize,
    /// Folders of the sources that are read from files.
    pub folders: Folders,
    /// Who is told how it goes.
    pub watch: Arc<dyn Watch>,
    /// Who may ask for a stop.
    pub stop: StopFlag,
    /// What is written down as having made the networks.
    pub origin: Origin,
}

impl Workshop {
    /// Networks in `runs`/networks, trained on the processor with all its cores, unwatched.
    pub fn new(runs: &Path) -> Workshop {
        Workshop {
            store: Store::new(Tree::at(runs).folder("networks")),
            device: DeviceChoice::default(),
            engine: EngineChoice::default(),
            n_threads: std::thread::available_parallelism().map_or(1, |n| n.get()),
            folders: Folders::default(),
            watch: Arc::new(Unwatched),
            stop: StopFlag::default(),
            origin: Origin::default(),
        }
    }

    /// What makes a network of `engine` here.
    pub(super) fn made_by(&self, engine: &str) -> Origin {
        Origin { device: self.device.to_string(), engine: engine.into(), ..self.origin.clone() }
    }

    /// The network of `recipe`, where there is a sound one of the engine that is asked for.
    ///
    /// # Errors
    /// As of [`Store::load_sound`].
    pub(super) fn at_hand(&self, recipe: &Recipe) -> anyhow::Result<Option<TrainedNetwork>> {
        self.store.load_sound(recipe, self.engine, &*self.watch)
    }

    /// The training of a recipe here.
    pub(super) fn trainer(&self, recipe: &Recipe) -> Trainer {
        Trainer {
            graph: recipe.network.graph().clone(),
            settings: recipe.training.clone(),
            engine: self.engine,
            device: self.device,
        }
    }
}
