//! What a node computes: the ops, the shape that each gives, and what each learns.

use super::activation::Activation;
use super::op_error::OpError;
use super::parameter::{Parameter, Role};
use super::tensor::TensorOp;
use super::window::Window;

/// What a node computes from its inputs. Shapes are those of one sample.
#[derive(Clone, Debug, PartialEq)]
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
    /// `z[f, p] = b[f] + Σ_{c, k} w[f, c, k] x[c, p · stride + k]`: filters over all channels of a signal or an image, not
    /// flipped. `[channels, length]` → `[n_filters, places]`, `[channels, height, width]` → `[n_filters, rows, columns]`;
    /// w is `[n_filters, channels / groups, kernel…]`.
    Conv {
        /// Filters: channels after it.
        n_filters: usize,
        /// Their taps.
        window: Window,
        /// Parts into which the channels before and after it are cut, each seeing its own alone; usually 1.
        groups: usize,
        /// Whether a bias is added.
        has_bias: bool,
    },
    /// The largest value of a window, channel by channel; shapes as of `Conv`.
    MaxPool {
        /// Its window.
        window: Window,
    },
    /// The mean of a window, channel by channel; shapes as of `Conv`.
    AveragePool {
        /// Its window.
        window: Window,
        /// Whether the zeros of the padding count among the values.
        counts_padding: bool,
    },
    /// The mean of each channel: `[channels, …]` → `[channels]`.
    GlobalAveragePool,
    /// `γ (x − μ) / √(v + ε) + β`, channel by channel of `[channels, …]` (Ioffe and Szegedy 2015). In training μ and v are
    /// the batch's, and their running means `μ ← (1 − momentum) μ + momentum · μ_batch` are kept; in use they are those.
    /// The running variance is of the batch's unbiased one, as in PyTorch.
    BatchNorm {
        /// ε.
        epsilon: f64,
        /// Share of a batch in the running means.
        momentum: f64,
    },
    /// The sum of its inputs, value by value.
    Add,
    /// All values of a sample in a row, the last axis fastest.
    Flatten,
    /// A function of every unit alone.
    Activation(Activation),
    /// Sets a share of the units to zero in training and scales the others by 1 / (1 − share); otherwise nothing.
    Dropout {
        /// From 0 to below 1.
        share: f64,
    },
    /// `e^z_j / Σ_k e^z_k` over the last axis.
    Softmax,
    /// An op of one input on each part along the first axis, with the same parameters.
    Each(Box<Op>),
    /// An op on tensors of any shape.
    Tensor(TensorOp),
}

impl Op {
    /// The shape of what it computes from `inputs`, the shapes of what its nodes before it compute. The shape of an
    /// input is not computed but given.
    ///
    /// # Errors
    /// When there are too few or too many inputs, their shapes do not fit, or a setting is out of range.
    pub fn shape(&self, inputs: &[&[usize]]) -> Result<Vec<usize>, OpError> {
        match self {
            Op::Input => Err(OpError::Inputs { expected: 0, found: inputs.len() }),
            Op::Dense { n_units } => match vector(inputs)? {
                _ if *n_units == 0 => Err(OpError::NoUnits),
                _ => Ok(vec![*n_units]),
            },
            Op::Conv1d { kernel_size } => match vector(inputs)? {
                length if (1..=length).contains(kernel_size) => Ok(vec![length]),
                length => Err(OpError::KernelSize { kernel_size: *kernel_size, length }),
            },
            Op::Conv { n_filters, window, groups, .. } => {
                let (channels, spatial) = spatial(inputs)?;
                if *n_filters == 0 {
                    return Err(OpError::NoUnits);
                }
                for channels in [channels, *n_filters] {
                    if *groups == 0 || channels % groups != 0 {
                        return Err(OpError::Groups { channels, groups: *groups });
                    }
                }
                Ok([&[*n_filters], &window.places(spatial)?[..]].concat())
            }
            Op::MaxPool { window } | Op::AveragePool { window, .. } => {
                let (channels, spatial) = spatial(inputs)?;
                Ok([&[channels], &window.places(spatial)?[..]].concat())
            }
            Op::GlobalAveragePool => Ok(vec![spatial(inputs)?.0]),
            Op::BatchNorm { .. } => match one(inputs)? {
                [] => Err(OpError::NotAVector { found: Vec::new() }),
                shape => Ok(shape.to_vec()),
            },
            Op::Add => {
                let first = inputs.first().ok_or(OpError::Inputs { expected: 2, found: 0 })?;
                match inputs.iter().find(|shape| shape != &first) {
                    Some(other) => {
                        Err(OpError::UnlikeShapes { first: first.to_vec(), other: other.to_vec() })
                    }
                    None => Ok(first.to_vec()),
                }
            }
            Op::Flatten => Ok(vec![one(inputs)?.iter().product()]),
            Op::Dropout { share } if !(0.0..1.0).contains(share) => Err(OpError::Share { share: *share }),
            Op::Activation(_) | Op::Dropout { .. } | Op::Softmax => Ok(one(inputs)?.to_vec()),
            Op::Each(op) => match one(inputs)? {
                [] => Err(OpError::NoAxis),
                [n, of_part @ ..] => Ok([&[*n], &op.shape(&[of_part])?[..]].concat()),
            },
            Op::Tensor(op) => op.shape(inputs),
        }
    }

