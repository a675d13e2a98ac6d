//! The one trait between networks and what asks them: activations and gradients of any node, as plain arrays.

use ndarray::{ArrayD, ArrayViewD, IxDyn};

use crate::error::ModelError;
use crate::graph::{Graph, NodeId};

/// A network with weights. Nodes compute what they do in use: dropout changes nothing.
///
/// A sample's values do not depend on the other samples of a call, nor on the number of threads, to the last bit.
pub trait Model: Sync {
    /// What it computes.
    fn graph(&self) -> &Graph;

    /// Values of the nodes `taps`, `[n_samples, node shape]` each, for `inputs [n_samples, sample shape]`.
    ///
    /// # Errors
    /// When the inputs have another shape than the graph's, or the graph has no such node.
    fn run(&self, inputs: ArrayViewD<f32>, taps: &[NodeId]) -> Result<Vec<ArrayD<f32>>, ModelError>;

    /// Every row's objective for its input, and the gradients with respect to the values of the nodes `at`, the input
    /// included: `∂ objective / ∂ value`, through all that comes after the node.
    ///
    /// # Errors
    /// When inputs or objective do not fit the graph or each other, or the graph has no such node.
    fn gradient(
        &self,
        inputs: ArrayViewD<f32>,
        objective: &Objective,
        at: &[NodeId],
    ) -> Result<Gradients, ModelError>;
}

/// Objectives and their gradients.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// Each row's objective.
    pub values: Vec<f32>,
    /// Gradients with respect to each node asked for, `[n_samples, node shape]`.
    pub at: Vec<ArrayD<f32>>,
}

/// A unit with its weight in a sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Its node.
    pub node: NodeId,
    /// Its place among the node's values of one sample, row by row, from 0.
    pub unit: usize,
    /// What it is multiplied by.
    pub weight: f32,
}

/// What is differentiated: for each row of the inputs a sum `Σ weight · unit` of its own, over units of any nodes.
///
/// ```
/// use vitrine_model::{NodeId, Objective, Term};
/// let mut objective = Objective::units(NodeId::INPUT, &[3, 5]);
/// objective.push(&[Term { node: NodeId::INPUT, unit: 0, weight: -1.0 }]);
/// assert_eq!((objective.n_rows(), objective.row(1)[0].unit), (3, 5));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Objective {
    terms: Vec<Term>,
    /// Where each row's terms end.
    ends: Vec<usize>,
}

impl Objective {
    /// One unit of a node for each row.
    pub fn units(node: NodeId, units: &[usize]) -> Objective {
        let terms = units.iter().map(|&unit| Term { node, unit, weight: 1.0 }).collect();
        Objective { terms, ends: (1..=units.len()).collect() }
    }

    /// The same sum for each of `n_rows`.
    pub fn same(terms: &[Term], n_rows: usize) -> Objective {
        let mut objective = Objective::default();
        (0..n_rows).for_each(|_| objective.push(terms));
        objective
    }

    /// Adds a row.
    pub fn push(&mut self, terms: &[Term]) {
        self.terms.extend_from_slice(terms);
        self.ends.push(self.terms.len());
    }

    /// Takes all rows away; their memory stays for others.
    pub fn clear(&mut self) {
        self.terms.clear();
        self.ends.clear();
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.ends.len()
    }

    /// The terms of a row.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, row: usize) -> &[Term] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.terms[start..self.ends[row]]
    }

    /// The terms of all rows.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Refuses what a graph does not have.
    ///
    /// # Errors
    /// Names the node or the unit, and what there is; or says that there is not one row per sample.
    pub fn check(&self, graph: &Graph, n_samples: usize) -> Result<(), ModelError> {
        if self.n_rows() != n_samples {
            return Err(ModelError::Rows { n_objectives: self.n_rows(), n_samples });
        }
        for &Term { node, unit, .. } in &self.terms {
            check_node(graph, node)?;
            let n_units = graph[node].n_units();
            if n_units <= unit {
                return Err(ModelError::NoSuchUnit { node: graph[node].name.clone(), unit, n_units });
            }
        }
        Ok(())
    }
}

/// The number of samples, when the inputs are the graph's.
pub(crate) fn check_inputs(graph: &Graph, inputs: &ArrayViewD<f32>) -> Result<usize, ModelError> {
    match inputs.shape() {
        [n_samples, sample @ ..] if sample == graph.input_shape() => Ok(*n_samples),
        found => Err(ModelError::Inputs { found: found.to_vec(), expected: graph.input_shape().to_vec() }),
    }
}

/// A node's values of all `n` samples as an array of its shape.
pub(crate) fn node_array(graph: &Graph, node: NodeId, n: usize, values: Vec<f32>) -> ArrayD<f32> {
    let shape: Vec<usize> = [n].iter().chain(&graph[node].shape).copied().collect();
    ArrayD::from_shape_vec(IxDyn(&shape), values).expect("as many values as the node has")
}

pub(crate) fn check_node(graph: &Graph, node: NodeId) -> Result<(), ModelError> {
    let n_nodes = graph.nodes().len();
    if n_nodes <= node.index() {
        return Err(ModelError::NoSuchNode { index: node.index(), n_nodes });
    }
    Ok(())
}
