//! Functions of every value alone.

/// A function of every value alone, but for those that [`Activation`](crate::Activation) has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unary {
    /// The value itself.
    Identity,
    /// `|z|`.
    Abs,
    /// `−z`.
    Neg,
    /// `e^z`.
    Exp,
    /// The natural logarithm.
    Log,
    /// The square root.
    Sqrt,
    /// `1 / z`.
    Reciprocal,
    /// The error function.
    Erf,
    /// The next whole number below.
    Floor,
    /// The next whole number above.
    Ceil,
    /// The nearest whole number, of two the even one.
    Round,
    /// −1, 0 or 1.
    Sign,
    /// The sine.
    Sin,
    /// The cosine.
    Cos,
    /// The tangent.
    Tan,
    /// The arc sine.
    Asin,
    /// The arc cosine.
    Acos,
    /// The arc tangent.
    Atan,
    /// The hyperbolic sine.
    Sinh,
    /// The hyperbolic cosine.
    Cosh,
    /// `ln(1 + e^z)`.
    Softplus,
    /// `z / (1 + |z|)`.
    Softsign,
    /// `z`, or `slope · z` below zero.
    LeakyRelu {
        /// The slope.
        slope: f32,
    },
    /// `z`, or `alpha (e^z − 1)` below zero.
    Elu {
        /// α.
        alpha: f32,
    },
    /// `gamma z`, or `gamma · alpha (e^z − 1)` below zero (Klambauer et al. 2017).
    Selu {
        /// α.
        alpha: f32,
        /// γ.
        gamma: f32,
    },
    /// `alpha z + beta`, between 0 and 1.
    HardSigmoid {
        /// α.
        alpha: f32,
        /// β.
        beta: f32,
    },
    /// `z` times the hard sigmoid of slope 1/6 (Howard et al. 2019).
    HardSwish,
    /// The Gaussian unit by its form with tanh.
    GeluTanh,
    /// `z tanh ln(1 + e^z)` (Misra 2019).
    Mish,
    /// `z` above a threshold, or 0.
    Threshold {
        /// The threshold.
        alpha: f32,
    },
    /// Values below `min` or above `max` moved there.
    Clip {
        /// The least.
        min: f32,
        /// The largest.
        max: f32,
    },
    /// The whole number next to it towards zero.
    Truncate,
    /// 1 where it is not zero.
    IsNonZero,
    /// 1 where it is zero.
    Not,
    /// 1 where it is no number.
    IsNan,
}

impl Unary {
    /// Its name in the field's writing.
    pub fn title(self) -> &'static str {
        match self {
            Unary::Identity => "identity",
            Unary::Abs => "abs",
            Unary::Neg => "negative",
            Unary::Exp => "exp",
            Unary::Log => "log",
            Unary::Sqrt => "sqrt",
            Unary::Reciprocal => "reciprocal",
            Unary::Erf => "erf",
            Unary::Floor => "floor",
            Unary::Ceil => "ceil",
            Unary::Round => "round",
            Unary::Sign => "sign",
            Unary::Sin => "sin",
            Unary::Cos => "cos",
            Unary::Tan => "tan",
            Unary::Asin => "asin",
            Unary::Acos => "acos",
            Unary::Atan => "atan",
            Unary::Sinh => "sinh",
            Unary::Cosh => "cosh",
            Unary::Softplus => "softplus",
            Unary::Softsign => "softsign",
            Unary::LeakyRelu { .. } => "leaky ReLU",
            Unary::Elu { .. } => "ELU",
            Unary::Selu { .. } => "SELU",
            Unary::HardSigmoid { .. } => "hard sigmoid",
            Unary::HardSwish => "hard swish",
            Unary::GeluTanh => "GELU by tanh",
            Unary::Mish => "mish",
            Unary::Threshold { .. } => "threshold",
            Unary::Clip { .. } => "clip",
            Unary::Truncate => "truncate",
            Unary::IsNonZero => "is not zero",
            Unary::Not => "not",
            Unary::IsNan => "is no number",
        }
    }
}
