//! Normalisations, softmax and dropout.

use super::attributes::Call;
use super::translation::{Translation, axis_of, floats};
use super::value::{Computed, Value};
use super::wrong::{Outcome, bad, mixes};
use crate::graph::{Arrange, Op, TensorOp, Unary};

pub fn batch_norm(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    call.gives_one()?;
    let x = cx.computed(call.input(0)?)?;
    let sample = &cx.of_sample(x)[usize::from(!x.is_batched).min(cx.of_sample(x).len())..];
    let Some(&channels) = sample.first() else { return bad("takes samples with channels") };
    let mut parameters = Vec::new();
    for (place, name) in ["weight", "bias", "running_mean", "running_var"].into_iter().enumerate() {
        let values = floats(call.input(1 + place)?, name)?;
        if values.shape() != [channels] {
            return bad(format!("has a {name} of shape {:?} for {channels} channels", values.shape()));
        }
        parameters.push((name, values));
    }
    let epsilon = f64::from(call.float("epsilon", 1e-5));
    let momentum = 1.0 - f64::from(call.float("momentum", 0.9));
    cx.layer(call, Op::BatchNorm { epsilon, momentum }, x, parameters)
}

pub fn layer_norm(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    call.gives_one()?;
    let x = cx.computed(call.input(0)?)?;
    let axis = cx.axis(x, call.int("axis").unwrap_or(-1))?;
    let shape = cx.of_sample(x);
    let n_axes = shape.len() - axis;
    let n: usize = shape[axis..].iter().product();
    let row = |value: &Value, name: &str| {
        let values = floats(value, name)?;
        match values.len() == n {
            true => values.into_shape_with_order(ndarray::IxDyn(&[n])).or(bad("holds values in no order")),
            false => bad(format!("has a {name} of {} values, not {n}", values.len())),
        }
    };
    let weight = row(call.input(1)?, "scale")?;
    let bias = call.optional(2).map(|bias| row(bias, "bias")).transpose()?;
    let epsilon = f64::from(call.float("epsilon", 1e-5));
    let op = TensorOp::LayerNorm { n_axes, epsilon, has_bias: bias.is_some() };
    let given = cx.node(call, Op::Tensor(op), &[x.id], x)?;
    cx.learn(&call.name, "weight", weight)?;
    if let Some(bias) = bias {
        cx.learn(&call.name, "bias", bias)?;
    }
    Ok(given)
}

pub fn softmax(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let is_log = call.node.op_type.as_deref() == Some("LogSoftmax");
    let x = cx.computed(call.input(0)?)?;
    let shape = cx.of_sample(x).to_vec();
    let is_old = call.opset < 13;
    let axis = cx.axis(x, call.int("axis").unwrap_or(if is_old { 1 } else { -1 }))?;
    let op = |axis: usize, n_axes: usize| match is_log || axis + 1 != n_axes {
        false => Op::Softmax,
        true => Op::Tensor(TensorOp::Softmax { axis, is_log }),
    };
    if !is_old || axis + 1 == shape.len() {
        return cx.node(call, op(axis, shape.len()), &[x.id], x);
    }
    // Before version 13 all axes from this one on are taken together.
    let together = vec![shape[..axis].iter().product(), shape[axis..].iter().product()];
    let reshape = |shape| Op::Tensor(TensorOp::Arrange(Arrange::Reshape { shape }));
    let flat = cx.step(call, "flat", reshape(together), &[x.id])?;
    let given = cx.step(call, "softmax", op(1, 2), &[flat])?;
    cx.node(call, reshape(shape), &[given], x)
}

/// In use it changes nothing.
pub fn dropout(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    call.gives_one()?;
    let x = cx.computed(call.input(0)?)?;
    let ratio = match call.optional(1) {
        Some(Value::Known(constant)) => constant.array.floats().and_then(|ratio| ratio.first().copied()),
        Some(Value::Node(_)) => None,
        None => Some(call.float("ratio", 0.5)),
    };
    let share = ratio.map(f64::from).filter(|ratio| (0.0..1.0).contains(ratio));
    let identity = Op::Tensor(TensorOp::Unary(Unary::Identity));
    cx.node(call, share.map_or(identity, |share| Op::Dropout { share }), &[x.id], x)
}

/// Axes of a call, by its attribute or, in later versions, an input; `None` where none are named.
pub fn axes(
    cx: &Translation,
    call: &Call<'_>,
    x: &Value,
    place: usize,
    n_more: usize,
) -> Outcome<Option<Vec<usize>>> {
    let named = match (call.ints("axes"), call.optional(place)) {
        (Some(axes), _) => axes.to_vec(),
        (None, Some(value)) => super::translation::numbers(value)?,
        (None, None) => return Ok(None),
    };
    if 64 < named.len() {
        return mixes("names more axes than arrays have");
    }
    let n_axes = cx.n_axes(x) + if n_more == 0 { 0 } else { named.len() };
    let axes: Outcome<Vec<usize>> = named.into_iter().map(|axis| axis_of(axis, n_axes)).collect();
    let mut axes = axes?;
    axes.sort_unstable();
    match axes.windows(2).all(|pair| pair[0] < pair[1]) {
        true => Ok(Some(axes)),
        false => bad("names an axis twice"),
    }
}

/// The axes of a sample; that of the samples is refused.
pub fn of_sample(x: Computed, axes: &[usize]) -> Outcome<Vec<usize>> {
    match x.is_batched {
        false => Ok(axes.to_vec()),
        true if axes.contains(&0) => mixes("works along the axis of the samples"),
        true => Ok(axes.iter().map(|axis| axis - 1).collect()),
    }
}
