//! A network prepared for questions: weights as the products read them, and buffers that are used again.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use ndarray::{ArrayD, ArrayViewD};
use rayon::prelude::*;

use super::network::FusedNetwork;
use super::product::is_large;
use super::rows::{Asked, PlacedTerm, ROWS, Rows, Wants, width};
use crate::chain::{Chain, Place};
use crate::error::ModelError;
use crate::graph::{Graph, NodeId};
use crate::model::{Gradients, Model, Objective, Term, check_inputs, check_node, node_array};
use crate::weights::Weights;

/// A chain of layers on the CPU, behind [`Model`].
///
/// Rows are computed in chunks that fit the cache, on all cores of the current rayon pool where there are several.
#[derive(Debug)]
pub struct FusedModel {
    graph: Graph,
    network: FusedNetwork,
    /// By node.
    places: Vec<Place>,
    /// Whether products of whole chunks are summed in another order than those of a few rows.
    is_wide: bool,
    /// Buffers that nobody uses at the moment.
    idle: Mutex<Vec<Rows>>,
}

impl FusedModel {
    /// A network with weights.
    ///
    /// # Errors
    /// When the graph is no chain of layers, or the weights are not the graph's.
    pub fn new(graph: &Graph, weights: &Weights) -> Result<FusedModel, ModelError> {
        weights.check(graph)?;
        let chain = Chain::of(graph, "fused")?;
        let network = FusedNetwork::new(&chain, weights, 0);
        let is_wide = network.widths.windows(2).any(|layer| is_large(ROWS, layer[1], layer[0]));
        let idle = Mutex::default();
        Ok(FusedModel { graph: graph.clone(), network, places: chain.places, is_wide, idle })
    }

    fn place(&self, node: NodeId) -> Result<Place, ModelError> {
        check_node(&self.graph, node)?;
        Ok(self.places[node.index()])
    }

    fn placed(&self, &Term { node, unit, weight }: &Term) -> PlacedTerm {
        PlacedTerm { node, place: self.places[node.index()], unit, weight }
    }

    /// Runs `work` with buffers of this model.
    fn with_rows<T>(&self, work: impl FnOnce(&mut Rows) -> T) -> T {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rows = idle().pop().unwrap_or_default();
        let result = work(&mut rows);
        idle().push(rows);
        result
    }

    /// Arrays of zeros for `n` rows of so many values each, filled by `work`: chunk by chunk, it gets the number of a
    /// chunk's first row, how many rows to compute, and the chunk's part of every array. Rows beyond the last are
    /// computed where a shorter chunk would be summed in another order.
    fn by_chunks(
        &self,
        n: usize,
        widths: &[usize],
        work: impl Fn(usize, usize, &mut [&mut [f32]]) + Sync,
    ) -> Vec<Vec<f32>> {
        let work = |first: usize, parts: &mut [&mut [f32]]| {
            let n_rows = ROWS.min(n - first);
            if n_rows == ROWS || !self.is_wide {
                return work(first, n_rows, parts);
            }
            let mut whole: Vec<Vec<f32>> = widths.iter().map(|width| vec![0.0; ROWS * width]).collect();
            work(first, ROWS, &mut whole.iter_mut().map(Vec::as_mut_slice).collect::<Vec<_>>());
            parts.iter_mut().zip(&whole).for_each(|(part, whole)| part.copy_from_slice(&whole[..part.len()]));
        };
        let mut arrays: Vec<Vec<f32>> = widths.iter().map(|width| vec![0.0; n * width]).collect();
        if n <= ROWS {
            let mut whole: Vec<&mut [f32]> = arrays.iter_mut().map(Vec::as_mut_slice).collect();
            if 0 < n {
                work(0, &mut whole);
            }
            return arrays;
        }
        let mut chunks: Vec<Vec<&mut [f32]>> =
            (0..n.div_ceil(ROWS)).map(|_| Vec::with_capacity(widths.len())).collect();
        for (array, width) in arrays.iter_mut().zip(widths) {
            chunks.iter_mut().zip(array.chunks_mut(ROWS * width)).for_each(|(chunk, part)| chunk.push(part));
        }
        chunks.par_iter_mut().enumerate().for_each(|(chunk, parts)| work(chunk * ROWS, parts));
        arrays
    }

