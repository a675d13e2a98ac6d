//! What is known before anything runs: constants, shapes, and arithmetic on them.

use std::rc::Rc;

use ndarray::{ArrayD, Axis, IxDyn};

use super::arrange::{bounds, order};
use super::attributes::{Call, size as checked_size};
use super::files::Files;
use super::known::{Known, Size, known as of_tensor};
use super::normalise::axes;
use super::translation::{Translation, axis_of, known, sizes};
use super::value::{Computed, Constant, Value};
use super::wholes::arithmetic;
use super::wrong::{Outcome, Wrong, bad, mixes};
use crate::graph::{Arrange, Op, TensorOp};

/// Values that are made from nothing at most.
const MAX_MADE: usize = 1 << 16;

/// A result that is known, where all that the call takes is.
pub fn folded(cx: &mut Translation, call: &Call<'_>) -> Outcome<Option<Value>> {
    let known: Option<Vec<&Rc<Constant>>> = call
        .inputs
        .iter()
        .flatten()
        .map(|value| match value {
            Value::Known(constant) => Some(constant),
            Value::Node(_) => None,
        })
        .collect();
    let Some([first, ..]) = known.as_deref() else { return Ok(None) };
    let operator = call.node.op_type.as_deref().unwrap_or_default();
    let array = match operator {
        "Concat" => concatenated(cx, call, known.as_deref().unwrap_or_default())?,
        "Gather" | "Slice" | "Squeeze" | "Unsqueeze" | "Reshape" | "Transpose" => {
            cx.spend(first.array.len())?;
            let n = first.array.len();
            let places = ArrayD::from_shape_vec(IxDyn(first.array.shape()), (0..n).collect());
            let places = places.map_err(|_| Wrong::Bad("holds values in no order".into()))?;
            arranged(cx, call, places)?.map(|places| picked(&first.array, places))
        }
        _ => {
            let arrays: Vec<&Known> = known.iter().flatten().map(|constant| &constant.array).collect();
            arithmetic(operator, &arrays)
        }
    };
    let Some(array) = array else { return Ok(None) };
    cx.spend(array.len())?;
    let (name, is_learnt) = (call.name.clone(), first.is_learnt);
    Ok(Some(Value::Known(Rc::new(Constant { name, is_learnt, array }))))
}

/// The values at these places, row by row.
fn picked(from: &Known, places: ArrayD<usize>) -> Known {
    match from {
        Known::Floats(array) => {
            let values: Vec<f32> = array.iter().copied().collect();
            Known::Floats(places.mapv(|place| values[place]))
        }
        Known::Wholes(array) => {
            let values: Vec<Size> = array.iter().copied().collect();
            Known::Wholes(places.mapv(|place| values[place]))
        }
    }
}

/// Where the values go that stand in their order in `places`.
fn arranged(cx: &Translation, call: &Call<'_>, places: ArrayD<usize>) -> Outcome<Option<ArrayD<usize>>> {
    let n_axes = places.ndim();
    let in_shape = |places: ArrayD<usize>, shape: &[usize]| {
        let row: Vec<usize> = places.iter().copied().collect();
        ArrayD::from_shape_vec(IxDyn(shape), row)
            .or(bad(format!("makes the shape {shape:?} of other values")))
    };
    let shape = places.shape().to_vec();
    let moved = match call.node.op_type.as_deref().unwrap_or_default() {
        "Transpose" => places.permuted_axes(IxDyn(&each_once(order(call, n_axes)?)?)),
        "Squeeze" => {
            let gone = axes(cx, call, call.input(0)?, 1, 0)?
                .unwrap_or_else(|| (0..n_axes).filter(|&axis| shape[axis] == 1).collect());
            let kept: Vec<usize> =
                (0..n_axes).filter(|axis| !gone.contains(axis)).map(|axis| shape[axis]).collect();
            in_shape(places, &kept)?
        }
        "Unsqueeze" => {
            let Some(new) = axes(cx, call, call.input(0)?, 1, 1)? else { return bad("names no axes") };
            let mut old = shape.iter();
            let all: Vec<usize> = (0..n_axes + new.len())
                .filter_map(|axis| if new.contains(&axis) { Some(1) } else { old.next().copied() })
                .collect();
            in_shape(places, &all)?
        }
        "Reshape" => {
            let target = match (call.ints("shape"), call.optional(1)) {
                (Some(shape), None) => shape.iter().map(|&n| Size::Number(n)).collect(),
                _ => sizes(call.input(1)?)?,
            };
            let Some(shape) = completed(&target, &shape, places.len()) else { return Ok(None) };
            in_shape(places, &shape)?
        }
        "Gather" => {
            let axis = axis_of(call.int("axis").unwrap_or(0), n_axes)?;
            let Some(indices) = call.optional(1) else { return Ok(None) };
            let inner = cx.shape(indices);
            let Some(at) =
                sizes(indices)?.into_iter().map(|at| place(at, shape[axis])).collect::<Option<Vec<_>>>()
            else {
                return bad(format!("takes places beyond an axis of {} values", shape[axis]));
            };
            let inner: Vec<usize> = inner
                .into_iter()
                .filter_map(|size| if let Size::Number(n) = size { usize::try_from(n).ok() } else { None })
                .collect();
            let of_axis = places.len() / shape[axis].max(1);
            if MAX_MADE < at.len().saturating_mul(of_axis) {
                return Ok(None);
            }
            let all = [&shape[..axis], &inner, &shape[axis + 1..]].concat();
            in_shape(places.select(Axis(axis), &at), &all)?
        }
        "Slice" => match sliced(call, places)? {
            Some(cut) => cut,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    Ok(Some(moved.as_standard_layout().into_owned()))
}

fn each_once(order: Vec<usize>) -> Outcome<Vec<usize>> {
    let mut sorted = order.clone();
    sorted.sort_unstable();
    match sorted.iter().copied().eq(0..order.len()) {
        true => Ok(order),
        false => bad("names an axis twice"),
    }
}

fn place(at: Size, size: usize) -> Option<usize> {
    let Size::Number(at) = at else { return None };
    let counted = if at < 0 { at.checked_add(size as i64)? } else { at };
    usize::try_from(counted).ok().filter(|&place| place < size)
}

fn completed(target: &[Size], from: &[usize], n: usize) -> Option<Vec<usize>> {
    let mut shape = Vec::new();
    let mut open = None;
    for (axis, &size) in target.iter().enumerate() {
        shape.push(match size {
            Size::Number(0) => *from.get(axis)?,
            Size::Number(-1) if open.is_none() => {
                open = Some(axis);
                1
            }
            Size::Number(number) => usize::try_from(number).ok()?,
            Size::Batch => return None,
        });
    }
    if let Some(axis) = open {
        let others = shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size))?;
        shape[axis] = n.checked_div(others)?;
    }
    Some(shape)
}

