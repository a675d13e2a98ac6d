//! The one loop of training, for every engine: early stopping, checkpoints, and resuming to the same bits.

use std::ops::ControlFlow;
use std::time::Instant;

use rand::seq::SliceRandom;
use vitrine_data::{Split, Streams};

use crate::chain::Chain;
use crate::device::DeviceChoice;
use crate::error::ModelError;
use crate::fused::FusedEngine;
use crate::general::GeneralEngine;
use crate::graph::Graph;
use crate::train::{Best, Engine, EngineChoice, EpochRecord, Rule, Rules, TrainSettings, TrainState, Which};
use crate::weights::Weights;

#[cfg(test)]
mod tests;

/// Trains a network: what, how, and on what.
///
/// ```
/// use ndarray::Array2;
/// use rand::RngExt;
/// use vitrine_data::{Dataset, Split, Streams};
/// use vitrine_model::{MlpConfig, TrainSettings, Trainer};
/// let streams = Streams::new(0);
/// // Three classes, told apart by which of their values is raised.
/// let draw = |n: usize, name: &str| {
///     let mut rng = streams.rng(name);
///     let value = |(i, j): (usize, usize)| rng.random_range(-1.0..1.0) + if i % 3 == j { 2.0 } else { 0.0 };
///     Dataset::numbered(Array2::from_shape_fn((n, 10), value), (0..n).map(|i| i % 3).collect(), 3)
/// };
/// let split = Split { train: draw(500, "train"), validation: draw(100, "validation"), test: draw(0, "test") };
///
/// let graph = MlpConfig::new(10, 3).with_hidden([8]).graph()?;
/// let settings = TrainSettings { learning_rate: 0.05, max_epochs: 3, ..TrainSettings::default() };
/// let trained = Trainer { settings, ..Trainer::new(&graph) }.fit(&split, &streams)?;
/// assert!(trained.history[2].train_loss < trained.history[0].train_loss);
/// # Ok::<(), vitrine_model::ModelError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trainer {
    /// The network.
    pub graph: Graph,
    /// How it is trained; the thesis' settings where nothing is said.
    pub settings: TrainSettings,
    /// What does the arithmetic; the fastest that there is where nothing is said.
    pub engine: EngineChoice,
    /// Where; the processor where nothing is said.
    pub device: DeviceChoice,
}

/// A network after training.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// The weights kept.
    pub weights: Weights,
    /// The epoch they are of, counted from 1.
    pub best_epoch: usize,
    /// A record per epoch.
    pub history: Vec<EpochRecord>,
    /// Weights kept on the way, with their epochs.
    pub checkpoints: Vec<(usize, Weights)>,
}

/// How training ended that may be broken off.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainEnd {
    /// It came to its end.
    Finished(Trained),
    /// `on_epoch` broke off; the state resumes.
    Stopped(TrainState),
}

impl Trainer {
    /// The usual way to train a network.
    pub fn new(graph: &Graph) -> Trainer {
        Trainer {
            graph: graph.clone(),
            settings: TrainSettings::default(),
            engine: EngineChoice::default(),
            device: DeviceChoice::default(),
        }
    }

    /// The engine that is taken where none is asked for; else the one that is.
    pub fn taken_engine(&self) -> EngineChoice {
        let is_fused = || self.device == DeviceChoice::Cpu && Chain::of(&self.graph, "fused").is_ok();
        match self.engine {
            EngineChoice::Auto if is_fused() => EngineChoice::Fused,
            EngineChoice::Auto => EngineChoice::General,
            asked => asked,
        }
    }

    /// The state before the first epoch; initial weights come from the stream `weights`.
    pub fn start(&self, streams: &Streams) -> TrainState {
        TrainState::new(Weights::init(&self.graph, self.settings.init, &mut streams.rng("weights")))
    }

    /// Trains from drawn weights to the end.
    ///
    /// # Errors
    /// As [`Trainer::resume`].
    pub fn fit(&self, split: &Split, streams: &Streams) -> Result<Trained, ModelError> {
        let mut go_on = |_: &TrainState| ControlFlow::Continue(());
        match self.resume(self.start(streams), split, streams, &mut go_on)? {
            TrainEnd::Finished(trained) => Ok(trained),
            TrainEnd::Stopped(_) => unreachable!("nothing breaks off"),
        }
    }

