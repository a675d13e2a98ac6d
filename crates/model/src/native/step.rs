//! How the values of each node are computed.

use std::sync::OnceLock;

use super::batch_norm::BatchNorm;
use super::concat::{concat, concat_back};
use super::conv::Conv;
use super::conv_back::ConvBack;
use super::elementwise::{activate, activate_back, add};
use super::pool::{Pool, global_average, global_average_back};
use crate::graph::{Activation, Arrange, Graph, NodeId, Op, Reduce, Reduction, TensorOp, Window};
use crate::kernels::plane::Plane;
use crate::weights::Weights;

/// Taps of a channel that filters of ours have at most: they are lowered together.
const MOST_TAPS: usize = 1 << 12;

/// Whether filters have few taps, and every place sees some of the image, or could.
fn is_usual(window: &Window) -> bool {
    let reach = |(&size, &dilation): (&usize, &usize)| (size - 1).saturating_mul(dilation);
    let reaches = window.size.iter().zip(&window.dilation).map(reach);
    let is_near =
        window.padding.iter().zip(reaches).all(|(&(before, after), reach)| before.max(after) <= reach);
    is_near && window.size.iter().product::<usize>() <= MOST_TAPS
}

/// What computes the values of a node.
#[derive(Debug)]
pub enum Step {
    Conv {
        conv: Box<Conv>,
        /// From the first way back on.
        back: OnceLock<Box<ConvBack>>,
    },
    MaxPool(Pool),
    AveragePool {
        pool: Pool,
        counts_padding: bool,
    },
    /// Of channels of so many values.
    GlobalAverage(usize),
    BatchNorm(BatchNorm),
    Add,
    Activation(Activation),
    /// Of inputs of so many values from an axis on.
    Concat(Vec<usize>),
    /// The values of the node before it, as they are.
    Same,
    /// burn.
    Burn,
}

impl Step {
    /// That of a node, of weights that are the graph's.
    pub fn of(graph: &Graph, id: NodeId, weights: &Weights) -> Step {
        let node = &graph[id];
        let Some(&input) = node.inputs.first() else { return Step::Burn };
        let shape = &graph[input].shape;
        let n_places = || shape[1..].iter().product();
        let parameter = |name| weights.get(&node.name, name).expect("weights of the graph");
        let values = |name| -> Vec<f32> { parameter(name).iter().copied().collect() };
        match &node.op {
            Op::Conv { n_filters, window, groups, has_bias } if is_usual(window) => {
                let bias = if *has_bias { values("bias") } else { vec![0.0; *n_filters] };
                let conv = Conv::new(Plane::of(shape, window), *groups, &values("weight"), bias);
                Step::Conv { conv: conv.into(), back: OnceLock::new() }
            }
            Op::MaxPool { window } => Step::MaxPool(Pool::new(Plane::of(shape, window))),
            Op::AveragePool { window, counts_padding } => Step::AveragePool {
                pool: Pool::new(Plane::of(shape, window)),
                counts_padding: *counts_padding,
            },
            Op::GlobalAveragePool => Step::GlobalAverage(n_places()),
            Op::BatchNorm { epsilon, .. } => {
                let parameters = ["weight", "bias", "running_mean", "running_var"].map(values);
                Step::BatchNorm(BatchNorm::new(
                    parameters.each_ref().map(Vec::as_slice),
                    *epsilon,
                    n_places(),
                ))
            }
            Op::Add => Step::Add,
            Op::Activation(activation) => Step::Activation(*activation),
            // In use nothing is dropped, and another shape is that of the same values.
            Op::Flatten | Op::Dropout { .. } | Op::Tensor(TensorOp::Arrange(Arrange::Reshape { .. })) => {
                Step::Same
            }
            Op::Tensor(TensorOp::Arrange(Arrange::Concat { axis })) => {
                let length = |&input: &NodeId| graph[input].shape[*axis..].iter().product();
                Step::Concat(node.inputs.iter().map(length).collect())
            }
            Op::Tensor(TensorOp::Reduce(Reduce { kind: Reduction::Mean, axes, .. }))
                if axes.iter().copied().eq(shape.len() - axes.len()..shape.len()) =>
            {
                Step::GlobalAverage(shape[shape.len() - axes.len()..].iter().product())
            }
            Op::Input
            | Op::Dense { .. }
            | Op::Conv1d { .. }
            | Op::Conv { .. }
            | Op::Softmax
            | Op::Each(_)
            | Op::Tensor(_) => Step::Burn,
        }
    }

    /// Computes the values of all samples from those of the nodes before it.
    ///
    /// # Panics
    /// If that is burn's to do, or nothing is to be computed.
    pub fn compute(&self, inputs: &[&[f32]], z: &mut [f32]) {
        match self {
            Step::Conv { conv, .. } => conv.forward(inputs[0], z),
            Step::MaxPool(pool) => pool.max(inputs[0], z),
            Step::AveragePool { pool, counts_padding } => pool.average(*counts_padding, inputs[0], z),
            Step::GlobalAverage(n_values) => global_average(*n_values, inputs[0], z),
            Step::BatchNorm(norm) => norm.forward(inputs[0], z),
            Step::Add => add(inputs, z),
            Step::Activation(activation) => activate(*activation, inputs[0], z),
            Step::Concat(lengths) => concat(lengths, inputs, z),
            Step::Same | Step::Burn => unreachable!("a step that is computed here"),
        }
    }

    /// Of the gradient `dz` of its values that of one of its inputs, whose values are `x`.
    ///
    /// # Panics
    /// If that is burn's to do.
    pub fn pull(&self, place: usize, x: &[f32], dz: &[f32], dx: &mut [f32]) {
        match self {
            Step::Conv { conv, back } => back.get_or_init(|| ConvBack::of(conv).into()).backward(dz, dx),
            Step::MaxPool(pool) => pool.max_back(x, dz, dx),
            Step::AveragePool { pool, counts_padding } => pool.average_back(*counts_padding, dz, dx),
            Step::GlobalAverage(n_values) => global_average_back(*n_values, dz, dx),
            Step::BatchNorm(norm) => norm.backward(dz, dx),
            Step::Activation(activation) => activate_back(*activation, x, dz, dx),
            Step::Concat(lengths) => concat_back(lengths, place, dz, dx),
            Step::Add | Step::Same => dx.copy_from_slice(dz),
            Step::Burn => unreachable!("a step that goes back here"),
        }
    }
}
