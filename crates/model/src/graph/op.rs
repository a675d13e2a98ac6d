//! What a node computes: the ops, the shape that each gives, and what each learns.

use std::fmt;

use super::activation::Activation;
use super::parameter::{Parameter, Role};

/// What a node computes from its inputs. Shapes are those of one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// What the network is given.
    Input,
    /// `z = W x + b`: every unit sees every input. `[n_in]` → `[n_units]`; W is `[n_units, n_in]`.
    Dense {
        /// Units.
        n_units: usize,
    },
    /// `z[i] = b + Σ_k w[k] x[i + k − p]`: one filter along a signal, unit stride, same padding; not flipped, as in all
    /// frameworks. Of an even number of taps, the one more lies to the right, as in PyTorch.
    /// `[length]` → `[length]`; w is `[1, 1, kernel_size]`.
    Conv1d {
        /// Taps of the filter.
        kernel_size: usize,
    },
    /// A function of every unit alone.
    Activation(Activation),
    /// Sets a share of the units to zero in training and scales the others by 1 / (1 − share); otherwise nothing.
    Dropout {
        /// From 0 to below 1.
        share: f64,
    },
    /// `e^z_j / Σ_k e^z_k` over the last axis.
    Softmax,
}

/// What an op cannot do with its inputs or its settings, and what would be right.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OpError {
    /// Too few or too many nodes before it.
    #[error("takes {expected} inputs, not {found}")]
    Inputs {
        /// What would be right.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// Inputs of another number of axes.
    #[error("takes a vector [n] of each sample, not an array of shape {found:?}")]
    NotAVector {
        /// The shape that comes in.
        found: Vec<usize>,
    },
    /// A sample without values.
    #[error("a sample has at least one value, not the shape {shape:?}")]
    Empty {
        /// The shape.
        shape: Vec<usize>,
    },
    /// A layer without units.
    #[error("has at least 1 unit, not 0")]
    NoUnits,
    /// A filter that does not fit its signal.
    #[error("a filter on {length} values has 1 to {length} taps, not {kernel_size}")]
    KernelSize {
        /// Its taps.
        kernel_size: usize,
        /// Length of the signal.
        length: usize,
    },
    /// A share out of range.
    #[error("a share lies at 0 to below 1, not at {share}")]
    Share {
        /// The share.
        share: f64,
    },
}

impl Op {
    /// The shape of what it computes from `inputs`, the shapes of what its nodes before it compute. The shape of an
    /// input is not computed but given.
    ///
    /// # Errors
    /// When there are too few or too many inputs, their shapes do not fit, or a setting is out of range.
    pub fn shape(&self, inputs: &[&[usize]]) -> Result<Vec<usize>, OpError> {
        match *self {
            Op::Input => Err(OpError::Inputs { expected: 0, found: inputs.len() }),
            Op::Dense { n_units } => match vector(inputs)? {
                _ if n_units == 0 => Err(OpError::NoUnits),
                _ => Ok(vec![n_units]),
            },
            Op::Conv1d { kernel_size } => match vector(inputs)? {
                length if (1..=length).contains(&kernel_size) => Ok(vec![length]),
                length => Err(OpError::KernelSize { kernel_size, length }),
            },
            Op::Dropout { share } if !(0.0..1.0).contains(&share) => Err(OpError::Share { share }),
            Op::Activation(_) | Op::Dropout { .. } | Op::Softmax => Ok(one(inputs)?.to_vec()),
        }
    }

    /// What it learns, from shapes that [`Op::shape`] accepts.
    pub fn parameters(&self, inputs: &[&[usize]]) -> Vec<Parameter> {
        match *self {
            Op::Dense { n_units } => {
                let n_in = inputs.iter().map(|shape| shape.iter().product::<usize>()).sum();
                weight_and_bias(vec![n_units, n_in], n_in, n_units)
            }
            // A filter has one channel in and one out, so both fans are its taps.
            Op::Conv1d { kernel_size } => weight_and_bias(vec![1, 1, kernel_size], kernel_size, kernel_size),
            Op::Input | Op::Activation(_) | Op::Dropout { .. } | Op::Softmax => Vec::new(),
        }
    }

    /// Whether each of its units sees a part of its inputs alone.
    pub fn is_local(&self) -> bool {
        matches!(self, Op::Conv1d { .. })
    }
}

/// A weight and a bias with a value per row of it.
fn weight_and_bias(shape: Vec<usize>, fan_in: usize, fan_out: usize) -> Vec<Parameter> {
    let bias = vec![shape[0]];
    vec![
        Parameter { name: "weight", shape, role: Role::Weight, fan_in, fan_out },
        Parameter { name: "bias", shape: bias, role: Role::Bias, fan_in, fan_out },
    ]
}

fn one<'a>(inputs: &[&'a [usize]]) -> Result<&'a [usize], OpError> {
    match inputs {
        [shape] => Ok(shape),
        _ => Err(OpError::Inputs { expected: 1, found: inputs.len() }),
    }
}

fn vector(inputs: &[&[usize]]) -> Result<usize, OpError> {
    match one(inputs)? {
        [n] => Ok(*n),
        found => Err(OpError::NotAVector { found: found.to_vec() }),
    }
}

/// As a diagram names it: `dense`, `conv 7`, `ReLU`.
impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Input => f.write_str("input"),
            Op::Dense { .. } => f.write_str("dense"),
            Op::Conv1d { kernel_size } => write!(f, "conv {kernel_size}"),
            Op::Activation(activation) => f.write_str(activation.title()),
            Op::Dropout { share } => write!(f, "dropout {share}"),
            Op::Softmax => f.write_str("softmax"),
        }
    }
}
