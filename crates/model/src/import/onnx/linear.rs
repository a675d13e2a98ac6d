//! Weighted sums: Gemm and MatMul.

use ndarray::{ArrayD, IxDyn};

use super::attributes::Call;
use super::taken::floats;
use super::translation::Translation;
use super::value::{Computed, Value};
use super::wrong::{Outcome, bad, mixes};
use crate::graph::{Arrange, Binary, NodeId, Op, TensorOp, Unary};

/// `alpha · A B + beta · C`: of fixed weights a dense layer.
pub fn gemm(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let (alpha, beta) = (call.float("alpha", 1.0), call.float("beta", 1.0));
    let (turns_a, turns_b) = (call.flag("transA", false), call.flag("transB", false));
    let (a, b) = (call.input(0)?, call.input(1)?);
    let has_fixed = matches!(b, Value::Known(_)) && !matches!(call.optional(2), Some(Value::Node(_)));
    if turns_a || !has_fixed || matches!(a, Value::Known(_)) {
        return general_gemm(cx, call);
    }
    let x = cx.computed(a)?;
    let mut weight = matrix(floats(b, "weights")?)?;
    if !turns_b {
        weight = weight.reversed_axes();
    }
    weight.mapv_inplace(|w| alpha * w);
    let n_units = weight.shape()[0];
    if n_units == 0 || weight.shape()[1] == 0 {
        return bad("has no weights");
    }
    let Some(bias) = call.optional(2) else {
        return cx.layer(call, Op::Tensor(TensorOp::Linear { n_units }), x, vec![("weight", weight)]);
    };
    let bias = floats(bias, "bias")? * beta;
    let is_row = bias.shape().iter().rev().skip(1).all(|&size| size == 1);
    if !is_row || ![1, n_units].contains(&bias.len()) {
        return general_gemm(cx, call);
    }
    let first = bias.iter().next().copied().unwrap_or_default();
    let bias: Vec<f32> =
        if bias.len() == n_units { bias.iter().copied().collect() } else { vec![first; n_units] };
    let bias = ArrayD::from_shape_vec(IxDyn(&[n_units]), bias).expect("as many as units");
    cx.layer(call, Op::Dense { n_units }, x, vec![("weight", weight), ("bias", bias)])
}

fn matrix(array: ArrayD<f32>) -> Outcome<ArrayD<f32>> {
    match array.ndim() {
        2 => Ok(array),
        _ => bad(format!("takes a matrix of weights, not one of shape {:?}", array.shape())),
    }
}

/// The same step by step.
fn general_gemm(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let (a, b) = (cx.computed(call.input(0)?)?, cx.computed(call.input(1)?)?);
    if a.is_batched || b.is_batched {
        return mixes("multiplies samples with each other, or with what is no fixed weight");
    }
    let turned = |cx: &mut Translation, x: Computed, name: &str| -> Outcome<NodeId> {
        let order = vec![1, 0];
        match call.flag(name, false) {
            true => cx.step(call, name, Op::Tensor(TensorOp::Arrange(Arrange::Transpose { order })), &[x.id]),
            false => Ok(x.id),
        }
    };
    let factors = [turned(cx, a, "transA")?, turned(cx, b, "transB")?];
    let scaled = |cx: &mut Translation, id: NodeId, name: &str| -> Outcome<NodeId> {
        let factor = call.float(name, 1.0);
        if factor == 1.0 {
            return Ok(id);
        }
        let constant = super::taken::known(
            &format!("{}.{name}", call.name),
            super::known::Known::Floats(ArrayD::from_elem(IxDyn(&[]), factor)),
        );
        let by = cx.computed(&constant)?.id;
        cx.step(call, &format!("scaled_{name}"), Op::Tensor(TensorOp::Binary(Binary::Mul)), &[id, by])
    };
    let like = Computed { is_whole: false, ..a };
    let product = cx.step(call, "product", Op::Tensor(TensorOp::MatMul), &factors)?;
    let product = scaled(cx, product, "alpha")?;
    match call.optional(2) {
        None => cx.node(call, Op::Tensor(TensorOp::Unary(Unary::Identity)), &[product], like),
        Some(c) => {
            let c = cx.computed(c)?;
            if c.is_batched {
                return mixes("adds a value to each sample");
            }
            let c = scaled(cx, c.id, "beta")?;
            cx.node(call, Op::Tensor(TensorOp::Binary(Binary::Add)), &[product, c], like)
        }
    }
}

