//! Values that a node of the file makes of nothing, or of shapes alone.

use ndarray::{ArrayD, IxDyn};

use super::attributes::{Call, size as checked_size};
use super::files::Files;
use super::known::{Known, Size, known as of_tensor};
use super::taken::{known, numbers, sizes};
use super::translation::Translation;
use super::value::{Computed, Value};
use super::wrong::{Outcome, Wrong, bad, mixes};
use crate::graph::{Arrange, Op, TensorOp};

/// Values that are made from nothing at most.
const MAX_MADE: usize = 1 << 16;

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
        .map(|place| match numbers(call.input(place)?)?.first() {
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
