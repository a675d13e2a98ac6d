//! Functions value by value.

use std::rc::Rc;

use rten_onnx::onnx::DataType;

use super::attributes::Call;
use super::known::{Known, is_float};
use super::translation::Translation;
use super::value::{Computed, Constant, Value};
use super::wrong::{Outcome, bad};
use crate::graph::{Activation, Op, TensorOp, Unary};

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
