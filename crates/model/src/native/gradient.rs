//! The way back of one chunk of samples: from an objective through every node to those that are asked for.

use std::ops::Range;

use burn::tensor::{Tensor, TensorData};

use super::elementwise::add_to;
use super::pass::Pass;
use super::plan::Plan;
use super::room::Room;
use super::step::Step;
use crate::graph::NodeId;
use crate::model::Objective;

/// Values of all nodes and their gradients that are there at once, where one sample has not more of them: 256 MiB.
const VALUES_AT_ONCE: usize = 1 << 26;

/// Which nodes a question goes through.
pub struct Route {
    /// By node, how many nodes and terms take its values.
    n_takers: Vec<usize>,
    /// By node, whether one that is asked for comes before it or is it.
    is_passed: Vec<bool>,
}

impl Route {
    /// That from the terms of an objective to the nodes `at`.
    pub fn of(plan: &Plan, objective: &Objective, at: &[NodeId]) -> Route {
        let mut n_terms = vec![0; plan.graph().nodes().len()];
        objective.terms().iter().for_each(|term| n_terms[plan.source(term.node).index()] = 1);
        let mut n_takers = plan.n_takers(&n_terms);
        // All values are kept until the way back has been gone: none who takes them there is the last.
        n_takers
            .iter_mut()
            .zip(&n_terms)
            .filter(|(n, n_terms)| 0 < **n + **n_terms)
            .for_each(|(n, _)| *n += 2);
        let mut is_passed = vec![false; n_terms.len()];
        for (id, node) in plan.graph().ids().zip(plan.graph().nodes()) {
            let before = node.inputs.iter().any(|input| is_passed[input.index()]);
            is_passed[id.index()] = before || at.contains(&id);
        }
        Route { n_takers, is_passed }
    }

    /// Samples that go it at once.
    pub fn n_at_once(plan: &Plan) -> usize {
        (VALUES_AT_ONCE / (2 * plan.graph().n_values())).clamp(1, plan.chunk)
    }
}

/// The values of a chunk, and what is known of their gradients.
pub struct Back<'a> {
    plan: &'a Plan,
    route: &'a Route,
    n: usize,
    pass: Pass<'a>,
    /// By node; where nothing that the objective rests on comes after it, none.
    gradients: Vec<Option<Vec<f32>>>,
}

