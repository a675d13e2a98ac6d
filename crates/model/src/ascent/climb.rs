//! The climb of many rows.

use ndarray::{Array2, ArrayView1, ArrayView2};
use rayon::prelude::*;

use super::aim::{Aim, objective};
use super::ending::Ending;
use super::settings::{Ascent, Normalise};
use crate::error::ModelError;
use crate::graph::NodeId;
use crate::model::{Gradients, Model, Objective};

/// Rows that are asked about in one call.
const PARTY: usize = 120;

/// Where an ascent led, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Ascended {
    /// The inputs at the end, `[n_rows, n_inputs]`; of a row that diverged the last finite ones.
    pub inputs: Array2<f32>,
    /// The objectives there.
    pub values: Vec<f32>,
    /// How each row ended.
    pub outcomes: Vec<Ending>,
}

/// Steps between two times at which rows that have ended are taken out.
const ROUND: usize = 16;

impl Ascent {
    /// Climbs from every row of `starts [n_rows, n_inputs]` towards its own objective.
    ///
    /// # Errors
    /// When a setting is out of range, the starts have another shape than the model's inputs, or an aim names a layer or
    /// unit that the model does not have.
    ///
    /// # Panics
    /// If there is not one aim per start.
    pub fn climb(
        &self,
        model: &dyn Model,
        aims: &[Aim],
        starts: ArrayView2<f32>,
    ) -> Result<Ascended, ModelError> {
        self.check()?;
        assert_eq!(aims.len(), starts.nrows(), "one aim per row");
        let objective = objective(aims, model.graph())?;
        let start = |(row, start): (usize, ArrayView1<f32>)| Climber::new(row, start.to_vec());
        let mut climbing: Vec<Climber> = starts.rows().into_iter().enumerate().map(start).collect();
        let mut ended: Vec<Climber> = Vec::with_capacity(climbing.len());
        while !climbing.is_empty() {
            climbing.par_chunks_mut(PARTY).try_for_each_init(
                || Party::new(self, model, &objective),
                |party, climbers| (0..ROUND).try_for_each(|_| party.step(climbers)),
            )?;
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

/// A row on its way.
struct Climber {
    row: usize,
    x: Vec<f32>,
    velocity: Vec<f32>,
    value: f32,
    steps: usize,
    best: Option<f32>,
    /// The step at which the best value last gained.
    best_step: usize,
    outcome: Option<Ending>,
}

impl Climber {
    fn new(row: usize, x: Vec<f32>) -> Climber {
        let (velocity, outcome) = (vec![0.0; x.len()], None);
        Climber { row, x, velocity, value: f32::NAN, steps: 0, best: None, best_step: 0, outcome }
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
            Some(Ending::Diverged { steps })
        } else if ascent.target.is_some_and(|target| target < f64::from(value)) {
            Some(Ending::Converged { steps })
        } else if ascent.max_steps <= steps {
            Some(Ending::NotConverged { steps })
        } else if ascent.patience <= steps - self.best_step {
            Some(Ending::Stalled { steps })
        } else {
            None
        };
    }

    /// `v ← μ v + ∂a/∂x`, `x ← r(x + α v)`.
    fn advance(&mut self, gradient: &[f32], ascent: &Ascent, room: &mut Room) {
        let steps = self.steps;
        let still = |values: &[f32]| values.iter().all(|&v| v == 0.0);
        if still(gradient) && still(&self.velocity) && ascent.regularisers.is_empty() {
            self.outcome = Some(Ending::Stalled { steps });
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
            self.outcome = Some(Ending::Diverged { steps: self.steps });
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
    model: &'a dyn Model,
    /// Of all rows there are.
    objective: &'a Objective,
    /// Of those still on their way.
    present: Objective,
    x: Vec<f32>,
    room: Room,
}

impl<'a> Party<'a> {
    fn new(ascent: &'a Ascent, model: &'a dyn Model, objective: &'a Objective) -> Party<'a> {
        let (present, x, room) = (Objective::default(), Vec::new(), Room::default());
        Party { ascent, model, objective, present, x, room }
    }

    /// One step of every climber that is still on its way.
    fn step(&mut self, climbers: &mut [Climber]) -> Result<(), ModelError> {
        let mut climbing: Vec<&mut Climber> = climbers.iter_mut().filter(|c| c.outcome.is_none()).collect();
        let Some(width) = climbing.first().map(|climber| climber.x.len()) else { return Ok(()) };
        self.x.clear();
        self.present.clear();
        for climber in &climbing {
            self.x.extend_from_slice(&climber.x);
            self.present.push(self.objective.row(climber.row));
        }
        let x = ArrayView2::from_shape((climbing.len(), width), &self.x).expect("a row per climber");
        let Gradients { values, at } = self.model.gradient(x.into_dyn(), &self.present, &[NodeId::INPUT])?;
        let gradients = at[0].as_slice().expect("in standard layout").chunks_exact(width);
        for ((climber, value), gradient) in climbing.iter_mut().zip(values).zip(gradients) {
            climber.judge(value, self.ascent);
            if climber.outcome.is_none() {
                climber.advance(gradient, self.ascent, &mut self.room);
            }
        }
        Ok(())
    }
}
