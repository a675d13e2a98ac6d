//! The same values in another shape.

use super::attributes::Call;
use super::known::Size;
use super::normalise::{axes, of_sample};
use super::taken::{axis_of, sizes};
use super::translation::Translation;
use super::value::{Computed, Value};
use super::wrong::{Outcome, bad, mixes};
use crate::graph::{Arrange, Op, TensorOp};

fn to_shape(cx: &mut Translation, call: &Call<'_>, x: Computed, shape: Vec<usize>) -> Outcome<Vec<Value>> {
    let op = match shape.len() {
        1 if x.is_batched => Op::Flatten,
        _ => Op::Tensor(TensorOp::Arrange(Arrange::Reshape { shape })),
    };
    cx.node(call, op, &[x.id], x)
}

pub fn flatten(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let x = cx.computed(call.input(0)?)?;
    let axis = call.int("axis").unwrap_or(1);
    let shape = cx.of_sample(x).to_vec();
    let n_axes = shape.len() + usize::from(x.is_batched);
    let axis = if axis == n_axes as i64 { n_axes } else { axis_of(axis, n_axes)? };
    if x.is_batched {
        return match axis {
            1 => to_shape(cx, call, x, vec![shape.iter().product()]),
            _ => mixes("lays samples in a row"),
        };
    }
    let shape = vec![shape[..axis].iter().product(), shape[axis..].iter().product()];
    to_shape(cx, call, x, shape)
}

pub fn reshape(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let target: Vec<Size> = match (call.ints("shape"), call.optional(1)) {
        (Some(shape), None) => shape.iter().map(|&n| Size::Number(n)).collect(),
        (_, Some(value)) => sizes(value)?,
        (None, None) => return bad("has no shape to make"),
    };
    if 64 < target.len() {
        return bad("makes more axes than arrays have");
    }
    let x = cx.computed(call.input(0)?)?;
    let keeps_zero = call.flag("allowzero", false);
    let from = cx.shape(&Value::Node(x));
    // A zero stands for the size of the same axis before.
    let mut wanted = Vec::with_capacity(target.len());
    for (axis, &size) in target.iter().enumerate() {
        wanted.push(match (size, from.get(axis)) {
            (Size::Number(0), Some(&size)) if !keeps_zero => size,
            (size, _) => size,
        });
    }
    if !x.is_batched {
        let shape = completed(&wanted, cx.of_sample(x).iter().product())?;
        return to_shape(cx, call, x, shape);
    }
    let n: usize = cx.of_sample(x).iter().product();
    let Some((&first, rest)) = wanted.split_first() else { return mixes("makes one value of all samples") };
    let is_batch = match first {
        Size::Batch => true,
        Size::Number(-1) => rest.iter().all(|size| matches!(size, Size::Number(1..))),
        Size::Number(size) => {
            cx.batch == super::translation::Batch::Fixed(usize::try_from(size).unwrap_or(0))
        }
    };
    match completed(rest, n) {
        Ok(shape) if is_batch && shape.iter().product::<usize>() == n => to_shape(cx, call, x, shape),
        _ => mixes(format!("makes the shape {} of samples of {n} values each", shown(&wanted))),
    }
}

fn shown(sizes: &[Size]) -> String {
    let size = |size: &Size| match size {
        Size::Number(number) => number.to_string(),
        Size::Batch => "N".into(),
    };
    format!("[{}]", sizes.iter().map(size).collect::<Vec<_>>().join(", "))
}

