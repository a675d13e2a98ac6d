//! Functions of two values and of more, and choices between two.

use std::rc::Rc;

use ndarray::{ArrayD, IxDyn};

use super::attributes::Call;
use super::known::Known;
use super::taken::{axis_of, known};
use super::translation::Translation;
use super::value::{Computed, Constant, Value};
use super::wrong::{Outcome, bad};
use crate::graph::{Arrange, Binary, NodeId, Op, TensorOp, Unary};

/// The op of an operator of two inputs; of division and remainder the one on floats.
pub fn binary_of(operator: &str) -> Option<Binary> {
    Some(match operator {
        "Add" => Binary::Add,
        "Sub" => Binary::Sub,
        "Mul" => Binary::Mul,
        "Div" => Binary::Div,
        "Mod" => Binary::Mod,
        "Pow" => Binary::Pow,
        "PRelu" => Binary::PRelu,
        "Equal" => Binary::Equal,
        "Greater" => Binary::Greater,
        "GreaterOrEqual" => Binary::GreaterOrEqual,
        "Less" => Binary::Less,
        "LessOrEqual" => Binary::LessOrEqual,
        "And" => Binary::And,
        "Or" => Binary::Or,
        "Xor" => Binary::Xor,
        _ => return None,
    })
}

pub fn binary(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let operator = call.node.op_type.as_deref().unwrap_or_default();
    let Some(op) = binary_of(operator) else { return bad("has no function of its name") };
    let mut values = vec![call.input(0)?.clone(), call.input(1)?.clone()];
    if call.opset < 7 {
        values[1] = laid_as_of_old(cx, call, &values[0], &values[1], op)?;
    }
    let is_whole = values.iter().all(|value| match value {
        Value::Known(constant) => constant.array.is_whole(),
        Value::Node(computed) => computed.is_whole,
    });
    let op = match op {
        Binary::Div if is_whole => Binary::WholeDiv,
        Binary::Mod if call.flag("fmod", false) => Binary::Remainder,
        op => op,
    };
    let is_whole = op.is_truth() || is_whole;
    let (nodes, is_batched) = cx.aligned(call, &values)?;
    two(cx, &call.name, op, &nodes, is_batched, is_whole)
}

fn two(
    cx: &mut Translation,
    name: &str,
    op: Binary,
    nodes: &[NodeId],
    is_batched: bool,
    is_whole: bool,
) -> Outcome<Vec<Value>> {
    let shape = |id: NodeId| &cx.builder.nodes()[id.index()].shape;
    let op = match op {
        Binary::Add if shape(nodes[0]) == shape(nodes[1]) => Op::Add,
        op => Op::Tensor(TensorOp::Binary(op)),
    };
    let id = cx.add(name, op, nodes)?;
    Ok(vec![Value::Node(Computed { id, is_batched, is_whole })])
}

/// Before version 7 the second input is laid on the first from the last axis, or from a named one, where that is asked
/// for; the slopes of PRelu are those of the channels.
fn laid_as_of_old(
    cx: &mut Translation,
    call: &Call<'_>,
    first: &Value,
    second: &Value,
    op: Binary,
) -> Outcome<Value> {
    let (n_first, n_second) = (cx.n_axes(first), cx.n_axes(second));
    let axis = match (op, call.int("axis")) {
        (Binary::PRelu, _) if n_second == 1 && 2 < n_first => 1,
        (_, Some(axis)) if call.flag("broadcast", false) => axis_of(axis, n_first)?,
        _ => return Ok(second.clone()),
    };
    let n_after = n_first.saturating_sub(axis + n_second);
    let Value::Known(constant) = second else {
        let x = cx.computed(second)?;
        if x.is_batched {
            return Ok(second.clone());
        }
        let shape = [cx.of_sample(x), &vec![1; n_after]].concat();
        let reshape = Op::Tensor(TensorOp::Arrange(Arrange::Reshape { shape }));
        let id = cx.step(call, "laid", reshape, &[x.id])?;
        return Ok(Value::Node(Computed { id, ..x }));
    };
    let Some(floats) = constant.array.floats() else { return Ok(second.clone()) };
    if floats.len() == 1 {
        return Ok(second.clone());
    }
    cx.spend(floats.len())?;
    let shape = [constant.array.shape(), &vec![1; n_after]].concat();
    let array = floats.into_shape_with_order(IxDyn(&shape)).or(bad("holds values in no order"))?;
    let (name, is_learnt) = (constant.name.clone(), constant.is_learnt);
    Ok(Value::Known(Rc::new(Constant { name, is_learnt, array: Known::Floats(array) })))
}

/// The sum, mean, largest or smallest of any number of inputs, two by two.
pub fn of_many(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let values = call.all()?;
    let operator = call.node.op_type.as_deref().unwrap_or_default();
    let op = match operator {
        "Max" => Binary::Max,
        "Min" => Binary::Min,
        _ => Binary::Add,
    };
    let (nodes, is_batched) = cx.aligned(call, &values)?;
    let Some((&first, others)) = nodes.split_first() else { return bad("takes at least one input") };
    let is_whole = false;
    if others.is_empty() {
        let like = Computed { id: first, is_batched, is_whole };
        return cx.node(call, Op::Tensor(TensorOp::Unary(Unary::Identity)), &[first], like);
    }
    let is_mean = operator == "Mean";
    let mut so_far = first;
    for (i, &other) in others.iter().enumerate() {
        let is_last = i + 1 == others.len() && !is_mean;
        let name = if is_last { call.name.clone() } else { cx.free(&format!("{}.{}", call.name, i + 1)) };
        let given = two(cx, &name, op, &[so_far, other], is_batched, is_whole)?;
        match &given[0] {
            Value::Node(computed) => so_far = computed.id,
            Value::Known(_) => return bad("is known"),
        }
    }
    let like = Computed { id: so_far, is_batched, is_whole };
    if !is_mean {
        return Ok(vec![Value::Node(like)]);
    }
    let share = Known::Floats(ArrayD::from_elem(IxDyn(&[]), nodes.len() as f32));
    let n = cx.computed(&known(&format!("{}.n", call.name), share))?.id;
    cx.node(call, Op::Tensor(TensorOp::Binary(Binary::Div)), &[so_far, n], like)
}

/// Where: one of two, by a condition.
pub fn choose(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let values = [call.input(0)?.clone(), call.input(1)?.clone(), call.input(2)?.clone()];
    let is_whole = values[1..].iter().all(|value| match value {
        Value::Known(constant) => constant.array.is_whole(),
        Value::Node(computed) => computed.is_whole,
    });
    let (nodes, is_batched) = cx.aligned(call, &values)?;
    let like = Computed { id: nodes[0], is_batched, is_whole };
    cx.node(call, Op::Tensor(TensorOp::Choose), &nodes, like)
}
