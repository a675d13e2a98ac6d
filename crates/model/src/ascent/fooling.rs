//! The smallest change of an input that moves a network's answer.
//!
//! DeepFool (Moosavi-Dezfooli et al. 2016): step to the nearest class boundary of the network linearised here, until
//! the answer has moved; then go back along the whole change as far as it stays moved. Exact for a network of one
//! layer and neighbouring answers, an upper bound of the smallest change otherwise.

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ModelError;
use crate::graph::NodeId;
use crate::model::{Gradients, Model, Objective};

/// How the size of a change is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Norm {
    /// Euclidean length.
    L2,
    /// Largest change of an element.
    Max,
}

impl Norm {
    /// The size of a change.
    pub fn of(self, change: ArrayView1<f32>) -> f64 {
        match self {
            Norm::L2 => change.iter().map(|&d| f64::from(d) * f64::from(d)).sum::<f64>().sqrt(),
            Norm::Max => change.iter().fold(0.0, |m, &d| f64::from(d.abs()).max(m)),
        }
    }
}

/// A search for the smallest change.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fooling {
    /// What is made small.
    pub norm: Norm,
    /// The answer has moved when it is more than so many classes away from the first one.
    pub tolerance: usize,
    /// Linearisations at most.
    pub max_steps: usize,
    /// Share by which each step goes beyond the boundary.
    pub overshoot: f32,
}

impl Default for Fooling {
    fn default() -> Self {
        Fooling { norm: Norm::L2, tolerance: 0, max_steps: 50, overshoot: 0.02 }
    }
}

/// What was found, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Fooled {
    /// The changed inputs, `[n_rows, n_inputs]`; of a row whose answer could not be moved, the input itself.
    pub inputs: Array2<f32>,
    /// The size of each change; `None` where the answer could not be moved.
    pub sizes: Vec<Option<f64>>,
    /// The answers before.
    pub before: Vec<usize>,
    /// The answers to the changed inputs.
    pub after: Vec<usize>,
}

/// Halvings of the change on the way back.
const HALVINGS: usize = 20;

impl Fooling {
    /// Searches from every row of `inputs [n_rows, n_inputs]`.
    ///
    /// # Errors
    /// When the inputs have another shape than the model's.
    pub fn search(&self, model: &dyn Model, inputs: ArrayView2<f32>) -> Result<Fooled, ModelError> {
        let graph = model.graph();
        let (logits, n_classes) = (graph.logits(), graph[graph.logits()].n_units());
        let every_class = Objective::units(logits, &(0..n_classes).collect::<Vec<_>>());
        let probe = Probe { model, logits, every_class };
        let rows: Vec<ArrayView1<f32>> = inputs.rows().into_iter().collect();
        let found: Vec<(Option<Vec<f32>>, usize, usize)> = rows
            .par_iter()
            .map(|input| self.search_one(&probe, &input.to_vec()))
            .collect::<Result<_, ModelError>>()?;
        let (mut fooled, mut sizes) = (inputs.to_owned(), Vec::with_capacity(found.len()));
        for (mut row, (changed, ..)) in fooled.axis_iter_mut(Axis(0)).zip(&found) {
            sizes.push(changed.as_ref().map(|changed| {
                let changed = ArrayView1::from(changed);
                let size = self.norm.of((&changed - &row).view());
                row.assign(&changed);
                size
            }));
        }
        let before = found.iter().map(|f| f.1).collect();
        Ok(Fooled { inputs: fooled, sizes, before, after: found.iter().map(|f| f.2).collect() })
    }

    /// The changed input, if one was found, and the answers before and after.
    fn search_one(
        &self,
        probe: &Probe,
        input: &[f32],
    ) -> Result<(Option<Vec<f32>>, usize, usize), ModelError> {
        let before = probe.answer(input)?;
        let has_moved = |answer: usize| self.tolerance < answer.abs_diff(before);
        let mut x = input.to_vec();
        for _ in 0..self.max_steps {
            let (values, gradients) = probe.linearise(&x)?;
            let answer = largest(&values);
            if has_moved(answer) {
                break;
            }
            let far = (0..values.len()).filter(|&class| has_moved(class));
            let steps = far.filter_map(|class| {
                let normal: Vec<f32> =
                    gradients.row(class).iter().zip(gradients.row(answer)).map(|(g, own)| g - own).collect();
                Step::to_boundary(self.norm, values[answer] - values[class], normal)
            });
            let Some(step) = steps.min_by(|a, b| a.size.total_cmp(&b.size)) else { break };
            step.take(self.norm, 1.0 + self.overshoot, &mut x);
        }
        if !has_moved(probe.answer(&x)?) {
            return Ok((None, before, before));
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
        Ok((Some(changed), before, after))
    }
}

/// The shortest way to the plane `gap = normal · step`.
struct Step {
    size: f32,
    gap: f32,
    normal: Vec<f32>,
}

impl Step {
    /// `None` where the two classes are parallel, so that no step leads to their boundary.
    fn to_boundary(norm: Norm, gap: f32, normal: Vec<f32>) -> Option<Step> {
        // Of two equal answers the first counts, so that the boundary itself may be on the wrong side.
        let gap = gap.max(1e-6);
        let length = match norm {
            Norm::L2 => normal.iter().map(|n| n * n).sum::<f32>().sqrt(),
            Norm::Max => normal.iter().map(|n| n.abs()).sum(),
        };
        let size = gap / length;
        size.is_finite().then_some(Step { size, gap, normal })
    }

    fn take(&self, norm: Norm, scale: f32, x: &mut [f32]) {
        for (x, &n) in x.iter_mut().zip(&self.normal) {
            *x += scale
                * match norm {
                    Norm::L2 => self.size * self.size / self.gap * n,
                    Norm::Max if n == 0.0 => 0.0,
                    Norm::Max => self.size * n.signum(),
                };
        }
    }
}

/// What is asked of a model about single inputs.
struct Probe<'a> {
    model: &'a dyn Model,
    logits: NodeId,
    /// A row per class: its logit.
    every_class: Objective,
}

impl Probe<'_> {
    fn answer(&self, x: &[f32]) -> Result<usize, ModelError> {
        let x = ArrayView2::from_shape((1, x.len()), x).expect("one row");
        let logits = self.model.run(x.into_dyn(), &[self.logits])?;
        Ok(largest(logits[0].as_slice().expect("in standard layout")))
    }

    /// All logits of one input, `[n_classes]`, with their gradients, `[n_classes, n_inputs]`.
    fn linearise(&self, x: &[f32]) -> Result<(Vec<f32>, Array2<f32>), ModelError> {
        let copies = ArrayView1::from(x);
        let copies = copies.broadcast((self.every_class.n_rows(), x.len())).expect("the same row again");
        let Gradients { values, mut at } =
            self.model.gradient(copies.into_dyn(), &self.every_class, &[NodeId::INPUT])?;
        let gradients = at.pop().and_then(|gradient| gradient.into_dimensionality().ok());
        Ok((values, gradients.expect("inputs are vectors")))
    }
}

/// The index of the largest value; of equal ones the first.
fn largest(values: &[f32]) -> usize {
    (0..values.len()).fold(0, |best, i| if values[best] < values[i] { i } else { best })
}