    /// What it learns, from shapes that [`Op::shape`] accepts.
    pub fn parameters(&self, inputs: &[&[usize]]) -> Vec<Parameter> {
        match self {
            Op::Dense { n_units } => {
                let n_in = inputs.iter().map(|shape| shape.iter().product::<usize>()).sum();
                weight_and_bias(vec![*n_units, n_in], n_in, *n_units)
            }
            // A filter has one channel in and one out, so both fans are its taps.
            Op::Conv1d { kernel_size } => {
                weight_and_bias(vec![1, 1, *kernel_size], *kernel_size, *kernel_size)
            }
            Op::Conv { n_filters, window, groups, has_bias } => {
                let of_group = inputs[0][0] / groups;
                let n_taps = window.size.iter().fold(1, |product: usize, &size| product.saturating_mul(size));
                let fan_in = of_group.saturating_mul(n_taps);
                let fan_out = (n_filters / groups).saturating_mul(n_taps);
                let shape = [&[*n_filters, of_group], &window.size[..]].concat();
                let mut parameters = weight_and_bias(shape, fan_in, fan_out);
                parameters.truncate(1 + usize::from(*has_bias));
                parameters
            }
            Op::BatchNorm { .. } => {
                let channels = inputs[0][0];
                [
                    ("weight", Role::Scale),
                    ("bias", Role::Shift),
                    ("running_mean", Role::RunningMean),
                    ("running_var", Role::RunningVariance),
                ]
                .map(|(name, role)| Parameter { name, shape: vec![channels], role, fan_in: 1, fan_out: 1 })
                .into()
            }
            Op::Each(op) => op.parameters(&[&inputs[0][1..]]),
            Op::Tensor(op) => op.parameters(inputs),
            Op::Input
            | Op::MaxPool { .. }
            | Op::AveragePool { .. }
            | Op::GlobalAveragePool
            | Op::Add
            | Op::Flatten
            | Op::Activation(_)
            | Op::Dropout { .. }
            | Op::Softmax => Vec::new(),
        }
    }

    /// The op itself, or that of each part.
    pub fn of_part(&self) -> &Op {
        if let Op::Each(op) = self { op.of_part() } else { self }
    }

    /// Whether each of its units sees a part of its inputs alone.
    pub fn is_local(&self) -> bool {
        matches!(self.of_part(), Op::Conv1d { .. } | Op::Conv { .. })
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

/// The channels and the axes after them.
fn spatial<'a>(inputs: &[&'a [usize]]) -> Result<(usize, &'a [usize]), OpError> {
    match one(inputs)? {
        [channels, spatial @ ..] if (1..=2).contains(&spatial.len()) => Ok((*channels, spatial)),
        found => Err(OpError::NotSpatial { found: found.to_vec() }),
    }
}
