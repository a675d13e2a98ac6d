//! The worst of several numbers, where one that is missing is not passed over: what is not known of one is not known of
//! the worst.

/// The largest number; NaN where one is NaN, and of nothing.
pub fn largest(values: &[f64]) -> f64 {
    extreme(values, f64::max)
}

/// The smallest number; NaN where one is NaN, and of nothing.
pub fn smallest(values: &[f64]) -> f64 {
    extreme(values, f64::min)
}

/// Seed by seed, the extreme over detectors, whose values by seed these are.
pub fn over_detectors(by_seed: impl IntoIterator<Item = Vec<f64>>, extreme: fn(&[f64]) -> f64) -> Vec<f64> {
    let detectors: Vec<Vec<f64>> = by_seed.into_iter().collect();
    let n_seeds = detectors.iter().map(Vec::len).min().unwrap_or(0);
    let of_seed = |seed: usize| extreme(&detectors.iter().map(|values| values[seed]).collect::<Vec<_>>());
    (0..n_seeds).map(of_seed).collect()
}

fn extreme(values: &[f64], of_two: fn(f64, f64) -> f64) -> f64 {
    let of_two = |a: f64, b: f64| if a.is_nan() || b.is_nan() { f64::NAN } else { of_two(a, b) };
    values.iter().copied().reduce(of_two).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_a_seed_is_not_known_where_one_detector_s_number_is_not() {
        let detectors = [vec![0.9, f64::NAN, 0.2], vec![0.5, 0.7, 0.3]];
        let worst = over_detectors(detectors, smallest);
        assert_eq!((worst[0], worst[2]), (0.5, 0.2));
        assert!(worst[1].is_nan() && largest(&[]).is_nan());
        assert_eq!((largest(&[1.0, 3.0, 2.0]), smallest(&[2.0, -1.0])), (3.0, -1.0));
    }
}
