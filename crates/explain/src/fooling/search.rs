//! The search from many rows.

use ndarray::{Array, ArrayView, ArrayView1, Axis, Dimension, Ix2, RemoveAxis};
use rayon::prelude::*;
use vitrine_model::{Model, ModelError};

use super::probe::{Probe, largest};
use super::settings::Fooling;
use super::step::Step;
use crate::error::ExplainError;
use crate::inputs::check_inputs;

/// What was found, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Fooled<D: Dimension = Ix2> {
    /// The changed inputs, of the inputs' shape; of a row whose answer could not be moved, the input itself.
    pub inputs: Array<f32, D>,
    /// The size of each change; `None` where the answer could not be moved.
    pub sizes: Vec<Option<f64>>,
    /// The answers before.
    pub before: Vec<usize>,
    /// The answers to the changed inputs.
    pub after: Vec<usize>,
}

/// What was found from one row.
struct Found {
    /// `None` where the answer could not be moved.
    changed: Option<Vec<f32>>,
    before: usize,
    after: usize,
}

/// Halvings of the change on the way back.
const HALVINGS: usize = 20;

impl Fooling {
    /// Searches from every row of `inputs [n_rows, sample shape]`, on all cores of the current rayon pool.
    ///
    /// The answer is the class of the largest logit, of equal ones the first.
    ///
    /// # Errors
    /// When a setting is out of range, or the inputs have another shape than the model's.
    pub fn search<D: RemoveAxis>(
        &self,
        model: &dyn Model,
        inputs: ArrayView<f32, D>,
    ) -> Result<Fooled<D>, ExplainError> {
        check_inputs(model, &inputs.view().into_dyn())?;
        self.check()?;
        let rows: Vec<Vec<f32>> =
            inputs.axis_iter(Axis(0)).map(|row| row.iter().copied().collect()).collect();
        let probe = Probe::new(model);
        let found: Vec<Found> =
            rows.par_iter().map(|input| self.search_one(&probe, input)).collect::<Result<_, ModelError>>()?;
        let (mut fooled, mut sizes) = (inputs.to_owned(), Vec::with_capacity(found.len()));
        for ((mut row, input), found) in fooled.axis_iter_mut(Axis(0)).zip(&rows).zip(&found) {
            sizes.push(found.changed.as_ref().map(|changed| {
                row.iter_mut().zip(changed).for_each(|(x, &changed)| *x = changed);
                self.norm.of((&ArrayView1::from(changed) - &ArrayView1::from(input)).view())
            }));
        }
        let before = found.iter().map(|found| found.before).collect();
        Ok(Fooled { inputs: fooled, sizes, before, after: found.iter().map(|found| found.after).collect() })
    }

    fn search_one(&self, probe: &Probe, input: &[f32]) -> Result<Found, ModelError> {
        let before = probe.answer(input)?;
        let has_moved = |answer: usize| self.tolerance < answer.abs_diff(before);
        let mut x = input.to_vec();
        for _ in 0..self.max_steps {
            let (values, gradients) = probe.linearise(&x)?;
            let answer = largest(&values);
            if has_moved(answer) {
                break;
            }
            let gradient = |class: usize| gradients.row(class).to_slice().expect("row by row");
            let far = (0..values.len()).filter(|&class| has_moved(class));
            let steps = far.filter_map(|class| {
                let normal = gradient(class).iter().zip(gradient(answer)).map(|(g, own)| g - own).collect();
                Step::to_boundary(self.norm, values[answer] - values[class], normal)
            });
            let Some(step) = steps.min_by(|a, b| a.size.total_cmp(&b.size)) else { break };
            step.take(self.norm, 1.0 + self.overshoot, &mut x);
        }
        if !has_moved(probe.answer(&x)?) {
            return Ok(Found { changed: None, before, after: before });
        }
        let between = |share: f32| -> Vec<f32> {
            input.iter().zip(&x).map(|(from, to)| from + share * (to - from)).collect()
        };
        let (mut stays, mut moved) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = (stays + moved) / 2.0;
            if has_moved(probe.answer(&between(middle))?) { moved = middle } else { stays = middle }
        }
        let changed = between(moved);
        let after = probe.answer(&changed)?;
        Ok(Found { changed: Some(changed), before, after })
    }
}
