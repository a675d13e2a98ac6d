//! The climb of many rows.

use ndarray::{Array, ArrayView, ArrayViewD, Axis, Dimension, Ix2, IxDyn};
use rayon::prelude::*;
use vitrine_model::{Gradients, Model, ModelError, NodeId, Objective};

use super::climber::{Climber, Room};
use super::ending::Ending;
use super::settings::Ascent;
use crate::error::ExplainError;
use crate::inputs::check_inputs;

/// Where an ascent led, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Ascended<D: Dimension = Ix2> {
    /// The inputs at the end, of the starts' shape; of a row that diverged the last finite ones.
    pub inputs: Array<f32, D>,
    /// The objectives there.
    pub values: Vec<f32>,
    /// How each row ended.
    pub endings: Vec<Ending>,
}

/// Rows that a model is asked about in one call: the activations of a small network for them fit the cache.
const PARTY: usize = 120;

/// Steps between two times at which rows that have ended are taken out.
const ROUND: usize = 16;

impl Ascent {
    /// Climbs from every row of `starts [n_rows, sample shape]`, each towards its own row of `objective`, on all cores of
    /// the current rayon pool.
    ///
    /// # Errors
    /// When a setting is out of range, the starts have another shape than the model's inputs, the objective has not one row
    /// per start with a term at least, or names what the model does not have.
    pub fn climb<D: Dimension>(
        &self,
        model: &dyn Model,
        objective: &Objective,
        starts: ArrayView<f32, D>,
    ) -> Result<Ascended<D>, ExplainError> {
        let ended = self.climb_all(model, objective, &starts.view().into_dyn())?;
        let inputs: Vec<f32> = ended.iter().flat_map(|climber| &climber.x).copied().collect();
        Ok(Ascended {
            inputs: Array::from_shape_vec(starts.raw_dim(), inputs).expect("a row per climber"),
            values: ended.iter().map(|climber| climber.value).collect(),
            endings: ended.iter().filter_map(|climber| climber.ending).collect(),
        })
    }

    /// The climbers of all rows at their ends, in the order of the rows.
    fn climb_all(
        &self,
        model: &dyn Model,
        objective: &Objective,
        starts: &ArrayViewD<f32>,
    ) -> Result<Vec<Climber>, ExplainError> {
        let n_rows = check_inputs(model, starts)?;
        self.check_for(model.graph().input_shape())?;
        objective.check(model.graph(), n_rows)?;
        if let Some(row) = (0..n_rows).find(|&row| objective.row(row).is_empty()) {
            return Err(ExplainError::NoTerm { row });
        }
        let start =
            |(row, start): (usize, ArrayViewD<f32>)| Climber::new(row, start.iter().copied().collect());
        let mut climbing: Vec<Climber> = starts.axis_iter(Axis(0)).enumerate().map(start).collect();
        let mut ended: Vec<Climber> = Vec::with_capacity(n_rows);
        while !climbing.is_empty() {
            climbing.par_chunks_mut(PARTY).try_for_each_init(
                || Party::new(self, model, objective),
                |party, climbers| (0..ROUND).try_for_each(|_| party.step(climbers)),
            )?;
            let (over, rest): (Vec<_>, Vec<_>) = climbing.into_iter().partition(|c| c.ending.is_some());
            ended.extend(over);
            climbing = rest;
        }
        ended.sort_unstable_by_key(|climber| climber.row);
        Ok(ended)
    }
}

/// What climbers that are computed together share.
struct Party<'a> {
    ascent: &'a Ascent,
    model: &'a dyn Model,
    /// Of all rows there are.
    objective: &'a Objective,
    /// Of those still on their way.
    present: Objective,
    /// Their inputs, row by row.
    x: Vec<f32>,
    /// The shape of those inputs.
    shape: IxDyn,
    room: Room,
}

impl<'a> Party<'a> {
    fn new(ascent: &'a Ascent, model: &'a dyn Model, objective: &'a Objective) -> Party<'a> {
        let mut shape = vec![0];
        shape.extend_from_slice(model.graph().input_shape());
        let (present, x, room) = (Objective::default(), Vec::new(), Room::default());
        Party { ascent, model, objective, present, x, shape: IxDyn(&shape), room }
    }

    /// One step of every climber that is still on its way.
    fn step(&mut self, climbers: &mut [Climber]) -> Result<(), ModelError> {
        let mut climbing: Vec<&mut Climber> = climbers.iter_mut().filter(|c| c.ending.is_none()).collect();
        let Some(width) = climbing.first().map(|climber| climber.x.len()) else { return Ok(()) };
        self.x.clear();
        self.present.clear();
        for climber in &climbing {
            self.x.extend_from_slice(&climber.x);
            self.present.push(self.objective.row(climber.row));
        }
        self.shape[0] = climbing.len();
        let x = ArrayViewD::from_shape(self.shape.clone(), &self.x).expect("a row per climber");
        let Gradients { values, at } = self.model.gradient(x, &self.present, &[NodeId::INPUT])?;
        let gradients = at[0].as_standard_layout();
        let gradients = gradients.as_slice().expect("in standard layout").chunks_exact(width);
        let line = self.shape[self.shape.ndim() - 1];
        for ((climber, value), gradient) in climbing.iter_mut().zip(values).zip(gradients) {
            climber.judge(value, self.ascent);
            if climber.ending.is_none() {
                climber.advance(gradient, line, self.ascent, &mut self.room);
            }
        }
        Ok(())
    }
}