/// The shape with its −1 filled in, of so many values.
fn completed(wanted: &[Size], n: usize) -> Outcome<Vec<usize>> {
    let mut shape = Vec::with_capacity(wanted.len());
    let mut open = None;
    for (axis, &size) in wanted.iter().enumerate() {
        shape.push(match size {
            Size::Batch => return mixes("moves the axis of the samples"),
            Size::Number(-1) if open.is_none() => {
                open = Some(axis);
                1
            }
            Size::Number(number) => match usize::try_from(number) {
                Ok(size) => size,
                Err(_) => return bad(format!("makes the shape {}", shown(wanted))),
            },
        });
    }
    if let Some(axis) = open {
        let others = shape.iter().fold(1, |product: usize, &size| product.saturating_mul(size));
        if others == 0 || !n.is_multiple_of(others) {
            return bad(format!("makes the shape {} of {n} values", shown(wanted)));
        }
        shape[axis] = n / others;
    }
    Ok(shape)
}

pub fn squeeze(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let named = axes(cx, call, call.input(0)?, 1, 0)?;
    let x = cx.computed(call.input(0)?)?;
    let shape = cx.of_sample(x).to_vec();
    let gone = match named {
        Some(axes) => of_sample(x, &axes)?,
        None if x.is_batched && cx.batch == super::translation::Batch::Fixed(1) => {
            return mixes("takes the axis of the samples away");
        }
        None => (0..shape.len()).filter(|&axis| shape[axis] == 1).collect(),
    };
    if let Some(&axis) = gone.iter().find(|&&axis| shape[axis] != 1) {
        return bad(format!("takes away axis {axis} of the shape {shape:?}, which has more than one value"));
    }
    let kept = (0..shape.len()).filter(|axis| !gone.contains(axis)).map(|axis| shape[axis]).collect();
    to_shape(cx, call, x, kept)
}

pub fn unsqueeze(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let Some(named) = axes(cx, call, call.input(0)?, 1, 1)? else { return bad("names no axes") };
    let x = cx.computed(call.input(0)?)?;
    let new = of_sample(x, &named)?;
    let mut old = cx.of_sample(x).iter();
    let n_axes = cx.of_sample(x).len() + new.len();
    let shape: Vec<usize> = (0..n_axes)
        .filter_map(|axis| if new.contains(&axis) { Some(1) } else { old.next().copied() })
        .collect();
    to_shape(cx, call, x, shape)
}

pub fn expand(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let value = call.input(0)?.clone();
    let target = sizes(call.input(1)?)?;
    if 64 < target.len() {
        return bad("makes more axes than arrays have");
    }
    let x = cx.computed(&value)?;
    let n_axes = cx.n_axes(&value);
    let number = |size: &Size| match size {
        Size::Number(number) => usize::try_from(*number).map_err(|_| ()),
        Size::Batch => Err(()),
    };
    let (is_batched, id, target) = match target.split_first() {
        Some((first, rest)) if x.is_batched && target.len() == n_axes => {
            let keeps = match first {
                Size::Batch => true,
                Size::Number(1) => true,
                Size::Number(size) => {
                    cx.batch == super::translation::Batch::Fixed(usize::try_from(*size).unwrap_or(0))
                }
            };
            if !keeps {
                return mixes("repeats samples");
            }
            (true, x.id, rest)
        }
        _ if x.is_batched && n_axes <= target.len() => return mixes("repeats samples"),
        _ if x.is_batched => (true, x.id, &target[..]),
        Some((Size::Batch, rest)) => {
            let id = if n_axes == target.len() { cx.without_first(call, &value, 0)? } else { x.id };
            (true, id, rest)
        }
        _ => (false, x.id, &target[..]),
    };
    let Ok(target) = target.iter().map(number).collect::<Result<Vec<usize>, ()>>() else {
        return mixes("moves the axis of the samples");
    };
    // Shapes are laid on each other: where the target has one value, or no axis, that of the input stays.
    let from = &cx.builder.nodes()[id.index()].shape;
    let n = from.len().max(target.len());
    let at = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(n).map_or(1, |i| shape[i]);
    let shape =
        (0..n).map(|axis| if at(&target, axis) == 1 { at(from, axis) } else { at(&target, axis) }).collect();
    let op = Op::Tensor(TensorOp::Arrange(Arrange::Expand { shape }));
    cx.node(call, op, &[id], Computed { is_batched, ..x })
}
