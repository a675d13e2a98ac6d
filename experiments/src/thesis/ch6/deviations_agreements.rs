//! Whether the deviations run as the thesis says under figures 6.7 to 6.9, 6.13 and 6.14.

use vitrine_lab::numbers::span;
use vitrine_lab::{Agreement, agreement};

use super::fitting::{seeds, why_not_memorised};
use super::measure_charts::{CORRELATION, COSINE, Distance, EUCLIDEAN, LEVEL, LEVEL_FREE, NORMALISED};
use super::measure_criteria::{
    falls, growth, is_clearly_above_input, last_over_first, layers_above, path, paths, plain_along, rises,
    rises_after_first, so, so_by_all, why_not_as_angles,
};
use super::measures::{Measured, Pick, along};

/// Distances between directions, which the thesis' text on memorising is about.
const ANGLES: [Distance; 2] = [COSINE, CORRELATION];

/// One for every statement, on the networks of every seed: of the learning one, and of the one trained on shuffled
/// labels under these and under the true ones, with the share of its labels that it fits.
pub fn all(
    learning: &[Vec<Measured>],
    shuffled: &[Vec<Measured>],
    under_true: &[Vec<Measured>],
    fitted: &[f64],
) -> Vec<Agreement> {
    let mut agreements = vec![euclidean(learning), level(learning), within(learning), between(learning)];
    agreements.extend(memorising(shuffled, learning, fitted));
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
        format!("Within classes the first hidden layer has {ratios} times the input's deviation: the step goes either way from seed to seed, and the thesis shows one run.")
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
    with_reason(euclidean, why)
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
    with_reason(level, why_not_as_angles(networks, |d| d.inner))
}

/// Figure 6.9, its left half.
fn within(networks: &[Vec<Measured>]) -> Agreement {
    let (inner, third_less) = (|d: &Distance| d.inner, |v: &[f64]| last_over_first(v) <= 2.0 / 3.0);
    let within = agreement("6.9a")
        .so(
            "within classes cosine and correlation distance fall from each layer to the next",
            &so_by_all(networks, &ANGLES, inner, falls),
            paths(networks, &ANGLES, inner),
        )
        .so(
            "and by a third or more from the input to the last hidden layer",
            &so_by_all(networks, &ANGLES, inner, third_less),
            "",
        )
        .so(
            "normalised Euclidean distance falls likewise, from each layer to the next",
            &so(networks, NORMALISED.inner, falls),
            path(networks, NORMALISED.inner),
        );
    with_reason(within, why_not_as_angles(networks, inner))
}

/// Figure 6.9, its right half.
fn between(networks: &[Vec<Measured>]) -> Agreement {
    let (inter, is_lower) = (|d: &Distance| d.inter, |v: &[f64]| last_over_first(v) < 1.0);
    let between = agreement("6.9b")
        .so(
            "between classes the last hidden layer lies below the input, by cosine and correlation",
            &so_by_all(networks, &ANGLES, inter, is_lower),
            paths(networks, &ANGLES, inter),
        )
        .so(
            "and by normalised Euclidean distance",
            &so(networks, NORMALISED.inter, is_lower),
            path(networks, NORMALISED.inter),
        )
        .so(
            "without a clear trend: no distance falls at every layer or rises at every layer",
            &so_by_all(networks, &LEVEL_FREE, inter, has_no_trend),
            "",
        );
    with_reason(between, why_not_as_angles(networks, inter))
}

/// Neither up nor down at every layer.
fn has_no_trend(values: &[f64]) -> bool {
    !rises(values) && !falls(values)
}