    /// `n_rows` rows of `x` from `first` on, zeros beyond its end.
    fn rows<'a>(&self, x: &'a [f32], first: usize, n_rows: usize) -> Cow<'a, [f32]> {
        let n_inputs = self.network.widths[0];
        let x = &x[first * n_inputs..];
        match x.get(..n_rows * n_inputs) {
            Some(x) => x.into(),
            None => {
                let mut padded = x.to_vec();
                padded.resize(n_rows * n_inputs, 0.0);
                padded.into()
            }
        }
    }
}

impl Model for FusedModel {
    fn graph(&self) -> &Graph {
        &self.graph
    }

    fn run(&self, inputs: ArrayViewD<f32>, taps: &[NodeId]) -> Result<Vec<ArrayD<f32>>, ModelError> {
        let n = check_inputs(&self.graph, &inputs)?;
        let places: Vec<Place> = taps.iter().map(|&tap| self.place(tap)).collect::<Result<_, _>>()?;
        let mut wants = Wants::nothing(&self.network, false);
        places.iter().for_each(|&place| wants.add(place));
        let widths: Vec<usize> = places.iter().map(|&place| width(&self.network, place)).collect();
        let inputs = inputs.as_standard_layout();
        let x = inputs.as_slice().expect("in standard layout");
        let values = self.by_chunks(n, &widths, |first, n_rows, parts| {
            let x = self.rows(x, first, n_rows);
            self.with_rows(|buffers| {
                buffers.forward(&self.network, &wants, &x, n_rows);
                for (part, &place) in parts.iter_mut().zip(&places) {
                    let values = buffers.values(&self.network, place, &x);
                    part.copy_from_slice(&values[..part.len()]);
                }
            });
        });
        Ok(taps.iter().zip(values).map(|(&tap, values)| node_array(&self.graph, tap, n, values)).collect())
    }

    fn gradient(
        &self,
        inputs: ArrayViewD<f32>,
        objective: &Objective,
        at: &[NodeId],
    ) -> Result<Gradients, ModelError> {
        let n = check_inputs(&self.graph, &inputs)?;
        objective.check(&self.graph, n)?;
        let places: Vec<Place> = at.iter().map(|&node| self.place(node)).collect::<Result<_, _>>()?;
        let mut wants = Wants::nothing(&self.network, true);
        objective.terms().iter().for_each(|term| wants.add(self.places[term.node.index()]));
        let of_places = places.iter().map(|&place| width(&self.network, place));
        let widths: Vec<usize> = std::iter::once(1).chain(of_places).collect();
        let inputs = inputs.as_standard_layout();
        let x = inputs.as_slice().expect("in standard layout");
        let mut arrays = self
            .by_chunks(n, &widths, |first, n_rows, parts| {
                let Some((values, gradients)) = parts.split_first_mut() else { return };
                let x = self.rows(x, first, n_rows);
                let terms = |row: usize| {
                    let terms = if first + row < n { objective.row(first + row) } else { &[] };
                    terms.iter().map(|term| self.placed(term))
                };
                self.with_rows(|buffers| {
                    buffers.forward(&self.network, &wants, &x, n_rows);
                    for (row, value) in values.iter_mut().enumerate() {
                        *value = buffers.sum(&self.network, &x, row, terms(row));
                    }
                    let asked = at.iter().zip(&places).zip(gradients);
                    let asked = asked.map(|((&node, &place), gradient)| Asked { node, place, gradient });
                    buffers.backward(&self.network, &wants, n_rows, terms, &mut asked.collect::<Vec<_>>());
                });
            })
            .into_iter();
        let values = arrays.next().unwrap_or_default();
        let at =
            at.iter().zip(arrays).map(|(&node, values)| node_array(&self.graph, node, n, values)).collect();
        Ok(Gradients { values, at })
    }
}
