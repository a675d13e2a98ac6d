//! Functions value by value.

use std::rc::Rc;

use ndarray::{ArrayD, IxDyn};
use rten_onnx::onnx::DataType;

use super::attributes::Call;
use super::known::{Known, is_float};
use super::translation::{Translation, known};
use super::value::{Computed, Constant, Value};
use super::wrong::{Outcome, bad};
use crate::graph::{Activation, Arrange, Binary, NodeId, Op, TensorOp, Unary};

pub fn is_unary(operator: &str) -> bool {
    fixed(operator).is_some()
        || ["LeakyRelu", "Elu", "Selu", "HardSigmoid", "Gelu", "ThresholdedRelu", "Swish"].contains(&operator)
}

/// Functions without settings.
fn fixed(operator: &str) -> Option<Op> {
    let unary = |unary| Some(Op::Tensor(TensorOp::Unary(unary)));
    match operator {
        "Relu" => Some(Op::Activation(Activation::Relu)),
        "Sigmoid" => Some(Op::Activation(Activation::Sigmoid)),
        "Tanh" => Some(Op::Activation(Activation::Tanh)),
        "Abs" => unary(Unary::Abs),
        "Neg" => unary(Unary::Neg),
        "Exp" => unary(Unary::Exp),
        "Log" => unary(Unary::Log),
        "Sqrt" => unary(Unary::Sqrt),
        "Reciprocal" => unary(Unary::Reciprocal),
        "Erf" => unary(Unary::Erf),
        "Floor" => unary(Unary::Floor),
        "Ceil" => unary(Unary::Ceil),
        "Round" => unary(Unary::Round),
        "Sign" => unary(Unary::Sign),
        "Sin" => unary(Unary::Sin),
        "Cos" => unary(Unary::Cos),
        "Tan" => unary(Unary::Tan),
        "Asin" => unary(Unary::Asin),
        "Acos" => unary(Unary::Acos),
        "Atan" => unary(Unary::Atan),
        "Sinh" => unary(Unary::Sinh),
        "Cosh" => unary(Unary::Cosh),
        "Softplus" => unary(Unary::Softplus),
        "Softsign" => unary(Unary::Softsign),
        "HardSwish" => unary(Unary::HardSwish),
        "Mish" => unary(Unary::Mish),
        "Not" => unary(Unary::Not),
        "IsNaN" => unary(Unary::IsNan),
        _ => None,
    }
}

pub fn unary(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let operator = call.node.op_type.as_deref().unwrap_or_default();
    let alpha = |default| call.float("alpha", default);
    let unary = |unary| Op::Tensor(TensorOp::Unary(unary));
    let op = match operator {
        "LeakyRelu" if alpha(0.01) == 0.01 => Op::Activation(Activation::LeakyRelu),
        "LeakyRelu" => unary(Unary::LeakyRelu { slope: alpha(0.01) }),
        "Elu" if alpha(1.0) == 1.0 => Op::Activation(Activation::Elu),
        "Elu" => unary(Unary::Elu { alpha: alpha(1.0) }),
        "Selu" => unary(Unary::Selu { alpha: alpha(1.673_263_2), gamma: call.float("gamma", 1.050_701) }),
        "HardSigmoid" => unary(Unary::HardSigmoid { alpha: alpha(0.2), beta: call.float("beta", 0.5) }),
        "Gelu" => match call.text("approximate").unwrap_or("none") {
            "none" => Op::Activation(Activation::Gelu),
            "tanh" => unary(Unary::GeluTanh),
            other => return bad(format!("approximates by `{}`, which is not known", other.escape_debug())),
        },
        "ThresholdedRelu" => unary(Unary::Threshold { alpha: alpha(1.0) }),
        "Swish" if alpha(1.0) == 1.0 => Op::Activation(Activation::Silu),
        "Swish" => return bad("has an alpha other than 1"),
        _ => match fixed(operator) {
            Some(op) => op,
            None => return bad("has no function of its name"),
        },
    };
    let x = cx.computed(call.input(0)?)?;
    let is_whole =
        matches!(operator, "Not" | "IsNaN") || (x.is_whole && matches!(operator, "Abs" | "Neg" | "Sign"));
    cx.node(call, op, &[x.id], Computed { is_whole, ..x })
}

/// The value itself: what is known stays known.
pub fn identity(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    match call.input(0)? {
        Value::Known(constant) => Ok(vec![Value::Known(constant.clone())]),
        Value::Node(x) => cx.node(call, Op::Tensor(TensorOp::Unary(Unary::Identity)), &[x.id], *x),
    }
}

pub fn cast(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let kind = DataType(call.int("to").and_then(|to| i32::try_from(to).ok()).unwrap_or(1));
    if let (Value::Known(constant), true) = (call.input(0)?, is_float(kind)) {
        // Weights of 16 bits that are cast at each run are weights.
        if let Some(floats) = constant.array.floats() {
            cx.spend(floats.len())?;
            let array = Known::Floats(floats);
            let name = call.name.clone();
            return Ok(vec![Value::Known(Rc::new(Constant { name, is_learnt: constant.is_learnt, array }))]);
        }
    }
    if let (Value::Known(constant), false) = (call.input(0)?, kind == DataType::BOOL)
        && constant.array.is_whole()
    {
        return Ok(vec![Value::Known(constant.clone())]);
    }
    let x = cx.computed(call.input(0)?)?;
    let unary = match kind {
        _ if is_float(kind) => Unary::Identity,
        DataType::BOOL => Unary::IsNonZero,
        DataType::STRING => return bad("makes texts of numbers"),
        _ if x.is_whole => Unary::Identity,
        _ => Unary::Truncate,
    };
    cx.node(call, Op::Tensor(TensorOp::Unary(unary)), &[x.id], Computed { is_whole: !is_float(kind), ..x })
}

pub fn clip(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let x = cx.computed(call.input(0)?)?;
    let bound = |place: usize, name: &str, default: f32| match call.optional(place) {
        Some(Value::Known(constant)) => constant
            .array
            .floats()
            .and_then(|values| values.first().copied())
            .map_or(bad("has an empty bound"), Ok),
        Some(Value::Node(_)) => bad("takes its bounds from other nodes; fixed ones are read"),
        None => Ok(call.float(name, default)),
    };
    let (min, max) = (bound(1, "min", f32::NEG_INFINITY)?, bound(2, "max", f32::INFINITY)?);
    cx.node(call, Op::Tensor(TensorOp::Unary(Unary::Clip { min, max })), &[x.id], x)
}

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
        (_, Some(axis)) if call.flag("broadcast", false) => super::translation::axis_of(axis, n_first)?,
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
