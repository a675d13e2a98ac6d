//! Gradient ascent on the input: what makes a unit of a trained network respond (thesis ch. 5).
//!
//! Many rows climb at once, each with an objective of its own. They are computed in chunks that fit the cache, on all
//! cores; what has ended leaves the chunks. A row's sums do not depend on its neighbours, so that it ends in the same
//! bits alone, in a batch, and on any number of threads.

mod fooling;
mod objective;
mod regulariser;
mod settings;
mod start;
#[cfg(test)]
mod tests;
mod total_variation;

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::fused::{FusedNetwork, ROWS, Slopes, UnitShare};
use crate::{ModelError, Network};
pub use fooling::{Fooled, Fooling, Norm};
pub use objective::{Objective, Stage, Term};
pub use regulariser::Regulariser;
pub use settings::{Ascent, Normalise};
pub use start::Start;

/// How a row ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Its objective is above the target.
    Converged {
        /// Steps it took.
        steps: usize,
    },
    /// The steps are used up.
    NotConverged {
        /// Steps it took.
        steps: usize,
    },
    /// Its objective no longer gains; at step 0 the gradient is zero, as that of a unit which is never active.
    Stalled {
        /// Steps it took.
        steps: usize,
    },
    /// Its objective or its input is no longer a finite number.
    Diverged {
        /// Steps it took.
        steps: usize,
    },
}

impl Outcome {
    /// Steps to the target; `None` where it was not reached.
    pub fn steps_to_target(self) -> Option<usize> {
        if let Outcome::Converged { steps } = self { Some(steps) } else { None }
    }
}

/// Where an ascent led, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Ascended {
    /// The inputs at the end, `[n_rows, n_inputs]`; of a row that diverged the last finite ones.
    pub inputs: Array2<f32>,
    /// The objectives there.
    pub values: Vec<f32>,
    /// How each row ended.
    pub outcomes: Vec<Outcome>,
}

/// Steps between two times at which rows that have ended are taken out.
const ROUND: usize = 16;

impl Ascent {
    /// Climbs from every row of `starts [n_rows, n_inputs]` towards its own objective.
    ///
    /// # Errors
    /// When a setting is out of range, or an objective names a layer or unit that the network does not have.
    ///
    /// # Panics
    /// If there is not one objective per start, or the starts have another width than the network.
    pub fn climb(
        &self,
        network: &Network,
        objectives: &[Objective],
        starts: ArrayView2<f32>,
    ) -> Result<Ascended, ModelError> {
        self.check()?;
        let shares = resolve(network, objectives, starts)?;
        let fused = FusedNetwork::new(&network.spec, &network.weights, false);
        let pairs = starts.rows().into_iter().zip(&shares).enumerate();
        let mut climbing: Vec<Climber> =
            pairs.map(|(row, (start, shares))| Climber::new(row, start.to_vec(), shares)).collect();
        let mut ended: Vec<Climber> = Vec::with_capacity(climbing.len());
        while !climbing.is_empty() {
            climbing.par_chunks_mut(ROWS).for_each_init(
                || Party::new(self, &fused, &shares),
                |party, climbers| (0..ROUND).for_each(|_| party.step(climbers)),
            );
            let (over, rest): (Vec<_>, Vec<_>) = climbing.into_iter().partition(|c| c.outcome.is_some());
            ended.extend(over);
            climbing = rest;
        }
        ended.sort_unstable_by_key(|climber| climber.row);
        let inputs: Vec<f32> = ended.iter().flat_map(|climber| &climber.x).copied().collect();
        Ok(Ascended {
            inputs: Array2::from_shape_vec(starts.dim(), inputs).expect("a row per climber"),
            values: ended.iter().map(|climber| climber.value).collect(),
            outcomes: ended.iter().filter_map(|climber| climber.outcome).collect(),
        })
    }
}

/// Objectives of `inputs [n_rows, n_inputs]`, one per row, and their gradients `[n_rows, n_inputs]`.
///
/// # Errors
/// When an objective names a layer or unit that the network does not have.
///
/// # Panics
/// If there is not one objective per row, or the inputs have another width than the network.
pub fn objective_gradients(
    network: &Network,
    objectives: &[Objective],
    inputs: ArrayView2<f32>,
) -> Result<(Vec<f32>, Array2<f32>), ModelError> {
    let shares = resolve(network, objectives, inputs)?;
    let fused = FusedNetwork::new(&network.spec, &network.weights, false);
    let width = inputs.ncols();
    let x: Vec<f32> = inputs.iter().copied().collect();
    let (mut values, mut gradients) = (vec![0.0; inputs.nrows()], vec![0.0; x.len()]);
    let chunks = x.par_chunks(ROWS * width).zip(shares.par_chunks(ROWS));
    chunks.zip(values.par_chunks_mut(ROWS).zip(gradients.par_chunks_mut(ROWS * width))).for_each_init(
        || Slopes::new(&fused, shares.iter().flatten()),
        |slopes, ((x, shares), (values, gradients))| {
            slopes.forward(x, shares.len());
            let of_row = |(row, shares): (usize, &Vec<UnitShare>)| slopes.value(row, shares);
            let all: Vec<f32> = shares.iter().enumerate().map(of_row).collect();
            values.copy_from_slice(&all);
            let shares: Vec<&[UnitShare]> = shares.iter().map(Vec::as_slice).collect();
            gradients.copy_from_slice(slopes.backward(&shares));
        },
    );
    Ok((values, Array2::from_shape_vec(inputs.dim(), gradients).expect("a gradient per row")))
}

