//! Any graph on the processor, behind [`Model`].

use std::ops::Range;

use ndarray::{ArrayD, ArrayViewD};

use super::gradient::{Back, Route};
use super::pass::Pass;
use super::plan::Plan;
use super::room::Room;
use crate::error::ModelError;
use crate::graph::{Graph, NodeId};
use crate::model::{Gradients, Model, Objective, check_inputs, check_node, node_array};
use crate::weights::Weights;

/// A network of any graph on the processor: values and gradients node by node, by kernels of its own where they are what
/// takes the time, by burn for all other ops.
#[derive(Debug)]
pub struct NativeModel {
    plan: Plan,
}

impl NativeModel {
    /// A network with weights.
    ///
    /// # Errors
    /// When the weights are not the graph's.
    pub fn new(graph: &Graph, weights: &Weights) -> Result<NativeModel, ModelError> {
        Ok(NativeModel { plan: Plan::new(graph, weights)? })
    }
}

impl Model for NativeModel {
    fn graph(&self) -> &Graph {
        self.plan.graph()
    }

    fn run(&self, inputs: ArrayViewD<f32>, taps: &[NodeId]) -> Result<Vec<ArrayD<f32>>, ModelError> {
        let n = check_inputs(self.graph(), &inputs)?;
        taps.iter().try_for_each(|&tap| check_node(self.graph(), tap))?;
        let inputs = inputs.as_standard_layout();
        let x = inputs.as_slice().expect("row by row");
        let sources: Vec<NodeId> = taps.iter().map(|&tap| self.plan.source(tap)).collect();
        let mut n_taps = vec![0; self.graph().nodes().len()];
        sources.iter().for_each(|source| n_taps[source.index()] += 1);
        let n_takers = self.plan.n_takers(&n_taps);
        let array = |(id, &n_taps)| vec![0.0; if 0 < n_taps { n * self.plan.n_units(id) } else { 0 }];
        let mut arrays: Vec<Vec<f32>> = self.graph().ids().zip(&n_taps).map(array).collect();
        let mut room = Room::default();
        for first in (0..n).step_by(self.plan.chunk) {
            let rows = first..n.min(first + self.plan.chunk);
            let of = |id: NodeId| -> Range<usize> {
                rows.start * self.plan.n_units(id)..rows.end * self.plan.n_units(id)
            };
            let mut pass = Pass::new(&self.plan, &x[of(NodeId::INPUT)], rows.len(), &n_takers, &mut room);
            for (id, array) in self.graph().ids().zip(&mut arrays) {
                let is_tapped = 0 < n_taps[id.index()];
                if is_tapped || 0 < n_takers[id.index()] {
                    pass.compute(id, is_tapped.then(|| &mut array[of(id)]));
                }
            }
        }
        // The last who taps a source gets its array itself.
        let mut values = |source: NodeId| {
            n_taps[source.index()] -= 1;
            let array = &mut arrays[source.index()];
            if n_taps[source.index()] == 0 { std::mem::take(array) } else { array.clone() }
        };
        let tapped = taps.iter().zip(sources);
        Ok(tapped.map(|(&tap, source)| node_array(self.graph(), tap, n, values(source))).collect())
    }

    fn gradient(
        &self,
        inputs: ArrayViewD<f32>,
        objective: &Objective,
        at: &[NodeId],
    ) -> Result<Gradients, ModelError> {
        let n = check_inputs(self.graph(), &inputs)?;
        objective.check(self.graph(), n)?;
        at.iter().try_for_each(|&node| check_node(self.graph(), node))?;
        let inputs = inputs.as_standard_layout();
        let x = inputs.as_slice().expect("row by row");
        let route = Route::of(&self.plan, objective, at);
        let mut arrays: Vec<Vec<f32>> = at.iter().map(|&id| vec![0.0; n * self.plan.n_units(id)]).collect();
        let (mut values, mut room) = (Vec::with_capacity(n), Room::default());
        let n_at_once = Route::n_at_once(&self.plan);
        for first in (0..n).step_by(n_at_once) {
            let rows = first..n.min(first + n_at_once);
            let of = |id: NodeId| rows.start * self.plan.n_units(id)..rows.end * self.plan.n_units(id);
            let homes = at.iter().zip(&mut arrays).map(|(&id, array)| &mut array[of(id)]).collect();
            let back = Back::new(&self.plan, &route, &x[of(NodeId::INPUT)], rows.len(), &mut room);
            values.extend(back.run(objective, rows.clone(), at, homes));
        }
        let arrays = at.iter().zip(arrays).map(|(&id, array)| node_array(self.graph(), id, n, array));
        Ok(Gradients { values, at: arrays.collect() })
    }
}