/// Figure 6.13, part by part.
fn memorising(networks: &[Vec<Measured>], learning: &[Vec<Measured>], fitted: &[f64]) -> [Agreement; 4] {
    let inner = |d: &Distance| d.inner;
    let is_longer = |v: &[f64]| v[0] < v[v.len() - 1];
    let in_both = |pick: Pick| -> Vec<bool> {
        let both = so(networks, pick, is_longer).into_iter().zip(so(learning, pick, is_longer));
        both.map(|(own, other)| own && other).collect()
    };
    let paths_of_both = |pick: Pick| format!("{}; learning {}", path(networks, pick), path(learning, pick));
    let euclidean = agreement("6.13a")
        .so(
            "within classes the last hidden layer lies above the input, as in the learning network",
            &in_both(EUCLIDEAN.inner),
            paths_of_both(EUCLIDEAN.inner),
        )
        .so(
            "and between classes, as in the learning network",
            &in_both(EUCLIDEAN.inter),
            paths_of_both(EUCLIDEAN.inter),
        );
    let is_higher = |(own, other): (&Vec<Measured>, &Vec<Measured>)| {
        let pairs = along(own, LEVEL).into_iter().zip(along(other, LEVEL)).skip(1);
        pairs.into_iter().all(|(own, other)| other < own)
    };
    let level = agreement("6.13b").so(
        "the level is higher than the learning network's in every hidden layer",
        &networks.iter().zip(learning).map(is_higher).collect::<Vec<_>>(),
        format!("from the input {}", paths_of_both(LEVEL)),
    );
    let why_level = format!("In how many seeds it is higher: {}.", layers_above(networks, learning, LEVEL));
    let within = agreement("6.13c").so(
        "within classes every hidden layer lies above the input, by cosine and correlation",
        &so_by_all(networks, &ANGLES, inner, |v| v[1..].iter().all(|&value| v[0] < value)),
        paths(networks, &ANGLES, inner),
    );
    let rises_clearly: Vec<bool> =
        networks.iter().map(|n| ANGLES.iter().all(|d| is_clearly_above_input(n, d.inter))).collect();
    let between = agreement("6.13d").so(
        "between classes the last hidden layer lies above the input by cosine and correlation, in each seed beyond the 95 % intervals of both over signals",
        &rises_clearly,
        paths(networks, &ANGLES, |d| d.inter),
    );
    let why_not = why_not_memorised(fitted);
    let why_between = why_not.clone().or_else(|| noise(networks, |v| v[0] < v[v.len() - 1], &rises_clearly));
    [
        with_reason(euclidean, why_not.clone()),
        with_reason(level, why_not.clone().or(Some(why_level))),
        with_reason(within, why_not),
        with_reason(between, why_between),
    ]
}

/// Figure 6.14, part by part.
fn under_true_labels(
    networks: &[Vec<Measured>],
    shuffled: &[Vec<Measured>],
    fitted: &[f64],
) -> [Agreement; 2] {
    let widens_greatly = |v: &[f64]| 1.5 <= last_over_first(v);
    let within = agreement("6.14c").so(
        "within classes the last hidden layer lies above the input by half and more, by cosine and correlation",
        &so_by_all(networks, &ANGLES, |d| d.inner, widens_greatly),
        paths(networks, &ANGLES, |d| d.inner),
    );
    let rises_slightly = |v: &[f64]| (1.0..1.5).contains(&last_over_first(v));
    let are_slight = so_by_all(networks, &ANGLES, |d| d.inter, rises_slightly);
    let between = agreement("6.14d")
        .so(
            "between classes the last hidden layer lies above the input, by cosine and correlation",
            &so_by_all(networks, &ANGLES, |d| d.inter, |v| 1.0 < last_over_first(v)),
            paths(networks, &ANGLES, |d| d.inter),
        )
        .so("and slightly, by less than half", &are_slight, "");
    let why_not = why_not_memorised(fitted);
    let inter = |d: &Distance| d.inter;
    let beside_shuffled = || {
        let [under_true, under_shuffled] = [networks, shuffled].map(|n| growth(n, &ANGLES, inter));
        format!(
            "From the input to the last hidden layer it grows by {under_true}; under the shuffled labels (figure 6.13d) by {under_shuffled}."
        )
    };
    let why_between = why_not
        .clone()
        .or_else(|| noise(networks, rises_slightly, &are_slight))
        .or_else(|| Some(beside_shuffled()));
    [with_reason(within, why_not), with_reason(between, why_between)]
}

/// The thesis' distances between classes hold the noise of the means: said where they would be so, and ours are not.
fn noise(networks: &[Vec<Measured>], is_so: impl Fn(&[f64]) -> bool, ours: &[bool]) -> Option<String> {
    let plainly = |network: &Vec<Measured>| ANGLES.iter().all(|d| is_so(&plain_along(network, d)));
    let n_by_noise = networks.iter().zip(ours).filter(|(network, ours)| !**ours && plainly(network)).count();
    (0 < n_by_noise).then(|| {
        format!(
            "Noise of the class means: by plain distances, which hold it as the thesis' do, it would be so in {n_by_noise} more of {}.",
            seeds(networks.len())
        )
    })
}

fn with_reason(agreement: Agreement, reason: Option<String>) -> Agreement {
    match reason {
        Some(reason) => agreement.because(&reason),
        None => agreement,
    }
}

#[cfg(test)]
mod tests;
