//! What tables, figures and claims say of numbers over seeds and depths, where some are missing.

use vitrine_analysis::statistics::{Interval, mean};

use crate::thesis::extremes::{largest, smallest};

/// The mean, where there is one.
pub fn known_mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    Some(mean(&values.collect::<Vec<_>>())).filter(|mean| mean.is_finite())
}

/// A number of a table; a dash where there is none.
pub fn cell(value: Option<f64>, digits: usize) -> String {
    value.map_or("–".into(), |value| format!("{value:.digits$}"))
}

/// The smallest and the largest of changes in per cent, with their signs: `−87 to −68`.
pub fn signed(changes: &[f64]) -> String {
    // What is rounded to zero has no minus.
    let text = |change: f64| format!("{:+.0}", change.round() + 0.0).replace('-', "−");
    let (low, high) = (text(smallest(changes)), text(largest(changes)));
    if low == high { low } else { format!("{low} to {high}") }
}

/// Seed by seed, the least-squares slope of values at depths 1, 2, …; NaN where one of them is.
pub fn slopes(depths: &[Vec<f64>]) -> Vec<f64> {
    let n_seeds = depths.first().map_or(0, Vec::len);
    let centre = (depths.len() as f64 + 1.0) / 2.0;
    let x = |depth: usize| (depth + 1) as f64 - centre;
    let squares: f64 = (0..depths.len()).map(|depth| x(depth) * x(depth)).sum();
    let slope = |seed: usize| depths.iter().enumerate().map(|(d, v)| x(d) * v[seed]).sum::<f64>() / squares;
    (0..n_seeds).map(slope).collect()
}

/// Depths 1, 2, … with the mean over seeds and the ends of its interval, as [`Panel::add_line`] takes them.
///
/// [`Panel::add_line`]: vitrine_figures::Panel::add_line
pub fn by_depth(depths: impl IntoIterator<Item = Vec<f64>>) -> impl Iterator<Item = (f64, f64, f64, f64)> {
    let intervals = depths.into_iter().map(|values| Interval::of_mean(&values));
    (1..).map(f64::from).zip(intervals).map(|(depth, i)| (depth, i.mean, i.lo, i.hi))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_of_a_line_is_its_rise_per_layer() {
        let depths = [vec![1.0, 0.0], vec![3.0, 0.0], vec![5.0, f64::NAN], vec![7.0, 0.0]];
        let slopes = slopes(&depths);
        assert!((slopes[0] - 2.0).abs() < 1e-12 && slopes[1].is_nan());
    }

    #[test]
    fn a_line_begins_at_one_layer_with_the_mean_over_seeds() {
        let points: Vec<_> = by_depth([vec![1.0, 3.0], vec![5.0]]).collect();
        assert_eq!(
            points.iter().map(|(x, mean, ..)| (*x, *mean)).collect::<Vec<_>>(),
            [(1.0, 2.0), (2.0, 5.0)]
        );
        let (.., lo, hi) = points[0];
        assert!(lo < 2.0 && 2.0 < hi);
    }

    #[test]
    fn changes_are_written_with_their_signs() {
        assert_eq!([signed(&[1.2, 4.4]), signed(&[-87.0, -68.4])], ["+1 to +4", "−87 to −68"]);
        assert_eq!(signed(&[-0.3]), "+0");
    }

    #[test]
    fn the_mean_of_nothing_is_a_dash() {
        assert_eq!(cell(known_mean(std::iter::empty()), 2), "–");
        assert_eq!(cell(known_mean([1.0, 2.0].into_iter()), 2), "1.50");
    }
}
