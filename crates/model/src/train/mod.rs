//! Training: one loop for every engine, with early stopping, checkpoints, and resuming to the same bits.

mod settings;
mod state;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::ControlFlow;
use std::str::FromStr;
use std::time::Instant;

use burn::tensor::Device;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use vitrine_data::{Split, Streams};

use crate::autodiff::AutodiffEngine;
use crate::device::is_cpu;
use crate::fused::{FusedEngine, LossSums};
use crate::{ModelError, NetworkSpec, Weights};
pub use settings::{Stop, TrainSettings};
pub use state::{Best, EpochRecord, TrainState};

/// What does the arithmetic of training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// `fused` on the CPU, `autodiff` elsewhere.
    #[default]
    Auto,
    /// Hand-written backpropagation on the CPU.
    Fused,
    /// burn's automatic differentiation, on any device.
    Autodiff,
}

impl FromStr for EngineChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<EngineChoice, String> {
        match text {
            "auto" => Ok(EngineChoice::Auto),
            "fused" => Ok(EngineChoice::Fused),
            "autodiff" => Ok(EngineChoice::Autodiff),
            _ => Err(format!("no engine `{text}`; there are auto, fused, autodiff")),
        }
    }
}

impl fmt::Display for EngineChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EngineChoice::Auto => "auto",
            EngineChoice::Fused => "fused",
            EngineChoice::Autodiff => "autodiff",
        })
    }
}

/// A set that an engine evaluates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Train,
    Validation,
}

/// The arithmetic of training, on weights of its own.
pub(crate) trait Engine {
    /// Steps through the samples in `order`, batch by batch; `rng` is for dropout.
    fn train_epoch(&mut self, order: &[usize], rng: &mut ChaCha8Rng) -> LossSums;
    /// Loss and right answers of a whole set, without dropout.
    fn evaluate(&mut self, which: Which) -> LossSums;
    /// The weights.
    fn weights(&self) -> Weights;
    /// Running means of the gradients; with momentum only.
    fn velocity(&self) -> Option<Weights>;
    /// Takes up running means of the gradients.
    fn set_velocity(&mut self, velocity: &Weights);
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

/// How a call of [`fit`] ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Training came to its end.
    Finished(Trained),
    /// `on_epoch` broke off; the state resumes.
    Stopped(TrainState),
}

/// Trains a network of `spec` on `split`, from its initial weights or from where `resume` stopped.
///
/// Initial weights come from the stream `weights`, the order of the samples of epoch e from `shuffle/e`, dropout
/// from `dropout/e`: stopped and resumed training gives the same bits as undisturbed training. `on_epoch` sees
/// the state after every epoch.
///
/// # Errors
/// Settings out of range, an engine that cannot run on `device`, and a loss that is no longer a number.
#[expect(clippy::too_many_arguments, reason = "each is one thing that decides the outcome")]
pub fn fit(
    spec: &NetworkSpec,
    settings: &TrainSettings,
    split: &Split,
    streams: &Streams,
    engine: EngineChoice,
    device: &Device,
    resume: Option<TrainState>,
    on_epoch: &mut dyn FnMut(&TrainState) -> ControlFlow<()>,
) -> Result<Outcome, ModelError> {
    settings.check()?;
    let initial = || TrainState::new(Weights::init(spec, settings.init, &mut streams.rng("weights")));
    let mut state = resume.unwrap_or_else(initial);
    let mut engine = open_engine(engine, spec, &state, settings, split, device)?;
    if state.epoch == 0 && settings.checkpoints.contains(&0) && state.checkpoints.is_empty() {
        state.checkpoints.push((0, state.weights.clone()));
    }
    let mut order: Vec<usize> = Vec::with_capacity(split.train.n_samples());
    while !is_finished(&state, settings, &mut *engine, split) {
        let started = Instant::now();
        let epoch = state.epoch + 1;
        order.clear();
        order.extend(0..split.train.n_samples());
        order.shuffle(&mut streams.rng(&format!("shuffle/{epoch}")));
        let train = engine.train_epoch(&order, &mut streams.rng(&format!("dropout/{epoch}")));
        let (train_loss, train_error) = means(train, split.train.n_samples());
        let n_validation = split.validation.n_samples();
        let validation = (0 < n_validation).then(|| means(engine.evaluate(Which::Validation), n_validation));
        let losses = [Some(train_loss), validation.map(|(loss, _)| loss)];
        if let Some(loss) = losses.into_iter().flatten().find(|loss| !loss.is_finite()) {
            return Err(ModelError::Diverged { epoch, loss, learning_rate: settings.learning_rate });
        }
        state.epoch = epoch;
        state.history.push(EpochRecord {
            epoch,
            train_loss,
            train_error,
            validation_loss: validation.map(|(loss, _)| loss),
            validation_error: validation.map(|(_, error)| error),
            seconds: started.elapsed().as_secs_f64(),
        });
        keep_best(&mut state, settings, &*engine);
        if settings.checkpoints.contains(&epoch) {
            state.checkpoints.push((epoch, engine.weights()));
        }
        state.weights = engine.weights();
        state.velocity = engine.velocity();
        if on_epoch(&state).is_break() {
            return Ok(Outcome::Stopped(state));
        }
    }
    let (best_epoch, weights) = match state.best {
        Some(best) => (best.epoch, best.weights),
        None => (state.epoch, state.weights),
    };
    Ok(Outcome::Finished(Trained {
        weights,
        best_epoch,
        history: state.history,
        checkpoints: state.checkpoints,
    }))
}

