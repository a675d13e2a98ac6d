//! The loop of training for a stack.

use std::cell::OnceCell;
use std::ops::ControlFlow;
use std::time::Instant;

use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::seq::SliceRandom;
use vitrine_data::{Split, Streams};

use super::network::Stack;
use super::replicas::Replica;
use super::sets::StackedSet;
use crate::error::ModelError;
use crate::tensors::PendingSums;
use crate::train::{EpochRecord, LossSums, Rules, TrainSettings};
use crate::trainer::{Trained, Trainer, check_sets};
use crate::weights::Weights;

/// One network of a stack: what it is trained on, the streams of its training, and its initial weights where they are
/// not drawn.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// Its data; all members have sets of the same sizes.
    pub split: &'a Split,
    /// Its streams, as for [`Trainer::fit`].
    pub streams: Streams,
    /// Initial weights; drawn from the stream `weights` where there are none.
    pub start: Option<Weights>,
}

/// Trains the members of a stack together, on any device; the trainer's engine is not asked for, for there is one.
///
/// `on_epoch` sees the number of a member and its latest record; breaking off ends the whole, with `None`. The networks
/// come back in the order of the members.
///
/// # Errors
/// Settings out of range, a graph that is no chain of layers, data or weights that are not the network's, a device that
/// is not there, and a loss or a weight that is no longer a number.
///
/// # Panics
/// If members differ in the sizes of their sets.
pub fn fit_stacked(
    trainer: &Trainer,
    members: &[Member<'_>],
    on_epoch: &mut dyn FnMut(usize, &EpochRecord) -> ControlFlow<()>,
) -> Result<Option<Vec<Trained>>, ModelError> {
    trainer.settings.check()?;
    if members.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let device = trainer.device.open()?;
    let mut run = Run::new(trainer, members, &device)?;
    while !run.replicas.is_empty() {
        let started = Instant::now();
        run.epoch += 1;
        let train = run.train_epoch();
        let validation = run.validation.as_ref().map(|set| run.stack.evaluate(set));
        let seconds = started.elapsed().as_secs_f64() / run.replicas.len() as f64;
        run.record(&train, validation.as_deref(), seconds)?;
        for replica in run.replicas.iter().filter(|replica| !replica.is_done) {
            if let Some(record) = replica.history.last()
                && on_epoch(replica.member, record).is_break()
            {
                return Ok(None);
            }
        }
        run.take_out_finished()?;
    }
    Ok(Some(run.finished.into_iter().map(|trained| trained.expect("every member finishes")).collect()))
}

/// A stack in training.
struct Run<'a> {
    settings: &'a TrainSettings,
    members: &'a [Member<'a>],
    stack: Stack,
    /// One per place of the stack.
    replicas: Vec<Replica>,
    train: StackedSet,
    validation: Option<StackedSet>,
    epoch: usize,
    /// By member.
    finished: Vec<Option<Trained>>,
}

