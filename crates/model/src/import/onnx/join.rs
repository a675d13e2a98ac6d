//! Arrays laid beside each other.

use super::arrange::of_each;
use super::attributes::Call;
use super::translation::{Translation, axis_of, numbers};
use super::value::{Computed, Value};
use super::wrong::{Outcome, bad, mixes};
use crate::graph::{Arrange, Op, TensorOp};

pub fn concat(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let values = call.all()?;
    let Some(first) = values.first() else { return bad("takes at least one input") };
    let Some(axis) = call.int("axis").or((call.opset < 4).then_some(1)) else { return bad("names no axis") };
    let axis = axis_of(axis, cx.n_axes(first))?;
    let batched = values.iter().find_map(|value| match value {
        Value::Node(computed) if computed.is_batched => Some(*computed),
        _ => None,
    });
    let is_whole = values.iter().all(|value| match value {
        Value::Known(constant) => constant.array.is_whole(),
        Value::Node(computed) => computed.is_whole,
    });
    let mut nodes = Vec::with_capacity(values.len());
    for (place, value) in values.iter().enumerate() {
        nodes.push(match (batched, value) {
            (Some(_), Value::Node(computed)) if computed.is_batched => computed.id,
            (Some(_), value) => of_each(cx, call, value, place)?,
            (None, value) => cx.computed(value)?.id,
        });
    }
    let axis = match (batched, axis) {
        (Some(_), 0) => return mixes("lays samples after each other"),
        (Some(_), axis) => axis - 1,
        (None, axis) => axis,
    };
    let like = Computed { id: nodes[0], is_batched: batched.is_some(), is_whole };
    cx.node(call, Op::Tensor(TensorOp::Arrange(Arrange::Concat { axis })), &nodes, like)
}

/// Repeats: an axis of one value before each, which is stretched.
pub fn tile(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let repeats = numbers(call.input(1)?)?;
    let x = cx.computed(call.input(0)?)?;
    let mut shape = cx.of_sample(x).to_vec();
    let n_axes = shape.len() + usize::from(x.is_batched);
    let repeats: Option<Vec<usize>> =
        repeats.into_iter().map(|n| usize::try_from(n).ok().filter(|&n| 0 < n && n < 1 << 31)).collect();
    let Some(mut repeats) = repeats.filter(|repeats| repeats.len() == n_axes) else {
        return bad(format!("repeats {n_axes} axes by other numbers"));
    };
    if x.is_batched && repeats.remove(0) != 1 {
        return mixes("repeats samples");
    }
    let mut id = x.id;
    let step = |arrange| Op::Tensor(TensorOp::Arrange(arrange));
    for axis in 0..shape.len() {
        if repeats[axis] == 1 {
            continue;
        }
        let (before, size, after) = (&shape[..axis], shape[axis], &shape[axis + 1..]);
        let open = [before, &[1, size], after].concat();
        let wide = [before, &[repeats[axis], size], after].concat();
        let closed = [before, &[repeats[axis].saturating_mul(size)], after].concat();
        id = cx.step(call, "open", step(Arrange::Reshape { shape: open }), &[id])?;
        id = cx.step(call, "wide", step(Arrange::Expand { shape: wide }), &[id])?;
        id = cx.step(call, "closed", step(Arrange::Reshape { shape: closed.clone() }), &[id])?;
        shape = closed;
    }
    cx.node(call, step(Arrange::Reshape { shape }), &[id], x)
}