impl<'a> Back<'a> {
    /// Computes the values of a chunk `x [n, n_units]`.
    pub fn new(plan: &'a Plan, route: &'a Route, x: &'a [f32], n: usize, room: &'a mut Room) -> Back<'a> {
        let mut pass = Pass::new(plan, x, n, &route.n_takers, room);
        plan.graph().ids().filter(|id| 0 < route.n_takers[id.index()]).for_each(|id| pass.compute(id, None));
        let gradients = vec![None; route.n_takers.len()];
        Back { plan, route, n, pass, gradients }
    }

    /// The objectives of the rows, and the gradients of the nodes `at` into their places `[n, n_units]`.
    pub fn run(
        mut self,
        objective: &Objective,
        rows: Range<usize>,
        at: &[NodeId],
        homes: Vec<&mut [f32]>,
    ) -> Vec<f32> {
        let sums = self.start(objective, rows);
        for id in self.plan.graph().ids().rev() {
            if self.route.is_passed[id.index()] && id != NodeId::INPUT {
                self.pull(id, at.contains(&id));
            }
        }
        for (id, home) in at.iter().zip(homes) {
            match &self.gradients[id.index()] {
                Some(gradient) => home.copy_from_slice(&gradient[..home.len()]),
                None => home.fill(0.0),
            }
        }
        self.gradients.into_iter().flatten().for_each(|gradient| self.pass.give(gradient));
        self.pass.end();
        sums
    }

    /// `Σ weight · unit` of each row in the order of its terms, and the weights as the first gradients.
    fn start(&mut self, objective: &Objective, rows: Range<usize>) -> Vec<f32> {
        let mut sums = Vec::with_capacity(rows.len());
        for (row, of_row) in rows.enumerate() {
            let mut sum = 0.0;
            for term in objective.row(of_row) {
                let place = row * self.plan.n_units(term.node) + term.unit;
                sum += term.weight * self.pass.values(self.plan.source(term.node))[place];
                self.gradient_of(term.node)[place] += term.weight;
            }
            sums.push(sum);
        }
        sums
    }

    /// The gradient of a node, zero where there was none.
    fn gradient_of(&mut self, id: NodeId) -> &mut [f32] {
        let len = self.n * self.plan.n_units(id);
        if self.gradients[id.index()].is_none() {
            let mut gradient = self.pass.take(len);
            gradient[..len].fill(0.0);
            self.gradients[id.index()] = Some(gradient);
        }
        &mut self.gradients[id.index()].as_mut().expect("just put there")[..len]
    }

    /// Hands the gradient of a node on to those before it.
    fn pull(&mut self, id: NodeId, is_kept: bool) {
        let Some(dz) = self.gradients[id.index()].take() else { return };
        let own = &dz[..self.n * self.plan.n_units(id)];
        let is_passed = |input: &NodeId| self.route.is_passed[input.index()];
        match self.plan.step(id) {
            _ if !self.plan.graph()[id].inputs.iter().any(is_passed) => {}
            Step::Burn => self.pull_by_burn(id, own),
            step => self.pull_here(step, id, own),
        }
        match is_kept {
            true => self.gradients[id.index()] = Some(dz),
            false => self.pass.give(dz),
        }
    }

    fn pull_here(&mut self, step: &Step, id: NodeId, dz: &[f32]) {
        let inputs = &self.plan.graph()[id].inputs;
        for (place, &input) in
            inputs.iter().enumerate().filter(|(_, input)| self.route.is_passed[input.index()])
        {
            let mut dx = self.pass.take(self.n * self.plan.n_units(input));
            let x = self.pass.values(self.plan.source(input));
            step.pull(place, x, dz, &mut dx[..x.len()]);
            self.add(input, dx, dz);
        }
    }

    fn pull_by_burn(&mut self, id: NodeId, own: &[f32]) {
        let (n_rows, n_units) = (self.plan.chunk, self.plan.n_units(id));
        let inputs = &self.plan.graph()[id].inputs;
        let tensors = inputs.iter().map(|&input| self.pass.tensor(self.plan.source(input))).collect();
        let passed: Vec<bool> = inputs.iter().map(|input| self.route.is_passed[input.index()]).collect();
        let mut rows = own.to_vec();
        rows.resize(n_rows * n_units, 0.0);
        let dz = Tensor::from_data(TensorData::new(rows, [n_rows, n_units]), self.plan.device());
        let found = self.plan.general.node_gradient(id, tensors, &passed, dz);
        for (&input, found) in inputs.iter().zip(found) {
            if let Some(mut values) = found {
                values.truncate(self.n * self.plan.n_units(input));
                self.add(input, values, own);
            }
        }
    }

    /// Adds to the gradient of a node what one after it, of the gradient `dz`, hands on.
    fn add(&mut self, id: NodeId, mut dx: Vec<f32>, dz: &[f32]) {
        let (n_units, len) = (self.plan.n_units(id), self.n * self.plan.n_units(id));
        // A sample without a gradient hands nothing on, even where a slope is infinite: that others have one changes nothing.
        for (dx, dz) in dx.chunks_exact_mut(n_units).zip(dz.chunks_exact(dz.len() / self.n)) {
            if dz.iter().all(|&dz| dz == 0.0) {
                dx.fill(0.0);
            }
        }
        match &mut self.gradients[id.index()] {
            Some(gradient) => {
                add_to(&mut gradient[..len], &dx[..len]);
                self.pass.give(dx);
            }
            none => *none = Some(dx),
        }
    }
}
