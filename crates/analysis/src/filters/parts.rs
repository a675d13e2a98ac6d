//! A filter as the sum of a smoothing and a difference part (thesis sec. 3.2.2, figures 3.3 and 3.4).

use super::filter::Filter;

/// Two filters whose outputs add up to that of the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterParts {
    /// Taps of one sign; it carries the whole gain.
    pub smoothing: Filter,
    /// Taps that sum to zero.
    pub difference: Filter,
}

impl Filter {
    /// Splits `[1 1 1 1 −1]` into `[1 1 1 0 0]` and `[0 0 0 1 −1]`, and any filter likewise.
    ///
    /// Such a split is not unique; the rule is the thesis' example. Taps whose sign is that of the gain form the
    /// majority. Every minority tap is paired off with as much of the nearest majority taps, nearest pairs first and
    /// of equally near ones those at smaller lags. What is paired is the difference part, what remains the smoothing
    /// part. Both keep the lags of the whole.
    pub fn split(&self) -> FilterParts {
        let taps = self.taps();
        let sign = if self.gain() < 0.0 { -1.0 } else { 1.0 };
        let mut unpaired: Vec<f64> = taps.iter().map(|tap| sign * tap).collect();
        for (minority, majority) in pairs_by_distance(&unpaired) {
            let paired = unpaired[majority].min(-unpaired[minority]);
            unpaired[majority] -= paired;
            unpaired[minority] += paired;
        }
        // A filter that sums to zero but for rounding leaves a trace of minority taps: it is theirs to keep.
        let smoothing: Vec<f64> = unpaired.iter().map(|tap| sign * tap.max(0.0)).collect();
        let difference: Vec<f64> = taps.iter().zip(&smoothing).map(|(tap, smooth)| tap - smooth).collect();
        let first_lag = self.lags().start;
        FilterParts {
            smoothing: Filter::starting_at(first_lag, smoothing),
            difference: Filter::starting_at(first_lag, difference),
        }
    }
}

/// Every pair of a negative and a positive tap, nearest first.
fn pairs_by_distance(taps: &[f64]) -> Vec<(usize, usize)> {
    let of_sign = |wanted: fn(f64) -> bool| (0..taps.len()).filter(move |&i| wanted(taps[i]));
    let mut pairs: Vec<(usize, usize)> = of_sign(|tap| tap < 0.0)
        .flat_map(|minority| of_sign(|tap| 0.0 < tap).map(move |majority| (minority, majority)))
        .collect();
    pairs.sort_by_key(|&(minority, majority)| (minority.abs_diff(majority), minority, majority));
    pairs
}