fn sliced(call: &Call<'_>, places: ArrayD<usize>) -> Outcome<Option<ArrayD<usize>>> {
    let list = |place: usize, name: &str| match (call.ints(name), call.optional(place)) {
        (_, Some(value)) => sizes(value).map(Some),
        (Some(values), None) => Ok(Some(values.iter().map(|&n| Size::Number(n)).collect())),
        (None, None) => Ok(None),
    };
    let (Some(starts), Some(ends)) = (list(1, "starts")?, list(2, "ends")?) else { return Ok(None) };
    let n = starts.len();
    let axes = list(3, "axes")?.unwrap_or_else(|| (0..n as i64).map(Size::Number).collect());
    let steps = list(4, "steps")?.unwrap_or_else(|| vec![Size::Number(1); n]);
    if [ends.len(), axes.len(), steps.len()] != [n; 3] || places.ndim() < n {
        return Ok(None);
    }
    let mut cut = places;
    for i in 0..n {
        let (Size::Number(start), Size::Number(end)) = (starts[i], ends[i]) else { return Ok(None) };
        let (Size::Number(axis), Size::Number(step)) = (axes[i], steps[i]) else { return Ok(None) };
        let axis = axis_of(axis, cut.ndim())?;
        let Some((start, end)) = bounds(cut.shape()[axis] as i64, start, end, step) else {
            return bad("steps by 0");
        };
        let length = if 0 < step { end - start } else { start - end }.max(0) as u64;
        let at: Vec<usize> = (0..length.div_ceil(step.unsigned_abs()) as i64)
            .map(|i| (start + i.saturating_mul(step)) as usize)
            .collect();
        cut = cut.select(Axis(axis), &at);
    }
    Ok(Some(cut))
}

fn concatenated(cx: &mut Translation, call: &Call<'_>, all: &[&Rc<Constant>]) -> Outcome<Option<Known>> {
    let n_axes = all[0].array.shape().len();
    let axis = axis_of(call.int("axis").unwrap_or(1), n_axes)?;
    let views = |array: &Known| array.shape().len() == n_axes;
    if !all.iter().all(|constant| views(&constant.array)) {
        return bad("lays arrays of unlike shapes beside each other");
    }
    let mut n = 0;
    let mut places = Vec::with_capacity(all.len());
    for constant in all {
        let more = constant.array.len();
        cx.spend(more)?;
        let row = (n..n + more).collect();
        let of_array = ArrayD::from_shape_vec(IxDyn(constant.array.shape()), row);
        places.push(of_array.map_err(|_| Wrong::Bad("holds values in no order".into()))?);
        n += more;
    }
    let views: Vec<_> = places.iter().map(|places| places.view()).collect();
    let places =
        ndarray::concatenate(Axis(axis), &views).or(bad("lays arrays of unlike shapes beside each other"))?;
    let places = places.as_standard_layout().into_owned();
    if all.iter().all(|constant| constant.array.is_whole()) {
        let row: Vec<Size> = all.iter().filter_map(|constant| constant.array.as_sizes()).flatten().collect();
        return Ok(Some(Known::Wholes(places.mapv(|place| row[place]))));
    }
    let Some(rows) = all.iter().map(|constant| constant.array.floats()).collect::<Option<Vec<_>>>() else {
        return Ok(None);
    };
    let row: Vec<f32> = rows.into_iter().flatten().collect();
    Ok(Some(Known::Floats(places.mapv(|place| row[place]))))
}

