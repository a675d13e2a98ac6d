//! What a section is given to work with: the plan of the run, the zoo, the signals that all detectors share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use vitrine_data::{DataSettings, JumpSignals};
use vitrine_model::{Family, NetworkSpec, TrainSettings};

use crate::findings::Findings;
use crate::preset::Preset;
use crate::recipe::{OutputStart, Recipe, data_streams};
use crate::section::About;
use crate::settings::Settings;
use crate::zoo::{TrainedNetwork, Zoo};

/// Preset, settings and seeds of a run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The preset.
    pub preset: Preset,
    /// Its settings, with the user's changes.
    pub settings: Settings,
    /// The seeds.
    pub seeds: Vec<u64>,
}

impl Plan {
    /// The jump signals that networks are trained on.
    pub fn jump_data(&self) -> DataSettings {
        let s = &self.settings;
        DataSettings::Jump {
            signals: s.signals.clone(),
            n_train: s.n_train,
            n_validation: s.n_validation,
            n_test: s.n_test,
            corruption: Default::default(),
        }
    }

    /// The recipe of a network on the jump signals with the plan's training settings.
    pub fn recipe(&self, network: &NetworkSpec, seed: u64) -> Recipe {
        let training = match network.family() {
            Family::Bottleneck => &self.settings.bottleneck_training,
            Family::Mlp | Family::Cnn => &self.settings.training,
        };
        self.recipe_with(network, seed, training.clone())
    }

    /// The same with other training settings.
    pub fn recipe_with(&self, network: &NetworkSpec, seed: u64, training: TrainSettings) -> Recipe {
        Recipe {
            seed,
            network: network.clone(),
            data: self.jump_data(),
            output_start: OutputStart::default(),
            training,
        }
    }

    /// Recipes of `networks`, one for each seed, networks outermost.
    pub fn recipes(&self, networks: &[NetworkSpec]) -> Vec<Recipe> {
        networks.iter().flat_map(|n| self.seeds.iter().map(|&seed| self.recipe(n, seed))).collect()
    }
}

/// Everything a section reads.
pub struct Context {
    /// The plan of the run.
    pub plan: Plan,
    /// The trained networks.
    pub zoo: Zoo,
    evaluation: Mutex<HashMap<u64, Arc<JumpSignals>>>,
}

impl Context {
    /// A context for `plan`.
    pub fn new(plan: Plan, zoo: Zoo) -> Context {
        Context { plan, zoo, evaluation: Mutex::default() }
    }

    /// The signals that all detectors of a seed are compared on, apart from those they were trained on.
    pub fn evaluation(&self, seed: u64) -> Arc<JumpSignals> {
        let mut sets = self.evaluation.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let draw = || {
            let s = &self.plan.settings;
            Arc::new(s.signals.draw(s.n_evaluation, &data_streams(seed).child("evaluation")))
        };
        sets.entry(seed).or_insert_with(draw).clone()
    }

    /// The network of `spec` for each seed.
    pub fn networks(&self, spec: &NetworkSpec) -> anyhow::Result<Vec<Arc<TrainedNetwork>>> {
        self.zoo.obtain(&self.plan.recipes(std::slice::from_ref(spec)))
    }

    /// Empty findings of a section at this plan.
    pub fn findings(&self, about: &About) -> Findings {
        Findings::new(about.id, self.plan.preset, &self.plan.seeds)
    }
}
