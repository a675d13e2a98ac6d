//! How a quantity changes from one width of the bottleneck to the next.

/// The steps from one value to the next at which it does not fall: their places, counted from 0, and by how much it rises.
pub fn rises(values: &[f64]) -> Vec<(usize, f64)> {
    let step = |(place, pair): (usize, &[f64])| (place, pair[1] - pair[0]);
    let does_not_fall = |&(_, rise): &(usize, f64)| 0.0 <= rise || rise.is_nan();
    values.windows(2).enumerate().map(step).filter(does_not_fall).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_stays_or_is_no_number_does_not_fall() {
        assert_eq!(rises(&[3.0, 2.0, 2.5, 2.5, 1.0]), [(1, 0.5), (2, 0.0)]);
        assert_eq!(rises(&[1.0, f64::NAN]).len(), 1);
        assert!(rises(&[3.0, 2.0]).is_empty() && rises(&[]).is_empty());
    }
}
