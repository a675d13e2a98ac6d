//! Whether the deviations run as the thesis says under figures 6.7 to 6.9, of the network that learns, and under 6.13
//! and 6.14, of the one trained on shuffled labels.

mod shuffled_labels;

use vitrine_lab::numbers::span;
use vitrine_lab::{Agreement, agreement};

use self::shuffled_labels::{under_shuffled_labels, under_true_labels};
use super::measure_charts::{ANGLES, Distance, EUCLIDEAN, LEVEL, NORMALISED};
use super::measure_criteria::{
    BETWEEN, WITHIN, falls, last_over_first, path, paths, rises, rises_after_first, so, so_by_all,
    why_not_as_angles,
};
use super::measures::{Measured, along};

/// One for every statement, on the networks of every seed: of the learning one, and of the one trained on shuffled
/// labels under these and under the true ones, with the share of its labels that it fits.
pub fn all(
    learning: &[Vec<Measured>],
    shuffled: &[Vec<Measured>],
    under_true: &[Vec<Measured>],
    fitted: &[f64],
) -> Vec<Agreement> {
    let mut agreements = vec![euclidean(learning), level(learning), within(learning), between(learning)];
    agreements.extend(under_shuffled_labels(shuffled, learning, fitted));
    agreements.extend(under_true_labels(under_true, shuffled, fitted));
    agreements
}

/// Figure 6.7.
fn euclidean(networks: &[Vec<Measured>]) -> Agreement {
    let Distance { inner, inter, .. } = EUCLIDEAN;
    let drops_slightly = |v: &[f64]| v[1] < v[0] && 2.0 / 3.0 * v[0] < v[1];
    let first_step: Vec<f64> = networks.iter().map(|n| along(n, inner)).map(|v| v[1] / v[0]).collect();
    let either_way = first_step.iter().any(|&r| r < 1.0) && first_step.iter().any(|&r| 1.0 < r);
    let why = either_way.then(|| {
        let ratios = span(&first_step, 2);
        format!("within classes the first hidden layer has {ratios} times the input's deviation: the step goes either way from seed to seed, and the thesis shows one run")
    });
    let euclidean = agreement("6.7")
        .so(
            "between classes it rises from each layer to the next",
            &so(networks, inter, rises),
            path(networks, inter),
        )
        .so(
            "within classes it drops by less than a third at the first hidden layer",
            &so(networks, inner, drops_slightly),
            path(networks, inner),
        )
        .so(
            "within classes it rises from each hidden layer to the next",
            &networks.iter().map(|network| rises_after_first(network, inner)).collect::<Vec<_>>(),
            "",
        );
    euclidean.because_of(why)
}

/// Figure 6.8.
fn level(networks: &[Vec<Measured>]) -> Agreement {
    let Distance { inner, inter, .. } = NORMALISED;
    let third_less = |v: &[f64]| last_over_first(v) <= 2.0 / 3.0;
    let level = agreement("6.8")
        .so(
            "the activation level rises from each layer to the next",
            &so(networks, LEVEL, rises),
            path(networks, LEVEL),
        )
        .so(
            "divided by it, the deviation within classes falls from each layer to the next",
            &so(networks, inner, falls),
            path(networks, inner),
        )
        .so(
            "and by a third or more from the input to the last hidden layer",
            &so(networks, inner, third_less),
            "",
        )
        .so(
            "that between classes neither rises at every layer nor falls at every layer",
            &so(networks, inter, has_no_trend),
            path(networks, inter),
        );
    level.because_of(why_not_as_angles(networks, &[("within classes ", WITHIN), ("between them ", BETWEEN)]))
}

/// Figure 6.9, its left half.
fn within(networks: &[Vec<Measured>]) -> Agreement {
    let third_less = |v: &[f64]| last_over_first(v) <= 2.0 / 3.0;
    let within = agreement("6.9a")
        .so(
            "within classes cosine and correlation distance fall from each layer to the next",
            &so_by_all(networks, &ANGLES, WITHIN, falls),
            paths(networks, &ANGLES, WITHIN),
        )
        .so(
            "and by a third or more from the input to the last hidden layer",
            &so_by_all(networks, &ANGLES, WITHIN, third_less),
            "",
        )
        .so(
            "normalised Euclidean distance falls likewise, from each layer to the next",
            &so(networks, NORMALISED.inner, falls),
            path(networks, NORMALISED.inner),
        );
    within.because_of(why_not_as_angles(networks, &[("", WITHIN)]))
}

/// Figure 6.9, its right half.
fn between(networks: &[Vec<Measured>]) -> Agreement {
    let is_lower = |v: &[f64]| last_over_first(v) < 1.0;
    let between = agreement("6.9b")
        .so(
            "between classes the last hidden layer lies below the input, by cosine and correlation",
            &so_by_all(networks, &ANGLES, BETWEEN, is_lower),
            paths(networks, &ANGLES, BETWEEN),
        )
        .so(
            "and by normalised Euclidean distance",
            &so(networks, NORMALISED.inter, is_lower),
            path(networks, NORMALISED.inter),
        )
        .so(
            "cosine and correlation have no clear trend: neither falls nor rises at every layer",
            &so_by_all(networks, &ANGLES, BETWEEN, has_no_trend),
            "",
        )
        .so(
            "nor has normalised Euclidean distance: it neither falls nor rises at every layer",
            &so(networks, NORMALISED.inter, has_no_trend),
            "",
        );
    between.because_of(why_not_as_angles(networks, &[("", BETWEEN)]))
}

/// Neither up nor down at every layer.
fn has_no_trend(values: &[f64]) -> bool {
    !rises(values) && !falls(values)
}

#[cfg(test)]
mod tests;
