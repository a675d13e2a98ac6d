//! The graph in the making: nodes, weights, and what the file's names stand for.

use std::collections::HashMap;
use std::rc::Rc;

use ndarray::{ArrayD, IxDyn};

use super::attributes::Call;
use super::known::Size;
use super::taken::axis_of;
use super::value::{Computed, Constant, Value};
use super::wrong::{Outcome, Wrong, bad, mixes};
use crate::graph::{Arrange, GraphBuilder, GraphError, NodeId, Op, TensorOp};
use crate::weights::Weights;

/// Nodes of a graph at most.
const MAX_NODES: usize = 10_000;
/// How often a file's weights may be copied into nodes and while they are computed with, as a multiple of their number;
/// some nodes share theirs.
const MAX_COPIES: usize = 8;
/// Values beside those that a file of few weights may have.
const SPARE_VALUES: usize = 1 << 20;

/// What becomes of axis 0 of the file's inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch {
    /// It is that of the samples, of any number.
    Any,
    /// It is that of the samples, though the file knows one number alone.
    Fixed(usize),
    /// All that the file calls its input is one sample.
    Whole,
}

/// Where the values of a constant lie, and its shape there.
type Place = (*const Constant, Vec<usize>);

/// The graph in the making.
pub struct Translation {
    pub builder: GraphBuilder,
    pub weights: Weights,
    pub batch: Batch,
    /// Nodes of constants, by where their values lie and what shape they have there.
    constants: HashMap<Place, (Rc<Constant>, NodeId)>,
    /// Values that may still be copied.
    budget: usize,
}

impl Translation {
    pub fn new(builder: GraphBuilder, batch: Batch, n_weights: usize) -> Translation {
        let budget = n_weights.saturating_mul(MAX_COPIES).saturating_add(SPARE_VALUES);
        Translation { builder, weights: Weights::default(), batch, constants: HashMap::new(), budget }
    }

    /// Takes note of values that are copied.
    pub fn spend(&mut self, n_values: usize) -> Outcome<()> {
        self.budget = self
            .budget
            .checked_sub(n_values)
            .ok_or(Wrong::Bad("needs more copies of the weights than a network does".into()))?;
        Ok(())
    }

    /// Adds a node.
    pub fn add(&mut self, name: &str, op: Op, inputs: &[NodeId]) -> Outcome<NodeId> {
        if MAX_NODES <= self.builder.nodes().len() {
            return bad(format!("is one of more than {MAX_NODES}"));
        }
        self.builder.add(name, op, inputs).map_err(|error| match error {
            GraphError::Op { reason, .. } => Wrong::Bad(reason.to_string()),
            error => Wrong::Bad(error.to_string()),
        })
    }

    /// Adds a step within a node of the file, named after it.
    pub fn step(&mut self, call: &Call<'_>, word: &str, op: Op, inputs: &[NodeId]) -> Outcome<NodeId> {
        let name = self.free(&format!("{}.{word}", call.name));
        self.add(&name, op, inputs)
    }

    /// Adds the node of a call.
    pub fn node(
        &mut self,
        call: &Call<'_>,
        op: Op,
        inputs: &[NodeId],
        like: Computed,
    ) -> Outcome<Vec<Value>> {
        let id = self.add(&call.name, op, inputs)?;
        Ok(vec![Value::Node(Computed { id, ..like })])
    }

    /// Adds the node of a call to an op of one sample, with what it learns. Where the file's axis 0 is not that of the
    /// samples, the op is computed for each along it.
    pub fn layer(
        &mut self,
        call: &Call<'_>,
        op: Op,
        x: Computed,
        parameters: Vec<(&str, ArrayD<f32>)>,
    ) -> Outcome<Vec<Value>> {
        let op = if x.is_batched { op } else { Op::Each(Box::new(op)) };
        let given = self.node(call, op, &[x.id], Computed { is_whole: false, ..x })?;
        for (name, values) in parameters {
            self.learn(&call.name, name, values)?;
        }
        Ok(given)
    }

    pub fn learn(&mut self, node: &str, parameter: &str, values: ArrayD<f32>) -> Outcome<()> {
        self.spend(values.len())?;
        self.weights.set(node, parameter, values);
        Ok(())
    }

    /// A name that no node has.
    pub fn free(&self, name: &str) -> String {
        let mut free = name.to_string();
        for i in 2.. {
            if !self.builder.has(&free) {
                break;
            }
            free = format!("{name}#{i}");
        }
        free
    }

