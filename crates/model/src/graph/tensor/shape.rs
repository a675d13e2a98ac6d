//! The shapes that ops on tensors give, and what they learn.

use super::TensorOp;
use super::binary::stretched;
use crate::graph::op_error::OpError;
use crate::graph::parameter::{Parameter, Role};
use crate::graph::window::Window;

impl TensorOp {
    /// The shape of what it computes from inputs of these shapes.
    ///
    /// # Errors
    /// When there are too few or too many inputs, their shapes do not fit, or a setting is out of range.
    pub fn shape(&self, inputs: &[&[usize]]) -> Result<Vec<usize>, OpError> {
        match self {
            TensorOp::Constant { shape, .. } => match inputs {
                [] => Ok(shape.clone()),
                _ => Err(OpError::Inputs { expected: 0, found: inputs.len() }),
            },
            TensorOp::Linear { n_units } => match *some(inputs)? {
                [] => Err(OpError::NotAVector { found: Vec::new() }),
                _ if *n_units == 0 => Err(OpError::NoUnits),
                [ref before @ .., _] => Ok([before, &[*n_units]].concat()),
            },
            TensorOp::Unary(_) => Ok(some(inputs)?.to_vec()),
            TensorOp::Binary(_) => match inputs {
                [first, other] => stretched(first, other),
                _ => Err(OpError::Inputs { expected: 2, found: inputs.len() }),
            },
            TensorOp::Choose => match inputs {
                [condition, first, other] => stretched(condition, &stretched(first, other)?),
                _ => Err(OpError::Inputs { expected: 3, found: inputs.len() }),
            },
            TensorOp::MatMul => match inputs {
                [[before @ .., m, k], [other @ .., k_too, p]] if k == k_too => {
                    Ok([&stretched(before, other)?[..], &[*m, *p]].concat())
                }
                [first, other] => Err(OpError::NotMatrices { first: first.to_vec(), other: other.to_vec() }),
                _ => Err(OpError::Inputs { expected: 2, found: inputs.len() }),
            },
            TensorOp::Arrange(arrange) => arrange.shape(inputs),
            TensorOp::Lookup { axis } => match inputs {
                [data, places] if *axis < data.len() => {
                    Ok([&data[..*axis], places, &data[axis + 1..]].concat())
                }
                [data, _] => Err(OpError::Axis { axis: *axis, shape: data.to_vec() }),
                _ => Err(OpError::Inputs { expected: 2, found: inputs.len() }),
            },
            TensorOp::Reduce(reduce) => reduce.shape(some(inputs)?),
            TensorOp::Softmax { axis, .. } => match some(inputs)? {
                shape if *axis < shape.len() => Ok(shape.to_vec()),
                shape => Err(OpError::Axis { axis: *axis, shape: shape.to_vec() }),
            },
            TensorOp::LayerNorm { n_axes, .. } => match some(inputs)? {
                shape if (1..=shape.len()).contains(n_axes) => Ok(shape.to_vec()),
                shape => Err(OpError::Axis { axis: *n_axes, shape: shape.to_vec() }),
            },
            TensorOp::ConvTranspose { n_filters, window, groups, more, .. } => {
                let (channels, places) = channels(inputs)?;
                if *n_filters == 0 {
                    return Err(OpError::NoUnits);
                }
                for channels in [channels, *n_filters] {
                    if *groups == 0 || channels % groups != 0 {
                        return Err(OpError::Groups { channels, groups: *groups });
                    }
                }
                Ok([&[*n_filters], &transposed_places(window, places, more)?[..]].concat())
            }
        }
    }

    /// What it learns, from shapes that [`TensorOp::shape`] accepts.
    pub fn parameters(&self, inputs: &[&[usize]]) -> Vec<Parameter> {
        let parameter = |name, shape: Vec<usize>, role| {
            let fan_in = if role == Role::Weight { shape[1..].iter().product() } else { 1 };
            let fan_out = if role == Role::Weight { shape[0] } else { 1 };
            Parameter { name, shape, role, fan_in, fan_out }
        };
        match self {
            TensorOp::Constant { shape, is_learnt } => {
                let role = if *is_learnt { Role::Shift } else { Role::Fixed };
                vec![parameter("value", vec![shape.iter().product()], role)]
            }
            TensorOp::Linear { n_units } => {
                let n_in = inputs[0].last().copied().unwrap_or(1);
                vec![parameter("weight", vec![*n_units, n_in], Role::Weight)]
            }
            TensorOp::LayerNorm { n_axes, has_bias, .. } => {
                let n = inputs[0][inputs[0].len() - n_axes..].iter().product();
                let bias = has_bias.then(|| parameter("bias", vec![n], Role::Shift));
                [parameter("weight", vec![n], Role::Scale)].into_iter().chain(bias).collect()
            }
            TensorOp::ConvTranspose { n_filters, window, groups, has_bias, .. } => {
                let shape = [&[inputs[0][0], n_filters / groups], &window.size[..]].concat();
                let bias = has_bias.then(|| parameter("bias", vec![*n_filters], Role::Bias));
                [parameter("weight", shape, Role::Weight)].into_iter().chain(bias).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn some<'a>(inputs: &[&'a [usize]]) -> Result<&'a [usize], OpError> {
    match inputs {
        [shape] => Ok(shape),
        _ => Err(OpError::Inputs { expected: 1, found: inputs.len() }),
    }
}

/// The channels and the axes after them.
fn channels<'a>(inputs: &[&'a [usize]]) -> Result<(usize, &'a [usize]), OpError> {
    match some(inputs)? {
        [channels, places @ ..] if (1..=2).contains(&places.len()) => Ok((*channels, places)),
        found => Err(OpError::NotSpatial { found: found.to_vec() }),
    }
}

/// `(places − 1) · stride + reach + more − padding` along each axis.
fn transposed_places(window: &Window, places: &[usize], more: &[usize]) -> Result<Vec<usize>, OpError> {
    let n_axes = window.size.len();
    let sizes = [window.stride.len(), window.padding.len(), window.dilation.len(), more.len()];
    if places.len() != n_axes || sizes != [n_axes; 4] {
        return Err(OpError::WindowAxes { found: places.len(), expected: n_axes });
    }
    if window.size.iter().chain(&window.stride).chain(&window.dilation).any(|&n| n == 0) {
        return Err(OpError::EmptyWindow);
    }
    let along = |axis: usize| {
        let reach = (window.size[axis] - 1).saturating_mul(window.dilation[axis]).saturating_add(1);
        let whole = (places[axis] - 1)
            .saturating_mul(window.stride[axis])
            .saturating_add(reach)
            .saturating_add(more[axis]);
        let (before, after) = window.padding[axis];
        whole
            .checked_sub(before.saturating_add(after))
            .filter(|&n| 0 < n)
            .ok_or(OpError::WindowTooLarge { reach: before.saturating_add(after), length: whole })
    };
    (0..n_axes).map(along).collect()
}
