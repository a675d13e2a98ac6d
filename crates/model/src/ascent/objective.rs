//! What gradient ascent raises: a unit of any layer, or a weighted sum of units.

use serde::{Deserialize, Serialize};

use crate::ModelError;
use crate::fused::UnitShare;
use crate::spec::NetworkSpec;

/// Before or after a layer's activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Before it; of the output layer the logits.
    Pre,
    /// After it; of the output layer the softmax.
    Post,
}

/// One unit with its weight in the sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The layer's name: `hidden1`, `conv1`, `output`.
    pub layer: String,
    /// Before or after its activation.
    pub stage: Stage,
    /// The unit, from 0.
    pub unit: usize,
    /// What it is multiplied by.
    pub weight: f32,
}

/// The sum `Σ weight · unit` that one row of an ascent raises.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// Its terms, of any layers.
    pub terms: Vec<Term>,
}

impl Objective {
    /// One unit of a layer.
    pub fn unit(layer: &str, stage: Stage, unit: usize) -> Objective {
        Objective { terms: vec![Term { layer: layer.into(), stage, unit, weight: 1.0 }] }
    }

    /// The softmax output of a class, from 0: the thesis' objective.
    pub fn probability(class: usize) -> Objective {
        Objective::unit("output", Stage::Post, class)
    }

    /// The output of a class before the softmax.
    pub fn logit(class: usize) -> Objective {
        Objective::unit("output", Stage::Pre, class)
    }

    /// `self + weight · other`.
    #[must_use]
    pub fn plus(mut self, weight: f32, other: Objective) -> Objective {
        let weighted = other.terms.into_iter().map(|t| Term { weight: weight * t.weight, ..t });
        self.terms.extend(weighted);
        self
    }

    /// The terms by the indices of their layers.
    ///
    /// # Errors
    /// When `spec` has no such layer or the layer no such unit, or there is no term.
    pub(crate) fn resolve(&self, spec: &NetworkSpec) -> Result<Vec<UnitShare>, ModelError> {
        if self.terms.is_empty() {
            let expected = "an objective has at least one term";
            return Err(ModelError::Setting { name: "terms", value: "none".into(), expected });
        }
        self.terms.iter().map(|term| term.resolve(spec)).collect()
    }
}

impl Term {
    fn resolve(&self, spec: &NetworkSpec) -> Result<UnitShare, ModelError> {
        let layers = spec.layers();
        let Some(layer) = layers.iter().position(|l| l.name == self.layer) else {
            let known = layers.iter().map(|l| l.name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(ModelError::NoSuchLayer { layer: self.layer.clone(), spec: spec.to_string(), known });
        };
        let n_units = layers[layer].n_units();
        if n_units <= self.unit {
            return Err(ModelError::NoSuchUnit { layer: self.layer.clone(), unit: self.unit, n_units });
        }
        Ok(UnitShare { layer, unit: self.unit, is_post: self.stage == Stage::Post, weight: self.weight })
    }
}
