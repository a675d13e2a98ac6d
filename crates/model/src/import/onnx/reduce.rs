//! Sums, means and largest values along axes.

use super::attributes::Call;
use super::normalise::{axes, of_sample};
use super::translation::Translation;
use super::value::{Computed, Value};
use super::wrong::{Outcome, bad, mixes};
use crate::graph::{Op, Reduce, Reduction, TensorOp, Unary};

/// What an operator takes of the values.
pub fn reduction(operator: &str) -> Option<Reduction> {
    Some(match operator {
        "ReduceSum" => Reduction::Sum,
        "ReduceMean" => Reduction::Mean,
        "ReduceMax" => Reduction::Max,
        "ReduceMin" => Reduction::Min,
        "ReduceProd" => Reduction::Prod,
        "ReduceL1" => Reduction::L1,
        "ReduceL2" => Reduction::L2,
        "ReduceLogSum" => Reduction::LogSum,
        "ReduceLogSumExp" => Reduction::LogSumExp,
        "ReduceSumSquare" => Reduction::SumSquare,
        _ => return None,
    })
}

pub fn reduce(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let Some(kind) = call.node.op_type.as_deref().and_then(reduction) else {
        return bad("has no function of its name");
    };
    let value = call.input(0)?.clone();
    let named = axes(cx, call, &value, 1, 0)?.filter(|axes| !axes.is_empty());
    let x = cx.computed(&value)?;
    if named.is_none() && call.flag("noop_with_empty_axes", false) {
        return cx.node(call, Op::Tensor(TensorOp::Unary(Unary::Identity)), &[x.id], x);
    }
    let axes = match named {
        Some(axes) => of_sample(x, &axes)?,
        None if x.is_batched => return mixes("takes all samples together"),
        None => (0..cx.of_sample(x).len()).collect(),
    };
    let reduce = Reduce { kind, axes, keeps_axes: call.flag("keepdims", true) };
    cx.node(call, Op::Tensor(TensorOp::Reduce(reduce)), &[x.id], x)
}

pub fn arg(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let is_last = call.flag("select_last_index", false);
    let kind = match call.node.op_type.as_deref() {
        Some("ArgMin") => Reduction::ArgMin { is_last },
        _ => Reduction::ArgMax { is_last },
    };
    let x = cx.computed(call.input(0)?)?;
    let axis = cx.axis(x, call.int("axis").unwrap_or(0))?;
    let reduce = Reduce { kind, axes: vec![axis], keeps_axes: call.flag("keepdims", true) };
    cx.node(call, Op::Tensor(TensorOp::Reduce(reduce)), &[x.id], Computed { is_whole: true, ..x })
}

/// The mean, or the largest value, of each channel; its axes stay, with one value each.
pub fn global_pool(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let kind = match call.node.op_type.as_deref() {
        Some("GlobalMaxPool") => Reduction::Max,
        _ => Reduction::Mean,
    };
    let x = cx.computed(call.input(0)?)?;
    let first = 1 + usize::from(!x.is_batched);
    let axes: Vec<usize> = (first..cx.of_sample(x).len()).collect();
    if axes.is_empty() {
        return bad("takes [samples, channels, ...]");
    }
    let reduce = Reduce { kind, axes, keeps_axes: true };
    cx.node(call, Op::Tensor(TensorOp::Reduce(reduce)), &[x.id], x)
}