    /// The node of a value; of what is known, one that holds it.
    pub fn computed(&mut self, value: &Value) -> Outcome<Computed> {
        match value {
            Value::Node(computed) => Ok(*computed),
            Value::Known(constant) => {
                let shape = constant.array.shape().to_vec();
                let id = self.constant(constant, shape)?;
                Ok(Computed { id, is_batched: false, is_whole: constant.array.is_whole() })
            }
        }
    }

    /// The node of a known array as one of this shape, which has as many values.
    pub fn constant(&mut self, constant: &Rc<Constant>, shape: Vec<usize>) -> Outcome<NodeId> {
        let key = (Rc::as_ptr(constant), shape.clone());
        if let Some((_, id)) = self.constants.get(&key) {
            return Ok(*id);
        }
        let Some(values) = constant.array.floats() else {
            return mixes("computes with the number of samples");
        };
        let n = values.len();
        let row = values.into_shape_with_order(IxDyn(&[n])).or(bad("holds values in no order"))?;
        let (name, is_learnt) = (self.free(&constant.name), constant.is_learnt);
        let id = self.add(&name, Op::Tensor(TensorOp::Constant { shape, is_learnt }), &[])?;
        self.learn(&name, "value", row)?;
        self.constants.insert(key, (constant.clone(), id));
        Ok(id)
    }

    /// The shape of a node's values of one sample.
    pub fn of_sample(&self, computed: Computed) -> &[usize] {
        &self.builder.nodes()[computed.id.index()].shape
    }

    /// The shape that the file sees.
    pub fn shape(&self, value: &Value) -> Vec<Size> {
        let number = |&size: &usize| Size::Number(size as i64);
        match value {
            Value::Known(constant) => constant.array.shape().iter().map(number).collect(),
            Value::Node(computed) => {
                let batch = computed.is_batched.then_some(Size::Batch);
                batch.into_iter().chain(self.of_sample(*computed).iter().map(number)).collect()
            }
        }
    }

    pub fn n_axes(&self, value: &Value) -> usize {
        match value {
            Value::Known(constant) => constant.array.shape().len(),
            Value::Node(computed) => self.of_sample(*computed).len() + usize::from(computed.is_batched),
        }
    }

    /// The axis of a sample that the file calls so.
    pub fn axis(&self, x: Computed, axis: i64) -> Outcome<usize> {
        let n_axes = self.of_sample(x).len() + usize::from(x.is_batched);
        let axis = axis_of(axis, n_axes)?;
        match x.is_batched {
            true => axis.checked_sub(1).map_or_else(|| mixes("works along the axis of the samples"), Ok),
            false => Ok(axis),
        }
    }

    /// Nodes whose values of one sample are stretched to each other as the file's are, and whether one of them is
    /// batched.
    pub fn aligned(&mut self, call: &Call<'_>, values: &[Value]) -> Outcome<(Vec<NodeId>, bool)> {
        let is_batched = |value: &Value| matches!(value, Value::Node(computed) if computed.is_batched);
        let n_axes = values.iter().map(|value| self.n_axes(value)).max().unwrap_or(0);
        if !values.iter().any(is_batched) {
            let nodes: Outcome<Vec<NodeId>> =
                values.iter().map(|value| Ok(self.computed(value)?.id)).collect();
            return Ok((nodes?, false));
        }
        let mut nodes = Vec::with_capacity(values.len());
        for (place, value) in values.iter().enumerate() {
            let n = self.n_axes(value);
            let id = match value {
                Value::Node(computed) if computed.is_batched => match n == n_axes {
                    true => computed.id,
                    false => return mixes("stretches the axis of the samples"),
                },
                _ if n < n_axes => self.computed(value)?.id,
                _ => self.without_first(call, value, place)?,
            };
            nodes.push(id);
        }
        Ok((nodes, true))
    }

    /// What is the same for all samples, with its first axis, of one value, left out.
    pub fn without_first(&mut self, call: &Call<'_>, value: &Value, place: usize) -> Outcome<NodeId> {
        let shape = match value {
            Value::Known(constant) => constant.array.shape().to_vec(),
            Value::Node(computed) => self.of_sample(*computed).to_vec(),
        };
        let [1, rest @ ..] = &shape[..] else {
            return mixes("takes an array with values for each sample of a batch");
        };
        match value {
            Value::Known(constant) => self.constant(constant, rest.to_vec()),
            Value::Node(computed) => {
                let reshape = Arrange::Reshape { shape: rest.to_vec() };
                let id = computed.id;
                self.step(call, &format!("input{}", place + 1), Op::Tensor(TensorOp::Arrange(reshape)), &[id])
            }
        }
    }
}
