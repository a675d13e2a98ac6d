//! Values moved, cut and padded.

use super::attributes::Call;
use super::known::Size;
use super::normalise::of_sample;
use super::translation::{Batch, Translation, axis_of, numbers, sizes};
use super::value::{Computed, Value};
use super::wrong::{Outcome, bad, mixes};
use crate::graph::{Arrange, NodeId, Op, PadMode, TensorOp, Unary};

fn op(arrange: Arrange) -> Op {
    Op::Tensor(TensorOp::Arrange(arrange))
}

/// The order that a call names: without one the axes are turned round.
pub fn order(call: &Call<'_>, n_axes: usize) -> Outcome<Vec<usize>> {
    match call.ints("perm") {
        None => Ok((0..n_axes).rev().collect()),
        Some(perm) if perm.len() == n_axes => perm.iter().map(|&axis| axis_of(axis, n_axes)).collect(),
        Some(perm) => bad(format!("orders {} axes of {n_axes}", perm.len())),
    }
}

pub fn transpose(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let order = order(call, cx.n_axes(call.input(0)?))?;
    let x = cx.computed(call.input(0)?)?;
    let order = match x.is_batched {
        false => order,
        true if order.first() == Some(&0) => order[1..].iter().map(|axis| axis - 1).collect(),
        true => return mixes("moves the axis of the samples"),
    };
    cx.node(call, op(Arrange::Transpose { order }), &[x.id], x)
}

/// A cut along an axis.
struct Cut {
    axis: usize,
    start: usize,
    step: isize,
    length: usize,
}

pub fn slice(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let value = call.input(0)?.clone();
    let n_axes = cx.n_axes(&value);
    let list = |place: usize, name: &str| match (call.ints(name), call.optional(place)) {
        (_, Some(value)) => sizes(value).map(Some),
        (Some(values), None) => Ok(Some(values.iter().map(|&n| Size::Number(n)).collect())),
        (None, None) => Ok(None),
    };
    let (Some(starts), Some(ends)) = (list(1, "starts")?, list(2, "ends")?) else {
        return bad("names no starts or no ends");
    };
    let axes = list(3, "axes")?.unwrap_or_else(|| (0..starts.len() as i64).map(Size::Number).collect());
    let steps = list(4, "steps")?.unwrap_or_else(|| vec![Size::Number(1); starts.len()]);
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] || n_axes < starts.len() {
        return bad("names more or fewer starts, ends, axes and steps");
    }
    let x = cx.computed(&value)?;
    let mut cuts = Vec::new();
    for i in 0..starts.len() {
        let (Size::Number(axis), Size::Number(step)) = (axes[i], steps[i]) else {
            return mixes("cuts by the number of samples");
        };
        let axis = axis_of(axis, n_axes)?;
        if x.is_batched && axis == 0 {
            let is_all = starts[i] == Size::Number(0) && step == 1;
            let to_end = matches!(ends[i], Size::Batch) || matches!(ends[i], Size::Number(n) if 1 << 30 <= n);
            if !is_all || !to_end {
                return mixes("cuts samples off");
            }
            continue;
        }
        let (Size::Number(start), Size::Number(end)) = (starts[i], ends[i]) else {
            return mixes("cuts by the number of samples");
        };
        let axis = axis - usize::from(x.is_batched);
        let size = cx.of_sample(x)[axis] as i64;
        cuts.push(cut(axis, size, start, end, step)?);
    }
    cuts.retain(|cut| (cut.start, cut.step, cut.length) != (0, 1, cx.of_sample(x)[cut.axis]));
    let Some(last) = cuts.pop() else {
        return cx.node(call, Op::Tensor(TensorOp::Unary(Unary::Identity)), &[x.id], x);
    };
    let mut id = x.id;
    for Cut { axis, start, step, length } in cuts {
        let slice = op(Arrange::Slice { axis, start, step, length });
        id = cx.step(call, &format!("axis{axis}"), slice, &[id])?;
    }
    let Cut { axis, start, step, length } = last;
    cx.node(call, op(Arrange::Slice { axis, start, step, length }), &[id], x)
}

/// What a start, an end and a step make of an axis: beyond its ends they stand for the ends.
fn cut(axis: usize, size: i64, start: i64, end: i64, step: i64) -> Outcome<Cut> {
    let Some((first, end)) = bounds(size, start, end, step) else { return bad("steps by 0") };
    let length = if 0 < step { end - first } else { first - end };
    let length = (length.max(0) as u64).div_ceil(step.unsigned_abs());
    if length == 0 {
        return bad(format!("leaves nothing of axis {axis}, which has {size} values"));
    }
    // A step over the whole axis takes one value, whatever its length.
    let step = step.clamp(-size.max(1), size.max(1)) as isize;
    Ok(Cut { axis, start: first as usize, step, length: length as usize })
}