/// The product of matrices as NumPy has it: with a fixed matrix on the right a layer without bias.
pub fn matmul(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let (a, b) = (call.input(0)?, call.input(1)?);
    if let (Value::Node(x), Value::Known(constant)) = (a, b)
        && constant.array.shape().len() == 2
        && !cx.of_sample(*x).is_empty()
    {
        let weight = floats(b, "weights")?.reversed_axes();
        let n_units = weight.shape()[0];
        let given = cx.node(
            call,
            Op::Tensor(TensorOp::Linear { n_units }),
            &[x.id],
            Computed { is_whole: false, ..*x },
        );
        let given = given?;
        cx.learn(&call.name, "weight", weight)?;
        return Ok(given);
    }
    if let (Value::Node(x), Value::Known(constant)) = (a, b)
        && let ([n], false) = (constant.array.shape(), cx.of_sample(*x).is_empty())
    {
        // A column, whose axis is gone afterwards.
        let weight = floats(b, "weights")?.into_shape_with_order(IxDyn(&[1, *n])).or(bad("holds no row"))?;
        let like = Computed { is_whole: false, ..*x };
        let name = cx.free(&format!("{}.product", call.name));
        let id = cx.add(&name, Op::Tensor(TensorOp::Linear { n_units: 1 }), &[x.id])?;
        cx.learn(&name, "weight", weight)?;
        let mut shape = cx.of_sample(*x).to_vec();
        shape.pop();
        return cx.node(call, Op::Tensor(TensorOp::Arrange(Arrange::Reshape { shape })), &[id], like);
    }
    let (n_a, n_b) = (cx.n_axes(a), cx.n_axes(b));
    let (a, b) = (cx.computed(a)?, cx.computed(b)?);
    let is_batched = a.is_batched || b.is_batched;
    let like = Computed { is_batched, is_whole: a.is_whole && b.is_whole, ..a };
    if is_batched {
        // The samples' axis must be one of those before the matrices, the first on both sides where both have it.
        let fits = |x: Computed, n: usize, n_other: usize| match x.is_batched {
            true => 3 <= n && n_other <= n,
            false => n < n_other,
        };
        let is_row_by_matrix = a.is_batched && n_a == 2 && !b.is_batched && n_b == 2;
        if is_row_by_matrix {
            let n_in = cx.of_sample(a)[0];
            let reshape = Arrange::Reshape { shape: vec![1, n_in] };
            let row = cx.step(call, "row", Op::Tensor(TensorOp::Arrange(reshape)), &[a.id])?;
            let product = cx.step(call, "product", Op::Tensor(TensorOp::MatMul), &[row, b.id])?;
            let shape = vec![cx.of_sample(b)[1]];
            let reshape = Op::Tensor(TensorOp::Arrange(Arrange::Reshape { shape }));
            return cx.node(call, reshape, &[product], like);
        }
        if !fits(a, n_a, n_b) || !fits(b, n_b, n_a) || (a.is_batched && b.is_batched && n_a != n_b) {
            return mixes("multiplies samples with each other");
        }
        return cx.node(call, Op::Tensor(TensorOp::MatMul), &[a.id, b.id], like);
    }
    // A vector is a matrix of one row on the left, of one column on the right.
    let (shape_a, shape_b) = (cx.of_sample(a).to_vec(), cx.of_sample(b).to_vec());
    let (mut left, mut right) = (a.id, b.id);
    if let [n] = shape_a[..] {
        let reshape = Arrange::Reshape { shape: vec![1, n] };
        left = cx.step(call, "row", Op::Tensor(TensorOp::Arrange(reshape)), &[left])?;
    }
    if let [n] = shape_b[..] {
        let reshape = Arrange::Reshape { shape: vec![n, 1] };
        right = cx.step(call, "column", Op::Tensor(TensorOp::Arrange(reshape)), &[right])?;
    }
    if shape_a.len() != 1 && shape_b.len() != 1 {
        return cx.node(call, Op::Tensor(TensorOp::MatMul), &[left, right], like);
    }
    let id = cx.step(call, "product", Op::Tensor(TensorOp::MatMul), &[left, right])?;
    let mut shape = cx.of_sample(Computed { id, ..like }).to_vec();
    if shape_b.len() == 1 {
        shape.pop();
    }
    if shape_a.len() == 1 {
        shape.remove(shape.len() - if shape_b.len() == 1 { 1 } else { 2 });
    }
    cx.node(call, Op::Tensor(TensorOp::Arrange(Arrange::Reshape { shape })), &[id], like)
}
