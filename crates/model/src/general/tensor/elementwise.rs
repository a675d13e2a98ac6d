//! Functions of every value, and of two, by the formulas of `graph/tensor`.

use std::f32::consts::FRAC_2_PI;

use burn::tensor::Tensor;
use burn::tensor::activation::{leaky_relu, relu};

use super::stretch::laid_out;
use crate::general::value::Value;
use crate::graph::{Binary, Unary};

pub(super) fn unary(unary: Unary, z: Tensor<2>) -> Tensor<2> {
    match unary {
        Unary::Identity => z,
        Unary::Abs => z.abs(),
        Unary::Neg => z.neg(),
        Unary::Exp => z.exp(),
        Unary::Log => z.log(),
        Unary::Sqrt => z.sqrt(),
        Unary::Reciprocal => z.recip(),
        Unary::Erf => z.erf(),
        Unary::Floor => z.floor(),
        Unary::Ceil => z.ceil(),
        Unary::Round => z.round(),
        Unary::Sign => z.sign(),
        Unary::Sin => z.sin(),
        Unary::Cos => z.cos(),
        Unary::Tan => z.tan(),
        Unary::Asin => z.asin(),
        Unary::Acos => z.acos(),
        Unary::Atan => z.atan(),
        Unary::Sinh => z.sinh(),
        Unary::Cosh => z.cosh(),
        Unary::Softplus => softplus(z),
        Unary::Softsign => z.clone() / (z.abs() + 1.0),
        Unary::LeakyRelu { slope } => leaky_relu(z, f64::from(slope)),
        Unary::Elu { alpha } => relu(z.clone()) + below(z) * alpha,
        Unary::Selu { alpha, gamma } => (relu(z.clone()) + below(z) * alpha) * gamma,
        Unary::HardSigmoid { alpha, beta } => (z * alpha + beta).clamp(0.0, 1.0),
        Unary::HardSwish => z.clone() * (z / 6.0 + 0.5).clamp(0.0, 1.0),
        Unary::GeluTanh => {
            let inner = (z.clone().square() * 0.044_715 + 1.0) * z.clone() * FRAC_2_PI.sqrt();
            (inner.tanh() + 1.0) * z * 0.5
        }
        Unary::Mish => z.clone() * softplus(z).tanh(),
        Unary::Threshold { alpha } => z.clone() * z.greater_scalar(alpha).float(),
        Unary::Clip { min, max } => {
            let z = if min == f32::NEG_INFINITY { z } else { z.clamp_min(min) };
            if max == f32::INFINITY { z } else { z.clamp_max(max) }
        }
        Unary::Truncate => z.trunc(),
        Unary::IsNonZero => z.not_equal_scalar(0.0).float(),
        Unary::Not => z.equal_scalar(0.0).float(),
        Unary::IsNan => z.is_nan().float(),
    }
}

/// `e^z − 1` below zero, and 0 above: the exponential of large z is infinite and would spoil the gradient.
fn below(z: Tensor<2>) -> Tensor<2> {
    z.clamp_max(0.0).exp() - 1.0
}

/// `ln(1 + e^z)`: from 20 on it is z to the last bit.
fn softplus(z: Tensor<2>) -> Tensor<2> {
    relu(z.clone() - 20.0) + z.clamp_max(20.0).exp().log1p()
}

pub(super) fn binary(binary: Binary, a: Value<'_>, b: Value<'_>) -> Tensor<2> {
    if a.shape == b.shape {
        return of_two(binary, a.rows, b.rows);
    }
    let [a, b] = laid_out(a, b);
    let given = of_two(binary, a, b);
    let dims = given.dims();
    given.reshape([dims[0], dims[1..].iter().product()])
}

fn of_two<const D: usize>(binary: Binary, a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
    match binary {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::WholeDiv => (a / b).trunc(),
        Binary::Mod => a.remainder(b),
        Binary::Remainder => a.clone() - (a / b.clone()).trunc() * b,
        Binary::Pow => a.powf(b),
        Binary::Max => larger(a, b),
        Binary::Min => larger(a.neg(), b.neg()).neg(),
        Binary::PRelu => relu(a.clone()) + a.clamp_max(0.0) * b,
        Binary::Equal => a.equal(b).float(),
        Binary::Greater => a.greater(b).float(),
        Binary::GreaterOrEqual => a.greater_equal(b).float(),
        Binary::Less => a.lower(b).float(),
        Binary::LessOrEqual => a.lower_equal(b).float(),
        Binary::And => truth(a) * truth(b),
        Binary::Or => (truth(a) + truth(b)).clamp_max(1.0),
        Binary::Xor => truth(a).not_equal(truth(b)).float(),
    }
}

fn truth<const D: usize>(a: Tensor<D>) -> Tensor<D> {
    a.not_equal_scalar(0.0).float()
}

/// The larger one; both of infinite values too, of which a difference would be no number.
fn larger<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
    let dims = std::array::from_fn(|axis| a.dims()[axis].max(b.dims()[axis]));
    a.expand::<D, [usize; D]>(dims).max_pair(b.expand::<D, [usize; D]>(dims))
}
