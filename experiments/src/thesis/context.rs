//! What a section of the thesis is given to work with: the plan of the run, the zoo, the signals that all detectors share.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use vitrine_data::{Dataset, JumpSignals};
use vitrine_lab::{Given, Listed, Seeds, TrainedNetwork, Zoo, data_streams};
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
    pub zoo: Arc<Zoo>,
    evaluation: Arc<Mutex<Evaluation>>,
    floor: Arc<Mutex<Option<Floor>>>,
}

/// Sets that detectors are compared on, by seed, those drawn last at the end.
type Evaluation = VecDeque<(u64, Arc<JumpSignals>)>;

/// Sets kept at most: those of `full`. Over more seeds they are drawn again rather than all held.
const MAX_SETS: usize = 20;

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
        Context { plan, zoo: Arc::new(zoo), evaluation: Arc::default(), floor: Arc::default() }
    }

    /// The context of another section of the same run, over other seeds: it shares zoo, signals and floor.
    pub fn with_seeds(&self, seeds: Seeds) -> Context {
        let Context { plan, zoo, evaluation, floor } = self;
        let plan = Plan { seeds, ..plan.clone() };
        Context { plan, zoo: zoo.clone(), evaluation: evaluation.clone(), floor: floor.clone() }
    }

    /// The signals that all detectors of a seed are compared on, apart from those they were trained on.
    pub fn evaluation(&self, seed: u64) -> Arc<JumpSignals> {
        let mut sets = self.evaluation.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, set)) = sets.iter().find(|(known, _)| *known == seed) {
            return set.clone();
        }
        let s = &self.plan.settings;
        let set = Arc::new(s.signals.draw(s.n_evaluation, &data_streams(seed).child("evaluation")));
        if sets.len() == MAX_SETS {
            sets.pop_front();
        }
        sets.push_back((seed, set.clone()));
        set
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
