//! One chunk of samples on its way through a graph.

use burn::tensor::{Tensor, TensorData};

use super::plan::Plan;
use super::room::Room;
use super::step::Step;
use crate::graph::NodeId;
use crate::tensors::values;

/// Values of a node for those that take them.
enum Held<'a> {
    /// Not yet computed, or no longer needed.
    Nothing,
    /// Where they are handed out, or the inputs.
    Slice(&'a [f32]),
    /// In a buffer, which may be longer.
    Buffer(Vec<f32>),
    /// In burn: a row for each sample of a whole chunk, or one for all of them; and where they are handed out, too.
    Tensor { tensor: Box<Tensor<2>>, home: Option<&'a [f32]> },
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
        let mut held: Vec<Held<'a>> = n_takers.iter().map(|_| Held::Nothing).collect();
        held[NodeId::INPUT.index()] = Held::Slice(x);
        Pass { plan, n, n_takers: n_takers.to_vec(), held, room }
    }

    /// Computes a node, into its home where its values are handed out.
    pub fn compute(&mut self, id: NodeId, home: Option<&'a mut [f32]>) {
        let inputs: Vec<NodeId> = self.plan.inputs(id).collect();
        self.held[id.index()] = match self.plan.step(id) {
            _ if id == NodeId::INPUT => self.input(home),
            Step::Burn => self.by_burn(id, &inputs, home),
            step => self.here(step, id, &inputs, home),
        };
        inputs.into_iter().for_each(|input| self.release(input));
    }

    fn input(&self, home: Option<&'a mut [f32]>) -> Held<'a> {
        let Held::Slice(x) = self.held[NodeId::INPUT.index()] else { unreachable!("the input is given") };
        if let Some(home) = home {
            home.copy_from_slice(x);
        }
        Held::Slice(x)
    }

    fn here(&mut self, step: &Step, id: NodeId, inputs: &[NodeId], home: Option<&'a mut [f32]>) -> Held<'a> {
        inputs.iter().for_each(|&input| self.fetch(input));
        let len = self.len(id);
        let mut buffer = if home.is_some() { Vec::new() } else { self.room.take(len) };
        let taken: Vec<&[f32]> = inputs.iter().map(|&input| self.slice(input)).collect();
        match home {
            Some(home) => {
                step.compute(&taken, home);
                Held::Slice(home)
            }
            None => {
                step.compute(&taken, &mut buffer[..len]);
                Held::Buffer(buffer)
            }
        }
    }

    fn by_burn(&mut self, id: NodeId, inputs: &[NodeId], home: Option<&'a mut [f32]>) -> Held<'a> {
        let tensors = inputs.iter().map(|&input| self.tensor(input)).collect();
        let tensor = self.plan.by_burn(id, tensors);
        match home {
            Some(home) if self.n_takers[id.index()] == 0 => {
                rows_into(tensor, home);
                Held::Nothing
            }
            Some(home) => {
                rows_into(tensor.clone(), home);
                Held::Tensor { tensor: tensor.into(), home: Some(home) }
            }
            None => Held::Tensor { tensor: tensor.into(), home: None },
        }
    }

    /// Values of all samples of the chunk.
    fn len(&self, id: NodeId) -> usize {
        self.n * self.plan.n_units(id)
    }

    /// Brings values over from burn.
    fn fetch(&mut self, id: NodeId) {
        if let Held::Tensor { home: None, .. } = self.held[id.index()] {
            let (tensor, len) = (self.tensor(id), self.len(id));
            let mut buffer = self.room.take(len);
            rows_into(tensor, &mut buffer[..len]);
            self.held[id.index()] = Held::Buffer(buffer);
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
            if let Held::Buffer(buffer) = held {
                self.room.give(buffer);
            }
        }
    }

    /// Values that are not in burn.
    fn slice(&self, id: NodeId) -> &[f32] {
        match &self.held[id.index()] {
            Held::Slice(slice) | Held::Tensor { home: Some(slice), .. } => slice,
            Held::Buffer(buffer) => &buffer[..self.len(id)],
            Held::Nothing | Held::Tensor { home: None, .. } => unreachable!("values that were fetched"),
        }
    }

    /// Values as burn takes them, of a whole chunk. The last who takes a tensor gets it itself, and burn may compute in its
    /// memory.
    pub fn tensor(&mut self, id: NodeId) -> Tensor<2> {
        let is_last = self.n_takers[id.index()] == 1;
        match &mut self.held[id.index()] {
            Held::Tensor { tensor, .. } if !is_last => return Tensor::clone(tensor),
            held @ Held::Tensor { .. } => {
                if let Held::Tensor { tensor, .. } = std::mem::replace(held, Held::Nothing) {
                    return *tensor;
                }
            }
            _ => {}
        }
        let (n_rows, n_units) = (self.plan.chunk, self.plan.n_units(id));
        let mut rows = Vec::with_capacity(n_rows * n_units);
        rows.extend_from_slice(self.slice(id));
        rows.resize(n_rows * n_units, 0.0);
        Tensor::from_data(TensorData::new(rows, [n_rows, n_units]), self.plan.device())
    }

    /// One of those that take a node's values has taken them.
    fn release(&mut self, id: NodeId) {
        let n_takers = &mut self.n_takers[id.index()];
        *n_takers -= 1;
        if 0 < *n_takers {
            return;
        }
        if let Held::Buffer(buffer) = std::mem::replace(&mut self.held[id.index()], Held::Nothing) {
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
