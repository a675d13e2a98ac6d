//! Whether the network trained on shuffled labels runs as the thesis says: figures 6.13, by these labels, and 6.14, by
//! the true ones.

use vitrine_lab::numbers::span;
use vitrine_lab::{Agreement, agreement};

use super::super::fitting::{seeds, why_not_memorised};
use super::super::measure_charts::{ANGLES, Distance, EUCLIDEAN, LEVEL, over_seeds};
use super::super::measure_criteria::{
    BETWEEN, WITHIN, at_layer, growth, is_clearly_above_input, last_over_first, over_input, path, paths,
    plain_along, so, so_by_all,
};
use super::super::measure_table::number;
use super::super::measures::{Measured, Pick, along, without_output};

/// Figure 6.13, part by part.
pub fn under_shuffled_labels(
    networks: &[Vec<Measured>],
    learning: &[Vec<Measured>],
    fitted: &[f64],
) -> [Agreement; 4] {
    let within = agreement("6.13c").so(
        "within classes every hidden layer lies above the input, by cosine and correlation",
        &so_by_all(networks, &ANGLES, WITHIN, |v| v[1..].iter().all(|&value| v[0] < value)),
        paths(networks, &ANGLES, WITHIN),
    );
    let rises_clearly: Vec<bool> =
        networks.iter().map(|n| ANGLES.iter().all(|d| is_clearly_above_input(n, d.inter))).collect();
    let between = agreement("6.13d").so(
        "between classes the last hidden layer lies above the input by cosine and correlation, in each seed beyond the 95 % intervals of both over signals",
        &rises_clearly,
        paths(networks, &ANGLES, BETWEEN),
    );
    let why_not = why_not_memorised(fitted);
    let why_euclidean = why_not.clone().or_else(|| why_unlike_learning(networks));
    let why_level = why_not.clone().or_else(|| why_not_higher(networks, learning));
    let why_between = why_not.clone().or_else(|| noise(networks, |v| v[0] < v[v.len() - 1], &rises_clearly));
    [
        euclidean(networks, learning).because_of(why_euclidean),
        level(networks, learning).because_of(why_level),
        within.because_of(why_not),
        between.because_of(why_between),
    ]
}

/// Figure 6.13a.
fn euclidean(networks: &[Vec<Measured>], learning: &[Vec<Measured>]) -> Agreement {
    let is_longer = |v: &[f64]| v[0] < v[v.len() - 1];
    let in_both = |pick: Pick| -> Vec<bool> {
        let both = so(networks, pick, is_longer).into_iter().zip(so(learning, pick, is_longer));
        both.map(|(own, other)| own && other).collect()
    };
    let paths_of_both = |pick: Pick| format!("{}; learning {}", path(networks, pick), path(learning, pick));
    let [own, other] = [networks, learning].map(|n| over_input(n, 1, EUCLIDEAN.inner));
    let runs_alike = |(own, other): (&f64, &f64)| (0.8..=1.2).contains(&(own / other));
    agreement("6.13a")
        .so(
            "within classes the last hidden layer lies above the input, as in the learning network",
            &in_both(EUCLIDEAN.inner),
            paths_of_both(EUCLIDEAN.inner),
        )
        .so(
            "and between classes, as in the learning network",
            &in_both(EUCLIDEAN.inter),
            paths_of_both(EUCLIDEAN.inter),
        )
        .so(
            "it runs as in the learning network at the first hidden layer: within classes that has as many times the input's deviation as there, a fifth more or less",
            &own.iter().zip(&other).map(runs_alike).collect::<Vec<_>>(),
            format!("{} times, learning {} times", span(&own, 2), span(&other, 2)),
        )
}

/// Why the Euclidean deviation within classes grows at the first hidden layer: said where it grows by more than the
/// level does in every network, and angles widen too.
fn why_unlike_learning(networks: &[Vec<Measured>]) -> Option<String> {
    let [distances, levels] = [EUCLIDEAN.inner, LEVEL].map(|pick| over_input(networks, 1, pick));
    let is_more = distances.iter().zip(&levels).all(|(distance, level)| level.max(1.0) < *distance);
    let widens = so_by_all(networks, &ANGLES, WITHIN, |v| v[0] < v[1]).into_iter().all(|so| so);
    (is_more && widens).then(|| {
        format!(
            "the level, {} times the input's, grows less than the deviation does: within classes the angles widen as well (figure 6.13c), which in the learning network narrow (figure 6.9a)",
            span(&levels, 2)
        )
    })
}

/// Figure 6.13b, by hidden layer.
fn level(networks: &[Vec<Measured>], learning: &[Vec<Measured>]) -> Agreement {
    hidden(networks).fold(agreement("6.13b"), |parts, l| {
        let [own, other] = [networks, learning].map(|n| over_seeds(n, |m| LEVEL(&m.deviations))[l].mean);
        parts.so(
            &format!("in the {} the level is higher than in the learning network", name(l)),
            &higher(networks, learning, l),
            format!("{}, learning {}", number(own), number(other)),
        )
    })
}

