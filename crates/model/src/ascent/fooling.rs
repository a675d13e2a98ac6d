//! The smallest change of an input that moves a network's answer.
//!
//! DeepFool (Moosavi-Dezfooli et al. 2016): step to the nearest class boundary of the network linearised here, until
//! the answer has moved; then go back along the whole change as far as it stays moved. Exact for a network of one
//! layer and neighbouring answers, an upper bound of the smallest change otherwise.

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Network;
use crate::fused::{FusedNetwork, ROWS, Slopes, UnitShare};

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
    /// # Panics
    /// If the inputs have another width than the network.
    pub fn search(&self, network: &Network, inputs: ArrayView2<f32>) -> Fooled {
        assert_eq!(inputs.ncols(), network.spec.n_inputs(), "inputs of {} have its width", network.spec);
        let fused = FusedNetwork::new(&network.spec, &network.weights, false);
        let layer = network.spec.layers().len() - 1;
        let logits: Vec<UnitShare> = (0..network.spec.n_outputs())
            .map(|unit| UnitShare { layer, unit, is_post: false, weight: 1.0 })
            .collect();
        let rows: Vec<ArrayView1<f32>> = inputs.rows().into_iter().collect();
        let found: Vec<(Option<Vec<f32>>, usize, usize)> = rows
            .par_iter()
            .map_init(
                || Probe { slopes: Slopes::new(&fused, &logits), logits: &logits },
                |probe, input| self.search_one(probe, &input.to_vec()),
            )
            .collect();
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
        Fooled { inputs: fooled, sizes, before, after: found.iter().map(|f| f.2).collect() }
    }

    /// The changed input, if one was found, and the answers before and after.
    fn search_one(&self, probe: &mut Probe, input: &[f32]) -> (Option<Vec<f32>>, usize, usize) {
        let before = probe.answer(input);
        let has_moved = |answer: usize| self.tolerance < answer.abs_diff(before);
        let mut x = input.to_vec();
        for _ in 0..self.max_steps {
            let (values, gradients) = probe.linearise(&x);
            let answer = largest(&values);
            if has_moved(answer) {
                break;
            }
            let far = (0..values.len()).filter(|&class| has_moved(class));
            let steps = far.filter_map(|class| {
                let normal: Vec<f32> =
                    gradients[class].iter().zip(&gradients[answer]).map(|(g, own)| g - own).collect();
                Step::to_boundary(self.norm, values[answer] - values[class], normal)
            });
            let Some(step) = steps.min_by(|a, b| a.size.total_cmp(&b.size)) else { break };
            step.take(self.norm, 1.0 + self.overshoot, &mut x);
        }
        if !has_moved(probe.answer(&x)) {
            return (None, before, before);
        }
        let between = |share: f32| -> Vec<f32> {
            input.iter().zip(&x).map(|(from, to)| from + share * (to - from)).collect()
        };
        let (mut stays, mut moved) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = (stays + moved) / 2.0;
            if has_moved(probe.answer(&between(middle))) { moved = middle } else { stays = middle }
        }
        let changed = between(moved);
        let after = probe.answer(&changed);
        (Some(changed), before, after)
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

/// A network and the buffers to ask it about single inputs.
struct Probe<'a> {
    slopes: Slopes<'a>,
    logits: &'a [UnitShare],
}

impl Probe<'_> {
    fn values(&mut self, x: &[f32]) -> Vec<f32> {
        self.slopes.forward(x, 1);
        self.logits.iter().map(|share| self.slopes.value(0, std::slice::from_ref(share))).collect()
    }

    fn answer(&mut self, x: &[f32]) -> usize {
        largest(&self.values(x))
    }

    /// All logits of one input with their gradients.
    fn linearise(&mut self, x: &[f32]) -> (Vec<f32>, Vec<Vec<f32>>) {
        let values = self.values(x);
        let mut gradients = Vec::with_capacity(self.logits.len());
        for shares in self.logits.chunks(ROWS) {
            let copies = x.repeat(shares.len());
            self.slopes.forward(&copies, shares.len());
            let shares: Vec<&[UnitShare]> = shares.iter().map(std::slice::from_ref).collect();
            gradients.extend(self.slopes.backward(&shares).chunks_exact(x.len()).map(<[f32]>::to_vec));
        }
        (values, gradients)
    }
}

/// The index of the largest value; of equal ones the first.
fn largest(values: &[f32]) -> usize {
    (0..values.len()).fold(0, |best, i| if values[best] < values[i] { i } else { best })
}