fn open_engine<'a>(
    choice: EngineChoice,
    spec: &NetworkSpec,
    state: &TrainState,
    settings: &TrainSettings,
    split: &'a Split,
    device: &Device,
) -> Result<Box<dyn Engine + 'a>, ModelError> {
    let mut engine: Box<dyn Engine + 'a> = match choice {
        EngineChoice::Auto if is_cpu(device) => {
            Box::new(FusedEngine::new(spec, &state.weights, settings, split))
        }
        EngineChoice::Fused if is_cpu(device) => {
            Box::new(FusedEngine::new(spec, &state.weights, settings, split))
        }
        EngineChoice::Fused => {
            let reason = "runs on the CPU alone; take --engine autodiff on other devices".into();
            return Err(ModelError::Engine { engine: "fused", reason });
        }
        EngineChoice::Auto | EngineChoice::Autodiff => {
            Box::new(AutodiffEngine::new(spec, &state.weights, settings, split, device))
        }
    };
    if let Some(velocity) = &state.velocity {
        engine.set_velocity(velocity);
    }
    Ok(engine)
}

/// Whether training is at its end. A target accuracy that the running mean reaches is confirmed on the whole set.
fn is_finished(state: &TrainState, settings: &TrainSettings, engine: &mut dyn Engine, split: &Split) -> bool {
    if settings.max_epochs <= state.epoch {
        return true;
    }
    match (settings.stop, state.history.last()) {
        (_, None) | (Stop::MaxEpochs, _) => false,
        (Stop::ValidationLoss { patience }, _) => {
            state.best.as_ref().is_some_and(|best| best.epoch + patience <= state.epoch)
        }
        (Stop::TrainAccuracy { target }, Some(last)) => {
            let reached = |error: f64| error <= 1.0 - target;
            let on_the_whole_set =
                |engine: &mut dyn Engine| means(engine.evaluate(Which::Train), split.train.n_samples()).1;
            reached(last.train_error) && reached(on_the_whole_set(engine))
        }
    }
}

fn keep_best(state: &mut TrainState, settings: &TrainSettings, engine: &dyn Engine) {
    let (Stop::ValidationLoss { .. }, Some(EpochRecord { epoch, validation_loss: Some(loss), .. })) =
        (settings.stop, state.history.last())
    else {
        return;
    };
    if state.best.as_ref().is_none_or(|best| *loss < best.loss) {
        state.best = Some(Best { epoch: *epoch, loss: *loss, weights: engine.weights() });
    }
}

/// Mean loss and share of wrong answers.
pub(crate) fn means(sums: LossSums, n_samples: usize) -> (f64, f64) {
    let n = n_samples as f64;
    (sums.loss / n, 1.0 - sums.n_correct as f64 / n)
}
