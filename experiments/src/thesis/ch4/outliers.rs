//! Networks that ended far from those of the other seeds, so that they make a mean and its interval.

use vitrine_analysis::statistics::median;

/// An error is far off above so many times the median over seeds.
const FAR: f64 = 2.0;

/// Places of the errors above twice their median.
pub fn far_above(errors: &[f64]) -> Vec<usize> {
    let median = median(errors);
    (0..errors.len()).filter(|&place| FAR * median < errors[place]).collect()
}

/// Places of the values below half of their median.
pub fn far_below(values: &[f64]) -> Vec<usize> {
    let median = median(values);
    (0..values.len()).filter(|&place| FAR * values[place] < median).collect()
}

/// A seed by its place, counted from 0, among all: `the 2nd of 5 seeds`.
pub fn nth_of(place: usize, n_seeds: usize) -> String {
    format!("the {} of {n_seeds} seeds", nth(place))
}

/// A place, counted from 0, in words: `2nd`.
pub fn nth(place: usize) -> String {
    let nth = place + 1;
    let ending = match (nth % 10, nth % 100) {
        (1, of) if of != 11 => "st",
        (2, of) if of != 12 => "nd",
        (3, of) if of != 13 => "rd",
        _ => "th",
    };
    format!("{nth}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_more_than_twice_or_less_than_half_of_the_median_is_far_off() {
        assert_eq!(far_above(&[1.5, 7.3, 1.7, 3.0, 1.9]), [1]);
        assert_eq!(far_below(&[0.25, 1.0, 1.5, 0.5, 1.0]), [0]);
        assert!(far_above(&[1.0]).is_empty() && far_below(&[1.0]).is_empty() && far_above(&[]).is_empty());
    }

    #[test]
    fn seeds_are_counted_from_the_first() {
        let named = [0, 1, 2, 3, 10, 21].map(|place| nth_of(place, 30));
        let counts = ["1st", "2nd", "3rd", "4th", "11th", "22nd"];
        assert_eq!(named, counts.map(|count| format!("the {count} of 30 seeds")));
    }
}