pub fn constant(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let number = |number: i64| Size::Number(number);
    let array = if let Some(tensor) = call.tensor("value") {
        of_tensor(tensor, &Files::new(None)).map_err(Wrong::Bad)?
    } else if let Some(ints) = call.ints("value_ints") {
        Known::sizes(ints.iter().map(|&n| number(n)).collect())
    } else if let Some(n) = call.int("value_int") {
        Known::Wholes(ArrayD::from_elem(IxDyn(&[]), number(n)))
    } else if let Some(floats) = call.floats("value_floats") {
        Known::Floats(
            ArrayD::from_shape_vec(IxDyn(&[floats.len()]), floats.to_vec()).or(bad("holds no row"))?,
        )
    } else if call.floats("value_float").is_some() {
        Known::Floats(ArrayD::from_elem(IxDyn(&[]), call.float("value_float", 0.0)))
    } else {
        return bad("holds no value that is read: a tensor, numbers or a number");
    };
    cx.spend(array.len())?;
    Ok(vec![known(&call.name, array)])
}

pub fn constant_of_shape(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let target = sizes(call.input(0)?)?;
    let value = match call.tensor("value") {
        Some(tensor) => of_tensor(tensor, &Files::new(None)).map_err(Wrong::Bad)?,
        None => Known::Floats(ArrayD::from_elem(IxDyn(&[1]), 0.0)),
    };
    let Some(first) = value.floats().and_then(|values| values.first().copied()) else {
        return bad("repeats no value");
    };
    let is_whole = value.is_whole();
    let (is_batched, rest) = match target.split_first() {
        Some((Size::Batch, rest)) => (true, rest),
        _ => (false, &target[..]),
    };
    let shape: Outcome<Vec<usize>> = rest
        .iter()
        .map(|size| match size {
            Size::Number(n) => checked_size("a shape", *n),
            Size::Batch => mixes("moves the axis of the samples"),
        })
        .collect();
    let shape = shape?;
    let n = shape.iter().fold(1, |product: usize, &size| product.saturating_mul(size));
    if !is_batched && n <= MAX_MADE {
        cx.spend(n)?;
        let dim = IxDyn(&shape);
        let array = match is_whole {
            true => Known::Wholes(ArrayD::from_elem(dim, Size::Number(first as i64))),
            false => Known::Floats(ArrayD::from_elem(dim, first)),
        };
        return Ok(vec![known(&call.name, array)]);
    }
    let name = format!("{}.value", call.name);
    let one = known(&name, Known::Floats(ArrayD::from_elem(IxDyn(&[]), first)));
    let id = cx.computed(&one)?.id;
    let op = Op::Tensor(TensorOp::Arrange(Arrange::Expand { shape }));
    cx.node(call, op, &[id], Computed { id, is_batched, is_whole })
}

pub fn range(_: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let all: Outcome<Vec<i64>> = (0..3)
        .map(|place| match super::translation::numbers(call.input(place)?)?.first() {
            Some(&number) => Ok(number),
            None => bad("takes three numbers"),
        })
        .collect();
    let [start, end, step] = all?[..] else { return bad("takes three numbers") };
    if step == 0 {
        return bad("steps by 0");
    }
    let span = if 0 < step { end.saturating_sub(start) } else { start.saturating_sub(end) };
    let n = span.max(0).unsigned_abs().div_ceil(step.unsigned_abs());
    match usize::try_from(n) {
        Ok(n) if n <= MAX_MADE => {
            let values = (0..n as i64).map(|i| Size::Number(start.saturating_add(i.saturating_mul(step))));
            Ok(vec![known(&call.name, Known::sizes(values.collect()))])
        }
        _ => bad(format!("makes {n} numbers; up to {MAX_MADE} are made")),
    }
}

pub fn shape(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let shape = cx.shape(call.input(0)?);
    let n = shape.len() as i64;
    let place = |name: &str, default: i64| {
        let place = call.int(name).unwrap_or(default);
        (if place < 0 { place.saturating_add(n) } else { place }).clamp(0, n) as usize
    };
    let (start, end) = (place("start", 0), place("end", n));
    let part = shape.get(start..end.max(start)).unwrap_or_default().to_vec();
    Ok(vec![known(&call.name, Known::sizes(part))])
}

pub fn size(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let mut product: i64 = 1;
    for size in cx.shape(call.input(0)?) {
        match size {
            Size::Number(n) => product = product.saturating_mul(n),
            Size::Batch => return mixes("computes with the number of samples"),
        }
    }
    Ok(vec![known(&call.name, Known::Wholes(ArrayD::from_elem(IxDyn(&[]), Size::Number(product))))])
}
