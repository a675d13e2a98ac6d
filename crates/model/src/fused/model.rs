//! A network prepared for questions: weights as the products read them, and buffers that are used again.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use ndarray::{ArrayD, ArrayViewD, CowArray, IxDyn};
use rayon::prelude::*;

use super::layer::{Keeps, Layer};
use super::network::FusedNetwork;
use super::rows::{Asked, PlacedTerm, Rows, Wants, layout};
use crate::chain::{Chain, Place};
use crate::error::ModelError;
use crate::graph::{Graph, NodeId};
use crate::kernels::product::is_large;
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
        let network = FusedNetwork::new(&chain, weights, Keeps::default());
        let chunk = network.chunk();
        let is_wide = network.layers.iter().any(|layer| match layer {
            Layer::Dense(dense) => is_large(chunk, dense.n_out, dense.n_in),
            _ => false,
        });
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

    /// The rows of `inputs` one after the other. Where fewer would be summed in another order, rows of zeros fill the
    /// last chunk.
    fn whole_chunks<'a>(&self, inputs: &'a CowArray<'_, f32, IxDyn>) -> Cow<'a, [f32]> {
        let x = inputs.as_slice().expect("in standard layout");
        let of_chunk = self.network.chunk() * self.network.layouts[0].width;
        if !self.is_wide || x.len().is_multiple_of(of_chunk) {
            return x.into();
        }
        let mut whole = x.to_vec();
        whole.resize(x.len().next_multiple_of(of_chunk), 0.0);
        whole.into()
    }

    /// Arrays of zeros for `n` rows of so many values each, filled by `work`: chunk by chunk, it gets the number of a
    /// chunk's first row and the chunk's part of every array.
    fn by_chunks(
        chunk: usize,
        n: usize,
        widths: &[usize],
        work: impl Fn(usize, &mut [&mut [f32]]) + Sync,
    ) -> Vec<Vec<f32>> {
        let mut arrays: Vec<Vec<f32>> = widths.iter().map(|width| vec![0.0; n * width]).collect();
        if n <= chunk {
            let mut whole: Vec<&mut [f32]> = arrays.iter_mut().map(Vec::as_mut_slice).collect();
            if 0 < n {
                work(0, &mut whole);
            }
            return arrays;
        }
        let mut chunks: Vec<Vec<&mut [f32]>> =
            (0..n.div_ceil(chunk)).map(|_| Vec::with_capacity(widths.len())).collect();
        for (array, width) in arrays.iter_mut().zip(widths) {
            chunks.iter_mut().zip(array.chunks_mut(chunk * width)).for_each(|(parts, part)| parts.push(part));
        }
        chunks.par_iter_mut().enumerate().for_each(|(place, parts)| work(place * chunk, parts));
        arrays
    }

    /// The first `n` rows of a node's values.
    fn array(&self, node: NodeId, n: usize, mut values: Vec<f32>) -> ArrayD<f32> {
        values.truncate(n * self.graph[node].n_units());
        node_array(&self.graph, node, n, values)
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
        let widths: Vec<usize> = places.iter().map(|&place| layout(&self.network, place).width).collect();
        let inputs = inputs.as_standard_layout();
        let x = self.whole_chunks(&inputs);
        let (n_inputs, chunk) = (self.network.layouts[0].width, self.network.chunk());
        let n_computed = x.len() / n_inputs;
        let values = FusedModel::by_chunks(chunk, n_computed, &widths, |first, parts| {
            let rows = chunk.min(n_computed - first);
            let x = &x[first * n_inputs..][..rows * n_inputs];
            let parts = parts.iter_mut().map(|part| &mut **part);
            let mut outputs: Vec<(Place, &mut [f32])> = places.iter().copied().zip(parts).collect();
            self.with_rows(|buffers| buffers.forward(&self.network, &wants, x, rows, &mut outputs));
        });
        Ok(taps.iter().zip(values).map(|(&tap, values)| self.array(tap, n, values)).collect())
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
        let of_places = places.iter().map(|&place| layout(&self.network, place).width);
        let widths: Vec<usize> = std::iter::once(1).chain(of_places).collect();
        let inputs = inputs.as_standard_layout();
        let x = self.whole_chunks(&inputs);
        let (n_inputs, chunk) = (self.network.layouts[0].width, self.network.chunk());
        let mut arrays = FusedModel::by_chunks(chunk, x.len() / n_inputs, &widths, |first, parts| {
            let Some((values, gradients)) = parts.split_first_mut() else { return };
            let rows = values.len();
            let x = &x[first * n_inputs..][..rows * n_inputs];
            let terms = |row: usize| {
                let terms = if first + row < n { objective.row(first + row) } else { &[] };
                terms.iter().map(|term| self.placed(term))
            };
            self.with_rows(|buffers| {
                buffers.forward(&self.network, &wants, x, rows, &mut []);
                for (row, value) in values.iter_mut().enumerate() {
                    *value = buffers.sum(&self.network, x, row, terms(row));
                }
                let asked = at.iter().zip(&places).zip(gradients);
                let asked = asked.map(|((&node, &place), gradient)| Asked { node, place, gradient });
                buffers.backward(&self.network, &wants, rows, terms, &mut asked.collect::<Vec<_>>());
            });
        })
        .into_iter();
        let mut values = arrays.next().unwrap_or_default();
        values.truncate(n);
        let at = at.iter().zip(arrays).map(|(&node, values)| self.array(node, n, values)).collect();
        Ok(Gradients { values, at })
    }
}
