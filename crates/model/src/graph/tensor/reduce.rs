//! Sums, means and largest values along axes.

use crate::graph::op_error::OpError;

/// A reduction along axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Reduce {
    /// What is taken of the values.
    pub kind: Reduction,
    /// The axes, in rising order; [`Reduction::ArgMax`] and [`Reduction::ArgMin`] have one.
    pub axes: Vec<usize>,
    /// Whether the axes stay, with one value each.
    pub keeps_axes: bool,
}

/// What is taken of the values along axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// Their sum.
    Sum,
    /// Their mean.
    Mean,
    /// The largest.
    Max,
    /// The smallest.
    Min,
    /// Their product.
    Prod,
    /// `Σ |z|`.
    L1,
    /// `√Σ z²`.
    L2,
    /// `ln Σ z`.
    LogSum,
    /// `ln Σ e^z`.
    LogSumExp,
    /// `Σ z²`.
    SumSquare,
    /// The place of the largest: of equal ones the first, or the last.
    ArgMax {
        /// Whether the last.
        is_last: bool,
    },
    /// The place of the smallest: of equal ones the first, or the last.
    ArgMin {
        /// Whether the last.
        is_last: bool,
    },
}

impl Reduction {
    /// Its name in the field's writing.
    pub fn title(self) -> &'static str {
        match self {
            Reduction::Sum => "sum",
            Reduction::Mean => "mean",
            Reduction::Max => "largest",
            Reduction::Min => "smallest",
            Reduction::Prod => "product",
            Reduction::L1 => "sum of absolute values",
            Reduction::L2 => "length",
            Reduction::LogSum => "log of sum",
            Reduction::LogSumExp => "log of sum of exp",
            Reduction::SumSquare => "sum of squares",
            Reduction::ArgMax { .. } => "place of largest",
            Reduction::ArgMin { .. } => "place of smallest",
        }
    }
}

impl Reduce {
    pub(super) fn shape(&self, input: &[usize]) -> Result<Vec<usize>, OpError> {
        let is_rising = self.axes.windows(2).all(|pair| pair[0] < pair[1]);
        if let Some(&axis) = self.axes.last().filter(|&&axis| input.len() <= axis || !is_rising) {
            return Err(OpError::Axis { axis, shape: input.to_vec() });
        }
        let is_arg = matches!(self.kind, Reduction::ArgMax { .. } | Reduction::ArgMin { .. });
        if is_arg && self.axes.len() != 1 {
            return Err(OpError::Axis { axis: self.axes.len(), shape: input.to_vec() });
        }
        let kept = input.iter().enumerate().filter_map(|(axis, &size)| match self.axes.contains(&axis) {
            true => self.keeps_axes.then_some(1),
            false => Some(size),
        });
        Ok(kept.collect())
    }
}
