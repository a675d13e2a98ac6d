//! What a section of the thesis is given to work with: the plan of the run, the zoo, the signals that all detectors share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use vitrine_data::{Dataset, JumpSignals};
use vitrine_lab::{Given, Listed, TrainedNetwork, Zoo, data_streams};
use vitrine_model::{Network, NetworkSpec};

use super::detector::estimates;
use super::floor::Floor;
use super::plan::Plan;

/// A section of the thesis.
pub type Section = Listed<Context>;

/// Everything a section reads.
pub struct Context {
    /// The plan of the run.
    pub plan: Plan,
    /// The trained networks.
    pub zoo: Zoo,
    evaluation: Mutex<HashMap<u64, Arc<JumpSignals>>>,
    floor: Mutex<Option<Floor>>,
}

impl Given for Context {
    fn plan(&self) -> vitrine_lab::Plan {
        self.plan.as_run()
    }

    fn zoo(&self) -> &Zoo {
        &self.zoo
    }
}

impl Context {
    /// A context for `plan`.
    pub fn new(plan: Plan, zoo: Zoo) -> Context {
        Context { plan, zoo, evaluation: Mutex::default(), floor: Mutex::default() }
    }

    /// The signals that all detectors of a seed are compared on, apart from those they were trained on.
    pub fn evaluation(&self, seed: u64) -> Arc<JumpSignals> {
        let mut sets = self.evaluation.lock().unwrap_or_else(PoisonError::into_inner);
        let draw = || {
            let s = &self.plan.settings;
            Arc::new(s.signals.draw(s.n_evaluation, &data_streams(seed).child("evaluation")))
        };
        sets.entry(seed).or_insert_with(draw).clone()
    }

    /// The signals that networks of a seed were trained on, with their jumps.
    pub fn training(&self, seed: u64) -> JumpSignals {
        let s = &self.plan.settings;
        s.signals.draw(s.n_train, &data_streams(seed).child("train"))
    }

    /// The smallest L1 error possible on the plan's signals, estimated once.
    ///
    /// # Errors
    /// When the user stops it.
    pub fn floor(&self) -> anyhow::Result<Floor> {
        let mut floor = self.floor.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(floor) = *floor {
            return Ok(floor);
        }
        let found = Floor::at(&self.plan.settings.signals, self.plan.preset, self.zoo.stop())?;
        Ok(*floor.insert(found))
    }

    /// The network of `spec` for each seed.
    ///
    /// # Errors
    /// When it cannot be trained or read.
    pub fn networks(&self, spec: &NetworkSpec) -> anyhow::Result<Vec<Arc<TrainedNetwork>>> {
        self.zoo.obtain(&self.plan.recipes(std::slice::from_ref(spec)))
    }

    /// The network of `spec` for one seed.
    ///
    /// # Errors
    /// When it cannot be trained or read.
    pub fn network(&self, spec: &NetworkSpec, seed: u64) -> anyhow::Result<Arc<TrainedNetwork>> {
        self.zoo.obtain_one(&self.plan.recipe(spec, seed))
    }

    /// The jump positions, counted from 1, that a network names for the signals of a set.
    pub fn estimates(&self, network: &Network, set: &Dataset) -> Vec<usize> {
        estimates(network, set.rows(), &self.plan.settings.signals)
    }
}
