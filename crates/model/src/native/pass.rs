//! One chunk of samples on its way through a graph.

use burn::tensor::{Tensor, TensorData};

use super::plan::Plan;
use super::room::Room;
use super::step::Step;
use crate::graph::NodeId;
use crate::tensors::values;

/// Values of a node for those that take them; nothing before they are computed, and when nobody needs them any more.
#[derive(Default)]
struct Held<'a> {
    /// Of all samples of the chunk.
    rows: Option<Rows<'a>>,
    /// In burn: a row for each sample of a whole chunk, or one for all of them.
    tensor: Option<Tensor<2>>,
}

enum Rows<'a> {
    /// Where they are handed out, or the inputs.
    Slice(&'a [f32]),
    /// In a buffer, which may be longer.
    Buffer(Vec<f32>),
}

/// Values of all nodes of a chunk as long as somebody will take them.
pub struct Pass<'a> {
    plan: &'a Plan,
    /// Samples of this chunk.
    n: usize,
    /// By node, how many nodes will take its values still.
    n_takers: Vec<usize>,
    held: Vec<Held<'a>>,
    room: &'a mut Room,
}

impl<'a> Pass<'a> {
    /// A chunk `x [n, n_units]`, with the number of nodes that take each node's values.
    pub fn new(plan: &'a Plan, x: &'a [f32], n: usize, n_takers: &[usize], room: &'a mut Room) -> Pass<'a> {
        let mut held: Vec<Held<'a>> = n_takers.iter().map(|_| Held::default()).collect();
        held[NodeId::INPUT.index()].rows = Some(Rows::Slice(x));
        Pass { plan, n, n_takers: n_takers.to_vec(), held, room }
    }

    /// Computes a node, into its home where its values are handed out.
    pub fn compute(&mut self, id: NodeId, home: Option<&'a mut [f32]>) {
        let inputs: Vec<NodeId> = self.plan.inputs(id).collect();
        match self.plan.step(id) {
            _ if id == NodeId::INPUT => {
                if let Some(home) = home {
                    home.copy_from_slice(self.slice(id));
                }
            }
            Step::Burn => self.by_burn(id, &inputs, home),
            step => self.here(step, id, &inputs, home),
        }
        inputs.into_iter().for_each(|input| self.release(input));
    }

    fn here(&mut self, step: &Step, id: NodeId, inputs: &[NodeId], home: Option<&'a mut [f32]>) {
        inputs.iter().for_each(|&input| self.fetch(input));
        let len = self.len(id);
        let mut buffer = if home.is_some() { Vec::new() } else { self.room.take(len) };
        let taken: Vec<&[f32]> = inputs.iter().map(|&input| self.slice(input)).collect();
        let rows = match home {
            Some(home) => {
                step.compute(&taken, home);
                Rows::Slice(home)
            }
            None => {
                step.compute(&taken, &mut buffer[..len]);
                Rows::Buffer(buffer)
            }
        };
        self.held[id.index()].rows = Some(rows);
    }

    fn by_burn(&mut self, id: NodeId, inputs: &[NodeId], home: Option<&'a mut [f32]>) {
        let tensors = inputs.iter().map(|&input| self.tensor(input)).collect();
        let tensor = self.plan.by_burn(id, tensors);
        let is_taken = 0 < self.n_takers[id.index()];
        let held = &mut self.held[id.index()];
        held.tensor = is_taken.then(|| tensor.clone());
        if let Some(home) = home {
            rows_into(tensor, home);
            held.rows = Some(Rows::Slice(home));
        }
    }

    /// Values of all samples of the chunk.
    fn len(&self, id: NodeId) -> usize {
        self.n * self.plan.n_units(id)
    }

    /// Brings values over from burn.
    fn fetch(&mut self, id: NodeId) {
        if self.held[id.index()].rows.is_none() {
            let (tensor, len) = (self.tensor(id), self.len(id));
            let mut buffer = self.room.take(len);
            rows_into(tensor, &mut buffer[..len]);
            self.held[id.index()].rows = Some(Rows::Buffer(buffer));
        }
    }

    /// The values of a node of all samples.
    pub fn values(&mut self, id: NodeId) -> &[f32] {
        self.fetch(id);
        self.slice(id)
    }

    /// A buffer of at least so many values; what they are is not told.
    pub fn take(&mut self, len: usize) -> Vec<f32> {
        self.room.take(len)
    }

    /// Gives one back.
    pub fn give(&mut self, buffer: Vec<f32>) {
        self.room.give(buffer);
    }

    /// Gives all buffers back.
    pub fn end(self) {
        for held in self.held {
            if let Some(Rows::Buffer(buffer)) = held.rows {
                self.room.give(buffer);
            }
        }
    }

    /// Values that are not in burn alone.
    fn slice(&self, id: NodeId) -> &[f32] {
        match self.held[id.index()].rows.as_ref().expect("values that were fetched") {
            Rows::Slice(slice) => slice,
            Rows::Buffer(buffer) => &buffer[..self.len(id)],
        }
    }

    /// Values as burn takes them, of a whole chunk. The last who takes a tensor gets it itself, and burn may compute in its
    /// memory.
    pub fn tensor(&mut self, id: NodeId) -> Tensor<2> {
        let tensor = &mut self.held[id.index()].tensor;
        let tensor = if self.n_takers[id.index()] <= 1 { tensor.take() } else { tensor.clone() };
        tensor.unwrap_or_else(|| {
            let (n_rows, n_units) = (self.plan.chunk, self.plan.n_units(id));
            let mut rows = Vec::with_capacity(n_rows * n_units);
            rows.extend_from_slice(self.slice(id));
            rows.resize(n_rows * n_units, 0.0);
            Tensor::from_data(TensorData::new(rows, [n_rows, n_units]), self.plan.device())
        })
    }

    /// One of those that take a node's values has taken them.
    fn release(&mut self, id: NodeId) {
        let n_takers = &mut self.n_takers[id.index()];
        *n_takers -= 1;
        if 0 < *n_takers {
            return;
        }
        if let Held { rows: Some(Rows::Buffer(buffer)), .. } = std::mem::take(&mut self.held[id.index()]) {
            self.room.give(buffer);
        }
    }
}

/// The first rows of a tensor, or its one row for each of them.
fn rows_into(tensor: Tensor<2>, rows: &mut [f32]) {
    let [n_rows, n_units] = tensor.dims();
    let values = values(tensor);
    match n_rows {
        1 => rows.chunks_exact_mut(n_units).for_each(|row| row.copy_from_slice(&values)),
        _ => rows.copy_from_slice(&values[..rows.len()]),
    }
}
