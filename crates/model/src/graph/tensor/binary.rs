//! Functions of two values, and how shapes are stretched to each other.

use crate::graph::op_error::OpError;

/// A function of two values, place by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `a + b`.
    Add,
    /// `a − b`.
    Sub,
    /// `a · b`.
    Mul,
    /// `a / b`.
    Div,
    /// `a / b` without its fraction: the division of whole numbers.
    WholeDiv,
    /// What `a / b` leaves, with the sign of `b`.
    Mod,
    /// What `a / b` leaves, with the sign of `a`.
    Remainder,
    /// `a` to the power of `b`.
    Pow,
    /// The larger one.
    Max,
    /// The smaller one.
    Min,
    /// `a`, or `b · a` where `a` is below zero.
    PRelu,
    /// 1 where they are equal.
    Equal,
    /// 1 where `a > b`.
    Greater,
    /// 1 where `a ≥ b`.
    GreaterOrEqual,
    /// 1 where `a < b`.
    Less,
    /// 1 where `a ≤ b`.
    LessOrEqual,
    /// 1 where both are not zero.
    And,
    /// 1 where one is not zero, or both.
    Or,
    /// 1 where one is not zero and the other is.
    Xor,
}

impl Binary {
    /// Its name in the field's writing.
    pub fn title(self) -> &'static str {
        match self {
            Binary::Add => "add",
            Binary::Sub => "subtract",
            Binary::Mul => "multiply",
            Binary::Div => "divide",
            Binary::WholeDiv => "divide whole numbers",
            Binary::Mod => "modulo",
            Binary::Remainder => "remainder",
            Binary::Pow => "power",
            Binary::Max => "maximum",
            Binary::Min => "minimum",
            Binary::PRelu => "PReLU",
            Binary::Equal => "equal",
            Binary::Greater => "greater",
            Binary::GreaterOrEqual => "greater or equal",
            Binary::Less => "less",
            Binary::LessOrEqual => "less or equal",
            Binary::And => "and",
            Binary::Or => "or",
            Binary::Xor => "exclusive or",
        }
    }

    /// Whether it gives 0 and 1 alone.
    pub fn is_truth(self) -> bool {
        use Binary::{And, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Or, Xor};
        matches!(self, Equal | Greater | GreaterOrEqual | Less | LessOrEqual | And | Or | Xor)
    }
}

/// The shape that both are stretched to: shapes are laid on each other from the last axis, and an axis of one value is
/// repeated.
pub(super) fn stretched(first: &[usize], other: &[usize]) -> Result<Vec<usize>, OpError> {
    let n_axes = first.len().max(other.len());
    let at = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(n_axes).map_or(1, |i| shape[i]);
    let of_axis = |axis| match (at(first, axis), at(other, axis)) {
        (a, b) if a == b || b == 1 => Ok(a),
        (1, b) => Ok(b),
        _ => Err(OpError::Stretch { first: first.to_vec(), other: other.to_vec() }),
    };
    let shape = (0..n_axes).map(of_axis).collect::<Result<_, _>>()?;
    match stretches(first, other).len() <= MAX_GROUPS {
        true => Ok(shape),
        false => Err(OpError::TooManyAxes { most: MAX_GROUPS }),
    }
}

/// Axes of tensors that are computed with at most, once those that are neighbours and go together are one.
pub(crate) const MAX_GROUPS: usize = 5;

/// Both shapes with neighbouring axes made one where both are stretched alike, or neither is.
pub(crate) fn stretches(first: &[usize], other: &[usize]) -> Vec<(usize, usize)> {
    let n_axes = first.len().max(other.len());
    let at = |shape: &[usize], axis: usize| (axis + shape.len()).checked_sub(n_axes).map_or(1, |i| shape[i]);
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for pair in (0..n_axes).map(|axis| (at(first, axis), at(other, axis))).filter(|&pair| pair != (1, 1)) {
        match groups.last_mut() {
            Some(last) if (last.0 == last.1, last.0 == 1) == (pair.0 == pair.1, pair.0 == 1) => {
                *last = (last.0 * pair.0, last.1 * pair.1);
            }
            _ => groups.push(pair),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_stretched_as_numpy_does() {
        assert_eq!(stretched(&[3, 1, 5], &[4, 1]).unwrap(), [3, 4, 5]);
        assert_eq!(stretched(&[], &[2, 3]).unwrap(), [2, 3]);
        assert_eq!(stretches(&[3, 4, 5, 6], &[4, 1, 1]), [(3, 1), (4, 4), (30, 1)]);
        assert!(stretched(&[3], &[4]).unwrap_err().to_string().contains("[3] and [4]"));
    }
}