    /// Trains on from a state: a new one of [`Trainer::start`], one with weights of one's own, or a stopped one.
    ///
    /// The order of the samples of epoch e comes from the stream `shuffle/e`, dropout from `dropout/e`: stopped and
    /// resumed training gives the same bits as undisturbed training. `on_epoch` sees the state after every epoch, and
    /// may break off.
    ///
    /// # Errors
    /// Settings out of range, no training samples, samples of another width than the network's or of more classes, weights
    /// of another network, an engine that cannot run on the device, a device that is not there, and a loss or a weight that
    /// is no longer a number.
    pub fn resume(
        &self,
        mut state: TrainState,
        split: &Split,
        streams: &Streams,
        on_epoch: &mut dyn FnMut(&TrainState) -> ControlFlow<()>,
    ) -> Result<TrainEnd, ModelError> {
        let settings = &self.settings;
        settings.check()?;
        let (n_train, n_validation) = (split.train.n_samples(), split.validation.n_samples());
        let mut engine = self.open_engine(&state, split)?;
        if state.epoch == 0 && settings.checkpoints.contains(&0) && state.checkpoints.is_empty() {
            state.checkpoints.push((0, state.weights.clone()));
        }
        let mut order: Vec<usize> = Vec::with_capacity(n_train);
        while !is_finished(&state, settings, &mut *engine, n_train) {
            let started = Instant::now();
            let epoch = state.epoch + 1;
            order.clear();
            order.extend(0..n_train);
            order.shuffle(&mut streams.rng(&format!("shuffle/{epoch}")));
            let rules = Rules::of(settings, epoch, n_train);
            let train = engine.train_epoch(&order, rules, &mut streams.rng(&format!("dropout/{epoch}")));
            let validation = (0 < n_validation).then(|| (engine.evaluate(Which::Validation), n_validation));
            let seconds = started.elapsed().as_secs_f64();
            let record = EpochRecord::of(epoch, (train, n_train), validation, seconds);
            record.check(settings.learning_rate)?;
            let weights = engine.weights();
            weights.check_finite(epoch)?;
            if let Some(loss) = settings.improvement(&record, state.best.as_ref().map(|best| best.loss)) {
                state.best = Some(Best { epoch, loss, weights: weights.clone() });
            }
            state.epoch = epoch;
            state.history.push(record);
            if settings.checkpoints.contains(&epoch) {
                state.checkpoints.push((epoch, weights.clone()));
            }
            state.weights = weights;
            state.moments = engine.moments();
            if on_epoch(&state).is_break() {
                return Ok(TrainEnd::Stopped(state));
            }
        }
        let (best_epoch, weights) = match state.best {
            Some(best) => (best.epoch, best.weights),
            None => (state.epoch, state.weights),
        };
        let TrainState { history, checkpoints, .. } = state;
        Ok(TrainEnd::Finished(Trained { weights, best_epoch, history, checkpoints }))
    }

    fn open_engine<'a>(
        &self,
        state: &TrainState,
        split: &'a Split,
    ) -> Result<Box<dyn Engine + 'a>, ModelError> {
        state.weights.check(&self.graph)?;
        check_sets(&self.graph, split)?;
        let is_fused = self.taken_engine() == EngineChoice::Fused;
        if is_fused && self.device != DeviceChoice::Cpu {
            let reason = "runs on the processor alone; general runs on other devices".into();
            return Err(ModelError::Engine { engine: "fused", reason });
        }
        let (graph, settings) = (&self.graph, &self.settings);
        let mut engine: Box<dyn Engine + 'a> = if is_fused {
            Box::new(FusedEngine::new(graph, &state.weights, settings, split)?)
        } else {
            let device = self.device.open()?;
            Box::new(GeneralEngine::new(graph, &state.weights, settings, split, &device)?)
        };
        if 0 < state.epoch || !state.moments.is_empty() {
            let (found, expected) = (state.moments.len(), Rule::first(settings).n_moments());
            if found != expected {
                let reason =
                    format!("{found} running means of gradients, and the optimiser keeps {expected}");
                return Err(ModelError::State(reason));
            }
            state.moments.iter().try_for_each(|moments| moments.check(&self.graph))?;
            if 0 < expected {
                engine.set_moments(&state.moments);
            }
        }
        Ok(engine)
    }
}

/// Refuses data that a network cannot be trained on.
pub(crate) fn check_sets(graph: &Graph, split: &Split) -> Result<(), ModelError> {
    let width: usize = graph.input_shape().iter().product();
    let n_outputs = graph[graph.output()].n_units();
    if split.train.n_samples() == 0 {
        return Err(ModelError::Set { set: "training", reason: "at least one sample is needed".into() });
    }
    for (name, set) in [("training", &split.train), ("validation", &split.validation)] {
        if set.n_samples() == 0 {
            continue;
        }
        if set.n_features() != width {
            let (found, expected) = (set.rows().shape().to_vec(), graph.input_shape().to_vec());
            return Err(ModelError::Inputs { found, expected });
        }
        if !set.is_labelled() {
            return Err(ModelError::Set { set: name, reason: "has no labels to learn".into() });
        }
        if n_outputs < set.n_classes() {
            let reason = format!("has {} classes, and the network {n_outputs} outputs", set.n_classes());
            return Err(ModelError::Set { set: name, reason });
        }
    }
    Ok(())
}

fn is_finished(
    state: &TrainState,
    settings: &TrainSettings,
    engine: &mut dyn Engine,
    n_train: usize,
) -> bool {
    let best_epoch = state.best.as_ref().map(|best| best.epoch);
    let verdict = settings.verdict(state.history.last(), best_epoch);
    verdict.is_end(|| engine.evaluate(Which::Train).means(n_train).1)
}