/// Of the hidden layers whose level is not higher in every seed, those that the 95 % intervals do not tell apart from
/// the learning network's.
fn why_not_higher(networks: &[Vec<Measured>], learning: &[Vec<Measured>]) -> Option<String> {
    let over = if networks.len() == 1 { "signals" } else { "seeds" };
    let within_intervals = |l: usize| {
        let [own, other] = [networks, learning].map(|n| over_seeds(n, |m| LEVEL(&m.deviations))[l]);
        let is_one_of_them = higher(networks, learning, l).contains(&false);
        (is_one_of_them && own.lo <= other.hi && other.lo <= own.hi).then(|| {
            let [own, other] =
                [own, other].map(|i| format!("{} [{}, {}]", number(i.mean), number(i.lo), number(i.hi)));
            format!(
                "in the {} the 95 % intervals of both over {over} overlap: {own}, learning {other}",
                name(l)
            )
        })
    };
    let words: Vec<String> = hidden(networks).filter_map(within_intervals).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// Per seed, whether the level of a layer is higher than in the learning network.
fn higher(networks: &[Vec<Measured>], learning: &[Vec<Measured>], layer_idx: usize) -> Vec<bool> {
    let [own, other] = [networks, learning].map(|n| at_layer(n, layer_idx, LEVEL));
    own.iter().zip(&other).map(|(own, other)| other < own).collect()
}

/// The hidden layers of all networks, counted from the input.
fn hidden(networks: &[Vec<Measured>]) -> std::ops::Range<usize> {
    1..networks.iter().map(|network| without_output(network).len()).min().unwrap_or(1)
}

/// `first hidden layer`.
fn name(layer_idx: usize) -> String {
    match layer_idx {
        1 => "first hidden layer".into(),
        2 => "second hidden layer".into(),
        3 => "third hidden layer".into(),
        l => format!("{l}th hidden layer"),
    }
}

/// Figure 6.14, part by part.
pub fn under_true_labels(
    networks: &[Vec<Measured>],
    shuffled: &[Vec<Measured>],
    fitted: &[f64],
) -> [Agreement; 2] {
    let widens_greatly = |v: &[f64]| 1.5 <= last_over_first(v);
    let within = agreement("6.14c").so(
        "within classes the last hidden layer lies above the input by half and more, by cosine and correlation",
        &so_by_all(networks, &ANGLES, WITHIN, widens_greatly),
        paths(networks, &ANGLES, WITHIN),
    );
    let rises_slightly = |v: &[f64]| (1.0..1.5).contains(&last_over_first(v));
    let are_slight = so_by_all(networks, &ANGLES, BETWEEN, rises_slightly);
    let between = agreement("6.14d")
        .so(
            "between classes the last hidden layer lies above the input, by cosine and correlation",
            &so_by_all(networks, &ANGLES, BETWEEN, |v| 1.0 < last_over_first(v)),
            paths(networks, &ANGLES, BETWEEN),
        )
        .so("and slightly, by less than half", &are_slight, "");
    let why_not = why_not_memorised(fitted);
    let why_between = why_not
        .clone()
        .or_else(|| noise(networks, rises_slightly, &are_slight))
        .or_else(|| beside_shuffled(networks, shuffled));
    [within.because_of(why_not), between.because_of(why_between)]
}

/// What a rise between classes is slight beside: said where it is above half in every network, and larger under the
/// shuffled labels.
fn beside_shuffled(networks: &[Vec<Measured>], shuffled: &[Vec<Measured>]) -> Option<String> {
    let ratios = |d: &Distance| -> Vec<f64> {
        networks.iter().map(|network| last_over_first(&along(network, d.inter))).collect()
    };
    let grown = |network: &Vec<Measured>, d: &Distance| {
        let values = along(network, d.inter);
        values[values.len() - 1] - values[0]
    };
    let is_less = |(own, other): (&Vec<Measured>, &Vec<Measured>)| {
        ANGLES.iter().all(|d| grown(own, d) < grown(other, d))
    };
    let is_large = ANGLES.iter().all(|d| ratios(d).iter().all(|&ratio| 1.5 <= ratio));
    (is_large && networks.iter().zip(shuffled).all(is_less)).then(|| {
        let times: Vec<String> =
            ANGLES.iter().map(|d| format!("{} {}", d.name, span(&ratios(d), 1))).collect();
        let [under_true, under_shuffled] = [networks, shuffled].map(|n| growth(n, &ANGLES, BETWEEN));
        format!(
            "it grows to {} times the input's; slight only beside figure 6.13d: here by {under_true}, there by {under_shuffled}",
            times.join(", ")
        )
    })
}

/// The thesis' distances between classes hold the noise of the means: said where they would be so, and ours are not.
fn noise(networks: &[Vec<Measured>], is_so: impl Fn(&[f64]) -> bool, ours: &[bool]) -> Option<String> {
    let plainly = |network: &Vec<Measured>| ANGLES.iter().all(|d| is_so(&plain_along(network, d)));
    let n_by_noise = networks.iter().zip(ours).filter(|(network, ours)| !**ours && plainly(network)).count();
    (0 < n_by_noise).then(|| {
        format!(
            "noise of the class means: by plain distances, which hold it as the thesis' do, it would be so in {n_by_noise} more of {}",
            seeds(networks.len())
        )
    })
}
