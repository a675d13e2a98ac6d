//! What a call takes that must be known before anything runs: axes, shapes, places, weights.

use std::rc::Rc;

use ndarray::ArrayD;

use super::known::{Known, Size};
use super::value::{Constant, Value};
use super::wrong::{Outcome, bad, mixes};

/// An axis of so many, counted from the end where it is below zero.
pub fn axis_of(axis: i64, n_axes: usize) -> Outcome<usize> {
    let n = n_axes as i64;
    match (-n..n).contains(&axis) {
        true => Ok(axis.rem_euclid(n) as usize),
        false => bad(format!("names axis {axis} of {n_axes}")),
    }
}

/// A known array of a call, in a row of whole numbers.
pub fn sizes(value: &Value) -> Outcome<Vec<Size>> {
    match value {
        Value::Known(constant) => match constant.array.as_sizes() {
            Some(sizes) => Ok(sizes),
            None => bad("takes whole numbers, not floats, for a shape, places or axes"),
        },
        Value::Node(_) => {
            bad("takes a shape, places or axes that are known only when it runs; export with fixed ones")
        }
    }
}

/// The same without the number of samples among them.
pub fn numbers(value: &Value) -> Outcome<Vec<i64>> {
    let number = |size: Size| match size {
        Size::Number(number) => Ok(number),
        Size::Batch => mixes("computes with the number of samples"),
    };
    sizes(value)?.into_iter().map(number).collect()
}

/// A known array of floats.
pub fn floats(value: &Value, what: &str) -> Outcome<ArrayD<f32>> {
    match value {
        Value::Known(constant) => {
            constant.array.floats().map_or_else(|| mixes("computes with the number of samples"), Ok)
        }
        Value::Node(_) => bad(format!("takes its {what} from another node; a fixed one is read")),
    }
}

/// A value that is known.
pub fn known(name: &str, array: Known) -> Value {
    Value::Known(Rc::new(Constant { name: name.into(), is_learnt: false, array }))
}