impl<'a> Run<'a> {
    fn new(trainer: &'a Trainer, members: &'a [Member<'a>], device: &Device) -> Result<Run<'a>, ModelError> {
        let (graph, settings) = (&trainer.graph, &trainer.settings);
        let plain = device.clone().inner();
        let start = |m: &Member<'_>| m.start.clone().unwrap_or_else(|| trainer.start(&m.streams).weights);
        let initial: Vec<Weights> = members.iter().map(start).collect();
        initial.iter().try_for_each(|weights| weights.check(graph))?;
        members.iter().try_for_each(|member| check_sets(graph, member.split))?;
        let keeps_initial = settings.checkpoints.contains(&0);
        let replica = |(member, weights): (usize, &Weights)| {
            Replica::new(member, keeps_initial.then(|| (0, weights.clone())))
        };
        let validation: Vec<_> = members.iter().map(|m| &m.split.validation).collect();
        let has_validation = members.iter().any(|m| 0 < m.split.validation.n_samples());
        Ok(Run {
            settings,
            members,
            replicas: initial.iter().enumerate().map(replica).collect(),
            stack: Stack::new(graph, &initial, settings, &plain)?,
            train: StackedSet::new(&members.iter().map(|m| &m.split.train).collect::<Vec<_>>(), &plain),
            validation: has_validation.then(|| StackedSet::new(&validation, &plain)),
            epoch: 0,
            finished: members.iter().map(|_| None).collect(),
        })
    }

    /// A pass over the training sets, each in an order of its own; the sums of every place.
    fn train_epoch(&mut self) -> Vec<LossSums> {
        let (n, k) = (self.train.n_samples, self.replicas.len());
        let mut order: Vec<usize> = Vec::with_capacity(n);
        let mut rows: Vec<i32> = Vec::with_capacity(k * n);
        for (place, replica) in self.replicas.iter().enumerate() {
            order.clear();
            order.extend(0..n);
            order.shuffle(&mut self.members[replica.member].streams.rng(&format!("shuffle/{}", self.epoch)));
            rows.extend(order.iter().map(|&row| (place * n + row) as i32));
        }
        let rows = Tensor::<2, Int>::from_data(TensorData::new(rows, [k, n]), &self.train.device);
        let dropout = format!("dropout/{}", self.epoch);
        let mut rngs: Vec<_> =
            self.replicas.iter().map(|r| self.members[r.member].streams.rng(&dropout)).collect();
        let mut sums = PendingSums::default();
        let rules = Rules::of(self.settings, self.epoch, n);
        for (batch, start) in (0..n).step_by(self.settings.batch_size).enumerate() {
            let size = self.settings.batch_size.min(n - start);
            let (x, y) = self.train.batch(rows.clone().narrow(1, start, size));
            self.stack.rule = rules.of_batch(batch);
            self.stack.step(x, y, &mut rngs, &mut sums);
        }
        sums.read(k)
    }

    /// Writes the epoch down for every place, and keeps what is best so far.
    fn record(
        &mut self,
        train: &[LossSums],
        validation: Option<&[LossSums]>,
        seconds: f64,
    ) -> Result<(), ModelError> {
        let mut improved = Vec::with_capacity(self.replicas.len());
        for (place, replica) in self.replicas.iter_mut().enumerate() {
            let split = self.members[replica.member].split;
            let validation = validation.map(|sums| (sums[place], split.validation.n_samples()));
            let train = (train[place], split.train.n_samples());
            let record = EpochRecord::of(self.epoch, train, validation, seconds);
            if !replica.is_done {
                record.check(self.settings.learning_rate)?;
            }
            improved.push(replica.take_in(record, self.settings));
        }
        self.stack.keep_best(&improved);
        if self.settings.checkpoints.contains(&self.epoch) {
            let weights = self.stack.weights();
            for (replica, weights) in self.replicas.iter_mut().zip(weights) {
                if !replica.is_done {
                    replica.checkpoints.push((self.epoch, weights));
                }
            }
        }
        Ok(())
    }

    /// Reads out the networks whose training ends here, and packs the stack where half its places are done.
    fn take_out_finished(&mut self) -> Result<(), ModelError> {
        let n_samples = self.train.n_samples;
        // Evaluated once, if the end of any network hangs on it.
        let on_whole_set: OnceCell<Vec<LossSums>> = OnceCell::new();
        let ends = |place: usize, replica: &Replica| {
            let error =
                || on_whole_set.get_or_init(|| self.stack.evaluate(&self.train))[place].means(n_samples).1;
            !replica.is_done && replica.verdict(self.settings).is_end(error)
        };
        let places = self.replicas.iter().enumerate();
        let ending: Vec<usize> =
            places.filter(|(place, r)| ends(*place, r)).map(|(place, _)| place).collect();
        if ending.is_empty() {
            return Ok(());
        }
        let (last, best) = (self.stack.weights(), self.stack.best_weights());
        for place in ending {
            let replica = &mut self.replicas[place];
            let weights = if replica.best.is_some() { &best } else { &last };
            let trained = replica.finish(weights[place].clone());
            trained.weights.check_finite(trained.best_epoch)?;
            trained.checkpoints.iter().try_for_each(|(epoch, weights)| weights.check_finite(*epoch))?;
            self.finished[replica.member] = Some(trained);
        }
        let running: Vec<usize> = (0..self.replicas.len()).filter(|&p| !self.replicas[p].is_done).collect();
        if 2 * running.len() <= self.replicas.len() {
            self.pack(&running);
        }
        Ok(())
    }

    /// Keeps these places alone.
    fn pack(&mut self, places: &[usize]) {
        if !places.is_empty() {
            self.stack.select(places);
            self.train.select(places);
            if let Some(validation) = &mut self.validation {
                validation.select(places);
            }
        }
        let mut keep = 0..;
        let kept = |place: usize| places.contains(&place);
        self.replicas.retain(|_| keep.next().is_some_and(kept));
    }
}
