//! The place of the largest value.

/// Index of the largest value; of equal ones the first.
pub(super) fn argmax(values: impl IntoIterator<Item = f64>) -> usize {
    let better =
        |best: (usize, f64), (i, value): (usize, f64)| if best.1 < value { (i, value) } else { best };
    values.into_iter().enumerate().fold((0, f64::NEG_INFINITY), better).0
}
