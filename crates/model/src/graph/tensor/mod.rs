//! Ops on tensors of any shape: what networks from elsewhere are made of, beside the layers.
//!
//! Shapes are those of one sample; the axis of the samples is in none of them. All values are f32: whole numbers are
//! such values too, and truths are 0 and 1.

mod arrange;
mod binary;
mod name;
mod reduce;
mod shape;
mod unary;

pub(crate) use arrange::blocks;
pub use arrange::{Arrange, PadMode};
pub use binary::Binary;
pub(crate) use binary::{MAX_GROUPS, stretches};
pub use reduce::{Reduce, Reduction};
pub use unary::Unary;

use super::window::Window;

/// What a node computes from tensors of any shape.
#[derive(Clone, Debug, PartialEq)]
pub enum TensorOp {
    /// The same values for every sample.
    Constant {
        /// Their shape; the parameter `value` has them in a row.
        shape: Vec<usize>,
        /// Whether descent changes them.
        is_learnt: bool,
    },
    /// `W x` along the last axis: `[…, n_in]` → `[…, n_units]`; W is `[n_units, n_in]`.
    Linear {
        /// Units.
        n_units: usize,
    },
    /// A function of every value alone.
    Unary(Unary),
    /// A function of two values, of every place; shapes are stretched to each other as NumPy does.
    Binary(Binary),
    /// `a` where the condition is not zero and `b` elsewhere, of `condition, a, b`, stretched to each other.
    Choose,
    /// `a b`: `[…, m, k]` and `[…, k, p]` → `[…, m, p]`, the axes before stretched to each other.
    MatMul,
    /// Values moved, cut or laid beside each other.
    Arrange(Arrange),
    /// Rows of the first input along an axis, by the whole numbers that the second holds; one below zero counts from the
    /// end, and one beyond the ends stands for the end.
    Lookup {
        /// The axis of the first input.
        axis: usize,
    },
    /// Sums, means, largest values along axes.
    Reduce(Reduce),
    /// `e^z_j / Σ_k e^z_k` along an axis, or its logarithm.
    Softmax {
        /// The axis.
        axis: usize,
        /// Whether the logarithm is taken.
        is_log: bool,
    },
    /// `γ (x − μ) / √(v + ε) + β` over the last axes together (Ba et al. 2016).
    LayerNorm {
        /// How many axes, from the last.
        n_axes: usize,
        /// ε.
        epsilon: f64,
        /// Whether there is a β.
        has_bias: bool,
    },
    /// The transpose of [`Op::Conv`](super::Op::Conv): `z[f, p · stride + k] += Σ_c w[c, f, k] x[c, p]`; w is
    /// `[channels, n_filters / groups, kernel…]`, and padding is cut off.
    ConvTranspose {
        /// Channels after it.
        n_filters: usize,
        /// Its taps.
        window: Window,
        /// Parts into which the channels before and after it are cut.
        groups: usize,
        /// Places more at the end of each axis.
        more: Vec<usize>,
        /// Whether a bias is added.
        has_bias: bool,
    },
}