/// First place and the one after the last, in the direction of the step.
pub fn bounds(size: i64, start: i64, end: i64, step: i64) -> Option<(i64, i64)> {
    let from_end = |place: i64| if place < 0 { place.saturating_add(size) } else { place };
    let (start, end) = (from_end(start), from_end(end));
    match step {
        0 => None,
        1.. => Some((start.clamp(0, size), end.clamp(0, size))),
        _ => Some((start.clamp(-1, size - 1), end.clamp(-1, size - 1))),
    }
}

/// The parts of an array along an axis: a node for each, named as its output is.
pub fn split(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let x = cx.computed(call.input(0)?)?;
    let axis = cx.axis(x, call.int("axis").unwrap_or(0))?;
    let size = cx.of_sample(x)[axis];
    let n_parts = call.node.output.len();
    let lengths: Vec<i64> = match (call.ints("split"), call.optional(1)) {
        (_, Some(value)) => numbers(value)?,
        (Some(lengths), None) => lengths.to_vec(),
        (None, None) => {
            let length = size.div_ceil(n_parts.max(1)) as i64;
            let last = size as i64 - length * (n_parts as i64 - 1);
            (0..n_parts).map(|part| if part + 1 == n_parts { last } else { length }).collect()
        }
    };
    if lengths.len() != n_parts || lengths.iter().any(|&length| length <= 0) {
        return bad(format!("splits {size} values into {lengths:?} for {n_parts} outputs"));
    }
    let mut start = 0;
    let mut parts = Vec::with_capacity(n_parts);
    for (output, length) in call.node.output.iter().zip(lengths) {
        let name = if n_parts == 1 { call.name.clone() } else { cx.free(output) };
        let length = length as usize;
        let name = if output.is_empty() { cx.free(&format!("{}.rest", call.name)) } else { name };
        let id = cx.add(&name, op(Arrange::Slice { axis, start, step: 1, length }), &[x.id])?;
        parts.push(Value::Node(Computed { id, ..x }));
        start = start.saturating_add(length);
    }
    Ok(parts)
}

pub fn pad(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let n_axes = cx.n_axes(call.input(0)?);
    let widths = match (call.ints("pads").or(call.ints("paddings")), call.optional(1)) {
        (_, Some(value)) => numbers(value)?,
        (Some(pads), None) => pads.to_vec(),
        (None, None) => return bad("names no padding"),
    };
    let axes: Vec<usize> = match call.optional(3) {
        Some(value) => {
            numbers(value)?.into_iter().map(|axis| axis_of(axis, n_axes)).collect::<Outcome<_>>()?
        }
        None => (0..n_axes).collect(),
    };
    if widths.len() != 2 * axes.len() {
        return bad(format!("pads {} sides of {} axes", widths.len(), axes.len()));
    }
    let value = match call.optional(2) {
        Some(Value::Known(constant)) => {
            constant.array.floats().and_then(|values| values.first().copied()).unwrap_or(0.0)
        }
        Some(Value::Node(_)) => return bad("pads with a value from another node; a fixed one is read"),
        None => call.float("value", 0.0),
    };
    let mode = match call.text("mode").unwrap_or("constant") {
        "constant" => PadMode::Constant(value),
        "reflect" => PadMode::Reflect,
        "edge" => PadMode::Edge,
        "wrap" => PadMode::Wrap,
        other => return bad(format!("pads by `{}`, which is not known", other.escape_debug())),
    };
    let x = cx.computed(call.input(0)?)?;
    let mut all = vec![(0_isize, 0_isize); n_axes];
    for (i, &axis) in axes.iter().enumerate() {
        let (before, after) = (widths[i], widths[axes.len() + i]);
        if [before, after].iter().any(|width| !(-(1 << 31)..1 << 31).contains(width)) {
            return bad("pads by more than arrays have");
        }
        all[axis] = (before as isize, after as isize);
    }
    if x.is_batched {
        let padded: Vec<usize> = (0..n_axes).filter(|&axis| all[axis] != (0, 0)).collect();
        of_sample(x, &padded)?;
        all.remove(0);
    }
    cx.node(call, op(Arrange::Pad { widths: all, mode }), &[x.id], x)
}

/// The same for all samples, as one with a value for each sample, where the file means one sample alone.
pub fn of_each(cx: &mut Translation, call: &Call<'_>, value: &Value, place: usize) -> Outcome<NodeId> {
    match cx.batch {
        Batch::Fixed(1) => cx.without_first(call, value, place),
        _ => mixes("lays samples beside what is the same for all"),
    }
}
