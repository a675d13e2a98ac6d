//! What gradient ascent raises in a row: a unit of any layer, or a weighted sum of units, by the names of layers.

use serde::{Deserialize, Serialize};

use crate::error::ModelError;
use crate::graph::Graph;
use crate::model::{Objective, Term};

/// Before or after a layer's activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Before it; of the output layer the logits.
    Pre,
    /// After it; of the output layer the softmax.
    Post,
}

/// One unit of a layer with its weight in the sum.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTerm {
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
pub struct Aim {
    /// Its terms, of any layers.
    pub terms: Vec<NamedTerm>,
}

impl Aim {
    /// One unit of a layer.
    pub fn unit(layer: &str, stage: Stage, unit: usize) -> Aim {
        Aim { terms: vec![NamedTerm { layer: layer.into(), stage, unit, weight: 1.0 }] }
    }

    /// The softmax output of a class, from 0: the thesis' objective.
    pub fn probability(class: usize) -> Aim {
        Aim::unit("output", Stage::Post, class)
    }

    /// The output of a class before the softmax.
    pub fn logit(class: usize) -> Aim {
        Aim::unit("output", Stage::Pre, class)
    }

    /// `self + weight · other`.
    #[must_use]
    pub fn plus(mut self, weight: f32, other: Aim) -> Aim {
        let weighted = other.terms.into_iter().map(|t| NamedTerm { weight: weight * t.weight, ..t });
        self.terms.extend(weighted);
        self
    }

    /// The terms by the nodes of `graph`.
    ///
    /// # Errors
    /// When the graph has no such layer, or there is no term.
    pub(super) fn resolve(&self, graph: &Graph) -> Result<Vec<Term>, ModelError> {
        if self.terms.is_empty() {
            let expected = "an objective has at least one term";
            return Err(ModelError::Setting { name: "terms", value: "none".into(), expected });
        }
        self.terms.iter().map(|term| term.resolve(graph)).collect()
    }
}

impl NamedTerm {
    fn resolve(&self, graph: &Graph) -> Result<Term, ModelError> {
        let Some(layer) = graph.layers().iter().find(|layer| layer.name == self.layer) else {
            let known = graph.layers().iter().map(|l| l.name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(ModelError::NoSuchLayer { layer: self.layer.clone(), known });
        };
        let node = if self.stage == Stage::Pre { layer.pre } else { layer.post };
        Ok(Term { node, unit: self.unit, weight: self.weight })
    }
}

/// One aim per row, as a model takes them.
///
/// # Errors
/// When the graph has no such layer or the layer no such unit, or an aim has no term.
pub(super) fn objective(aims: &[Aim], graph: &Graph) -> Result<Objective, ModelError> {
    let mut objective = Objective::default();
    for aim in aims {
        objective.push(&aim.resolve(graph)?);
    }
    objective.check(graph, aims.len())?;
    Ok(objective)
}