fn resolve(
    network: &Network,
    objectives: &[Objective],
    inputs: ArrayView2<f32>,
) -> Result<Vec<Vec<UnitShare>>, ModelError> {
    assert_eq!(objectives.len(), inputs.nrows(), "one objective per row");
    assert_eq!(inputs.ncols(), network.spec.n_inputs(), "inputs of {} have its width", network.spec);
    objectives.iter().map(|objective| objective.resolve(&network.spec)).collect()
}

/// A row on its way.
struct Climber<'a> {
    row: usize,
    shares: &'a [UnitShare],
    x: Vec<f32>,
    velocity: Vec<f32>,
    value: f32,
    steps: usize,
    best: Option<f32>,
    /// The step at which the best value last gained.
    best_step: usize,
    outcome: Option<Outcome>,
}

impl<'a> Climber<'a> {
    fn new(row: usize, x: Vec<f32>, shares: &'a [UnitShare]) -> Climber<'a> {
        let (velocity, outcome) = (vec![0.0; x.len()], None);
        Climber { row, shares, x, velocity, value: f32::NAN, steps: 0, best: None, best_step: 0, outcome }
    }

    /// Takes the objective's value at the current input, and decides whether the way ends here.
    fn judge(&mut self, value: f32, ascent: &Ascent) {
        let steps = self.steps;
        self.value = value;
        let gained = self.best.is_none_or(|best| best + ascent.min_gain as f32 * best.abs() < value);
        if gained {
            (self.best, self.best_step) = (Some(value), steps);
        }
        self.outcome = if !value.is_finite() {
            Some(Outcome::Diverged { steps })
        } else if ascent.target.is_some_and(|target| target < f64::from(value)) {
            Some(Outcome::Converged { steps })
        } else if ascent.max_steps <= steps {
            Some(Outcome::NotConverged { steps })
        } else if ascent.patience <= steps - self.best_step {
            Some(Outcome::Stalled { steps })
        } else {
            None
        };
    }

    /// `v ← μ v + ∂a/∂x`, `x ← r(x + α v)`.
    fn advance(&mut self, gradient: &[f32], ascent: &Ascent, room: &mut Room) {
        let steps = self.steps;
        let still = |values: &[f32]| values.iter().all(|&v| v == 0.0);
        if still(gradient) && still(&self.velocity) && ascent.regularisers.is_empty() {
            self.outcome = Some(Outcome::Stalled { steps });
            return;
        }
        let scale = if ascent.normalise == Normalise::Length { 1.0 / length(gradient) } else { 1.0 };
        let (rate, momentum) = (ascent.rate as f32, ascent.momentum as f32);
        room.next.clear();
        for ((&x, v), &g) in self.x.iter().zip(&mut self.velocity).zip(gradient) {
            let direction = match ascent.normalise {
                Normalise::Sign | Normalise::Length if g == 0.0 => 0.0,
                Normalise::Sign => g.signum(),
                Normalise::None | Normalise::Length => (scale * f64::from(g)) as f32,
            };
            *v = momentum * *v + direction;
            room.next.push(x + rate * *v);
        }
        self.steps += 1;
        let is_finite = |x: &[f32]| x.iter().all(|x| x.is_finite());
        if is_finite(&room.next) {
            for regulariser in &ascent.regularisers {
                regulariser.apply(&mut room.next, gradient, self.steps, &mut room.scratch);
            }
            self.x.copy_from_slice(&room.next);
        } else {
            self.outcome = Some(Outcome::Diverged { steps: self.steps });
        }
    }
}

/// The Euclidean length, in f64: the squares of a flat softmax' gradients are too small for f32.
fn length(gradient: &[f32]) -> f64 {
    gradient.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>().sqrt()
}

/// Buffers for the next input of a row.
#[derive(Default)]
struct Room {
    next: Vec<f32>,
    scratch: Vec<f32>,
}

/// What a chunk of climbers shares.
struct Party<'a> {
    ascent: &'a Ascent,
    slopes: Slopes<'a>,
    x: Vec<f32>,
    room: Room,
}

impl<'a> Party<'a> {
    fn new(ascent: &'a Ascent, network: &'a FusedNetwork, shares: &[Vec<UnitShare>]) -> Party<'a> {
        let slopes = Slopes::new(network, shares.iter().flatten());
        Party { ascent, slopes, x: Vec::new(), room: Room::default() }
    }

    /// One step of every climber that is still on its way.
    fn step(&mut self, climbers: &mut [Climber]) {
        let mut climbing: Vec<&mut Climber> = climbers.iter_mut().filter(|c| c.outcome.is_none()).collect();
        if climbing.is_empty() {
            return;
        }
        self.x.clear();
        climbing.iter().for_each(|climber| self.x.extend_from_slice(&climber.x));
        self.slopes.forward(&self.x, climbing.len());
        for (row, climber) in climbing.iter_mut().enumerate() {
            climber.judge(self.slopes.value(row, climber.shares), self.ascent);
        }
        let shares: Vec<&[UnitShare]> = climbing.iter().map(|climber| climber.shares).collect();
        let gradients = self.slopes.backward(&shares);
        let width = gradients.len() / shares.len();
        for (climber, gradient) in climbing.into_iter().zip(gradients.chunks_exact(width)) {
            if climber.outcome.is_none() {
                climber.advance(gradient, self.ascent, &mut self.room);
            }
        }
    }
}
