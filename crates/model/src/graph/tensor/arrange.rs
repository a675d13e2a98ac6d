//! Values moved, cut, repeated or laid beside each other.

use super::binary::{MAX_GROUPS, stretched};
use crate::graph::op_error::OpError;

/// Values moved, cut, repeated or laid beside each other.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrange {
    /// The same values, row by row, in another shape.
    Reshape {
        /// The shape.
        shape: Vec<usize>,
    },
    /// Axes in another order.
    Transpose {
        /// For each axis after it, which it was before.
        order: Vec<usize>,
    },
    /// The inputs one after another along an axis.
    Concat {
        /// The axis.
        axis: usize,
    },
    /// Every `step`th value along an axis, `length` of them.
    Slice {
        /// The axis.
        axis: usize,
        /// The first.
        start: usize,
        /// From one to the next; backwards below zero.
        step: isize,
        /// How many.
        length: usize,
    },
    /// Values at given places of an axis, in an array of places.
    Gather {
        /// The axis.
        axis: usize,
        /// The places, from 0.
        places: Vec<usize>,
        /// The shape that they stand in, which takes the place of the axis.
        shape: Vec<usize>,
    },
    /// Values before and after each axis; below zero as many are cut off.
    Pad {
        /// Before and after each axis.
        widths: Vec<(isize, isize)>,
        /// Which values.
        mode: PadMode,
    },
    /// Repeated along axes of one value, and along new ones in front.
    Expand {
        /// The shape that the input is stretched to.
        shape: Vec<usize>,
    },
}

/// What is put around.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PadMode {
    /// One value.
    Constant(f32),
    /// The values inside, mirrored at the outermost.
    Reflect,
    /// The outermost value.
    Edge,
    /// The values of the other end.
    Wrap,
}

impl Arrange {
    /// Its name in the field's writing.
    pub fn title(&self) -> &'static str {
        match self {
            Arrange::Reshape { .. } => "reshape",
            Arrange::Transpose { .. } => "transpose",
            Arrange::Concat { .. } => "concat",
            Arrange::Slice { .. } => "slice",
            Arrange::Gather { .. } => "gather",
            Arrange::Pad { .. } => "pad",
            Arrange::Expand { .. } => "expand",
        }
    }

    pub(super) fn shape(&self, inputs: &[&[usize]]) -> Result<Vec<usize>, OpError> {
        if let Arrange::Concat { axis } = self {
            return concatenated(inputs, *axis);
        }
        let [input] = inputs else { return Err(OpError::Inputs { expected: 1, found: inputs.len() }) };
        let unlike = |shape: &[usize]| OpError::OtherValues { from: input.to_vec(), to: shape.to_vec() };
        let with = |axis: usize, sizes: &[usize]| match axis < input.len() {
            true => Ok([&input[..axis], sizes, &input[axis + 1..]].concat()),
            false => Err(OpError::Axis { axis, shape: input.to_vec() }),
        };
        match self {
            Arrange::Reshape { shape } if size(shape) == size(input) => Ok(shape.clone()),
            Arrange::Reshape { shape } => Err(unlike(shape)),
            Arrange::Transpose { order } => {
                let mut sorted = order.clone();
                sorted.sort_unstable();
                match sorted.iter().copied().eq(0..input.len()) {
                    true if MAX_GROUPS < blocks(input, order).0.len() => {
                        Err(OpError::TooManyAxes { most: MAX_GROUPS })
                    }
                    true => Ok(order.iter().map(|&axis| input[axis]).collect()),
                    false => Err(OpError::Order { order: order.clone(), shape: input.to_vec() }),
                }
            }
            Arrange::Slice { axis, start, step, length } => {
                let shape = with(*axis, &[*length])?;
                let steps = isize::try_from(length.saturating_sub(1)).unwrap_or(isize::MAX);
                let last = (*start as isize).saturating_add(steps.saturating_mul(*step));
                let inside = |place: isize| usize::try_from(place).is_ok_and(|place| place < input[*axis]);
                match inside(*start as isize) && inside(last) {
                    true => Ok(shape),
                    false => Err(OpError::Beyond { size: input[*axis] }),
                }
            }
            Arrange::Gather { axis, places, shape } => {
                let given = with(*axis, shape)?;
                match places.iter().all(|&place| place < input[*axis]) && places.len() == size(shape) {
                    true => Ok(given),
                    false => Err(OpError::Beyond { size: input[*axis] }),
                }
            }
            Arrange::Pad { widths, mode } => {
                if widths.len() != input.len() {
                    return Err(OpError::PadAxes { found: widths.len(), shape: input.to_vec() });
                }
                input.iter().zip(widths).map(|(&size, &width)| padded(size, width, *mode)).collect()
            }
            Arrange::Expand { shape } => match stretched(input, shape)? == *shape {
                true => Ok(shape.clone()),
                false => Err(unlike(shape)),
            },
            Arrange::Concat { .. } => unreachable!("looked at before"),
        }
    }
}

/// Sizes and order of what moves as one: axes that stay neighbours, those of one value left out.
pub(crate) fn blocks(shape: &[usize], order: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let order: Vec<usize> = order.iter().copied().filter(|&axis| shape[axis] != 1).collect();
    let kept: Vec<usize> = (0..shape.len()).filter(|&axis| shape[axis] != 1).collect();
    let place = |axis: usize| kept.iter().position(|&other| other == axis);
    // The first axis of each block after it, and its size.
    let mut moved: Vec<(usize, usize)> = Vec::new();
    for (i, &axis) in order.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|before| place(order[before]));
        match moved.last_mut() {
            Some(block) if before.map(|before| before + 1) == place(axis) => block.1 *= shape[axis],
            _ => moved.push((axis, shape[axis])),
        }
    }
    let mut still: Vec<(usize, usize)> = moved.clone();
    still.sort_unstable();
    let order = moved.iter().filter_map(|block| still.iter().position(|other| other == block)).collect();
    (still.into_iter().map(|(_, size)| size).collect(), order)
}

fn size(shape: &[usize]) -> usize {
    shape.iter().fold(1, |product: usize, &size| product.saturating_mul(size))
}

fn padded(size: usize, (before, after): (isize, isize), mode: PadMode) -> Result<usize, OpError> {
    let wide = (size as isize).saturating_add(before).saturating_add(after);
    let most = match mode {
        PadMode::Reflect => size as isize - 1,
        PadMode::Wrap => size as isize,
        PadMode::Constant(_) | PadMode::Edge => isize::MAX,
    };
    match before.max(after) <= most && -(size as isize) <= before.min(after) {
        true => usize::try_from(wide).map_err(|_| OpError::Beyond { size }),
        false => Err(OpError::Beyond { size }),
    }
}

fn concatenated(inputs: &[&[usize]], axis: usize) -> Result<Vec<usize>, OpError> {
    let [first, others @ ..] = inputs else { return Err(OpError::Inputs { expected: 1, found: 0 }) };
    let mut shape = first.to_vec();
    if shape.len() <= axis {
        return Err(OpError::Axis { axis, shape });
    }
    for other in others {
        let fits = other.len() == shape.len() && (0..shape.len()).all(|i| i == axis || other[i] == shape[i]);
        if !fits {
            return Err(OpError::UnlikeShapes { first: first.to_vec(), other: other.to_vec() });
        }
        shape[axis] = shape[axis].saturating_add(other[axis]);
    }
    Ok(shape)
}
