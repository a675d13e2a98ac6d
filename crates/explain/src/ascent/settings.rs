//! How gradient ascent steps, and when it stops.

use serde::{Deserialize, Serialize};

use super::regulariser::Regulariser;
use crate::error::ExplainError;

/// What the gradient is divided by before a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalise {
    /// Nothing: a step is `rate` times the gradient.
    #[default]
    None,
    /// Its Euclidean length: a step is `rate` long.
    Length,
    /// Each element its own size: a step moves every element by `rate`.
    Sign,
}

/// Gradient ascent `x ← r(x + α v)` with `v ← μ v + ∂a/∂x` (thesis eq. 2.8). The defaults are the thesis'.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ascent {
    /// Step along the gradient, α.
    pub rate: f64,
    /// Share of the last step that is taken again, μ.
    pub momentum: f64,
    /// What the gradient is divided by.
    pub normalise: Normalise,
    /// A row has converged when its objective is above this; without it, rows climb to the last step or stall.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// Steps at most; the thesis names no limit.
    pub max_steps: usize,
    /// A row has stalled when its objective has not gained for so many steps.
    pub patience: usize,
    /// The gain that counts, relative to the objective's best value so far.
    pub min_gain: f64,
    /// What happens to the input after every step, in this order: r(x).
    pub regularisers: Vec<Regulariser>,
}

impl Default for Ascent {
    fn default() -> Self {
        Ascent {
            rate: 10.0,
            momentum: 0.0,
            normalise: Normalise::None,
            target: Some(0.999),
            max_steps: 10_000,
            patience: 200,
            min_gain: 1e-4,
            regularisers: Vec::new(),
        }
    }
}

impl Ascent {
    /// Refuses settings out of range.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check(&self) -> Result<(), ExplainError> {
        let refuse = ExplainError::setting;
        if !(0.0 < self.rate && self.rate.is_finite()) {
            return refuse("rate", self.rate, "must be above 0");
        }
        if !(0.0..1.0).contains(&self.momentum) {
            return refuse("momentum", self.momentum, "must lie at 0 to below 1");
        }
        if self.target.is_some_and(f64::is_nan) {
            return refuse("target", f64::NAN, "must be a number");
        }
        if self.patience == 0 {
            return refuse("patience", 0.0, "at least one step is needed");
        }
        if !(0.0 <= self.min_gain && self.min_gain.is_finite()) {
            return refuse("min_gain", self.min_gain, "must be 0 or more");
        }
        self.regularisers.iter().try_for_each(Regulariser::check)
    }

    /// The same, and refuses regularisers that are not made for samples of this shape.
    pub(super) fn check_for(&self, shape: &[usize]) -> Result<(), ExplainError> {
        self.check()?;
        self.regularisers.iter().try_for_each(|regulariser| regulariser.check_for(shape))
    }
}
