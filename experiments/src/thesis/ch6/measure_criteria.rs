//! What the agreements on deviations are made of: criteria on a measure along the layers of every seed's network.

use vitrine_analysis::statistics::mean;

use super::measure_charts::{COSINE, Distance, NORMALISED};
use super::measure_table::number;
use super::measures::{Measured, Pick, along, steps, without_output};

/// What of a distance is meant.
pub type Side = fn(&Distance) -> Pick;

/// The distance within classes.
pub const WITHIN: Side = |d| d.inner;
/// The distance between classes.
pub const BETWEEN: Side = |d| d.inter;

/// Per seed, whether a measure along the layers is so, from the input to the last hidden layer.
pub fn so(networks: &[Vec<Measured>], pick: Pick, is_so: impl Fn(&[f64]) -> bool) -> Vec<bool> {
    networks.iter().map(|network| is_so(&along(network, pick))).collect()
}

/// Per seed, whether it is so by every distance.
pub fn so_by_all(
    networks: &[Vec<Measured>],
    distances: &[Distance],
    of: Side,
    is_so: impl Fn(&[f64]) -> bool,
) -> Vec<bool> {
    let by_all = |network: &Vec<Measured>| distances.iter().all(|d| is_so(&along(network, of(d))));
    networks.iter().map(by_all).collect()
}

/// Higher from each layer to the next.
pub fn rises(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] < pair[1])
}

/// Lower from each layer to the next.
pub fn falls(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[1] < pair[0])
}

/// The last layer over the input; NaN where the input is not above zero.
pub fn last_over_first(values: &[f64]) -> f64 {
    match values {
        [first, .., last] if 0.0 < *first => last / first,
        _ => f64::NAN,
    }
}

/// Per seed, whether the last hidden layer's interval over signals lies above the input's.
pub fn is_clearly_above_input(network: &[Measured], pick: Pick) -> bool {
    let layers = without_output(network);
    let [input, .., last] = layers else { return false };
    pick(&input.deviations).interval.hi < pick(&last.deviations).interval.lo
}

/// Plain distances between classes along the layers, from the input to the last hidden one.
pub fn plain_along(network: &[Measured], distance: &Distance) -> Vec<f64> {
    without_output(network).iter().map(|m| (distance.plain)(&m.deviations.plain_inter)).collect()
}

/// A measure layer by layer, averaged over seeds: `0.151, 0.113, 0.0912`.
pub fn path(networks: &[Vec<Measured>], pick: Pick) -> String {
    let along: Vec<Vec<f64>> = networks.iter().map(|network| along(network, pick)).collect();
    let n_layers = along.iter().map(Vec::len).min().unwrap_or(0);
    let at = |l: usize| number(mean(&along.iter().map(|values| values[l]).collect::<Vec<_>>()));
    (0..n_layers).map(at).collect::<Vec<_>>().join(", ")
}

/// The paths of some distances by name: `cosine 0.151, 0.113; correlation 0.2, 0.1`.
pub fn paths(networks: &[Vec<Measured>], distances: &[Distance], of: Side) -> String {
    let path = |d: &Distance| format!("{} {}", d.name, path(networks, of(d)));
    distances.iter().map(path).collect::<Vec<_>>().join("; ")
}

/// Why distance over level need not run as angles do: said where its factor, norm over level, grows with depth in every
/// network, with what each factor is called.
pub fn why_not_as_angles(networks: &[Vec<Measured>], named: &[(&str, Side)]) -> Option<String> {
    let growing: Option<Vec<String>> = named
        .iter()
        .map(|(name, of)| Some(format!("{name}{}", growing_norm_over_level(networks, *of)?)))
        .collect();
    growing.map(|factors| {
        format!(
            "the level is ‖a‖₁, the sum of the sizes of a layer's activations, and ‖a‖₂ the root of the sum of their squares: the Euclidean distance over the level is about √(2 · cosine distance) times ‖a‖₂ / ‖a‖₁, which is the larger the fewer units are active: this factor grows, {}, so what angles lose the normalised distance need not",
            factors.join(", ")
        )
    })
}

/// `‖a‖₂ / ‖a‖₁` layer by layer, averaged over networks; `None` unless its last is above its first in each.
fn growing_norm_over_level(networks: &[Vec<Measured>], of: Side) -> Option<String> {
    let factors: Vec<Vec<f64>> = networks.iter().map(|network| norm_over_level(network, of)).collect();
    let grows = |factors: &Vec<f64>| 1.0 < last_over_first(factors);
    let n_layers = factors.iter().map(Vec::len).min().unwrap_or(0);
    let at = |l: usize| number(mean(&factors.iter().map(|f| f[l]).collect::<Vec<_>>()));
    (!factors.is_empty() && factors.iter().all(grows))
        .then(|| (0..n_layers).map(at).collect::<Vec<_>>().join(", "))
}

/// `‖a‖₂ / ‖a‖₁` layer by layer, as normalised Euclidean and cosine distance give it: `‖a − b‖² = 2 ‖a‖² (1 − cos)` for
/// vectors of one length. NaN where the cosine distance is not above zero.
fn norm_over_level(network: &[Measured], of: Side) -> Vec<f64> {
    let [normalised, cosine] = [NORMALISED, COSINE].map(|distance| along(network, of(&distance)));
    normalised.iter().zip(&cosine).map(|(normalised, cosine)| normalised / (2.0 * cosine).sqrt()).collect()
}

/// A measure of a layer in the network of every seed.
pub fn at_layer(networks: &[Vec<Measured>], layer_idx: usize, pick: Pick) -> Vec<f64> {
    networks.iter().map(|network| pick(&network[layer_idx].deviations).interval.mean).collect()
}

/// A measure of a layer over the input's, in the network of every seed.
pub fn over_input(networks: &[Vec<Measured>], layer_idx: usize, pick: Pick) -> Vec<f64> {
    let [layer, input] = [layer_idx, 0].map(|l| at_layer(networks, l, pick));
    layer.iter().zip(input).map(|(layer, input)| layer / input).collect()
}

/// By how much a measure grows from the input to the last hidden layer, averaged over networks, by every distance:
/// `cosine 0.0149, correlation 0.0456`.
pub fn growth(networks: &[Vec<Measured>], distances: &[Distance], of: Side) -> String {
    let grown = |values: Vec<f64>| values[values.len() - 1] - values[0];
    let mean_of = |d: &Distance| mean(&networks.iter().map(|n| grown(along(n, of(d)))).collect::<Vec<_>>());
    distances.iter().map(|d| format!("{} {}", d.name, number(mean_of(d)))).collect::<Vec<_>>().join(", ")
}

/// Whether a measure rises from each hidden layer to the next, the input left out.
pub fn rises_after_first(network: &[Measured], pick: Pick) -> bool {
    steps(network, pick).iter().skip(1).all(|&step| 0.0 < step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thesis::ch6::measure_charts::LEVEL;
    use crate::thesis::ch6::measures::tests::network;

    #[test]
    fn a_path_rises_or_falls_only_where_every_step_does() {
        assert!(rises(&[1.0, 2.0, 3.0]) && !rises(&[1.0, 3.0, 2.0]) && !rises(&[1.0, f64::NAN]));
        assert!(falls(&[3.0, 2.0, 1.0]) && !falls(&[3.0, 3.0]));
        assert_eq!(last_over_first(&[2.0, 9.0, 1.0]), 0.5);
        assert!(last_over_first(&[-0.1, 1.0]).is_nan());
    }

    #[test]
    fn norm_over_level_is_named_only_where_it_grows_with_depth() {
        // All distances are alike here, so the factor is √(d / 2).
        let of = |inner: [f64; 4]| why_not_as_angles(&[network([1.0; 4], inner, [0.1; 4])], &[("", WITHIN)]);
        let why = of([0.5, 0.5, 0.5, 2.0]).unwrap();
        assert!(why.contains("this factor grows, 0.500, 0.500, 0.500, 1.00,"), "{why}");
        assert_eq!((of([0.5; 4]), of([0.0, 0.5, 0.5, 2.0])), (None, None));
    }

    #[test]
    fn the_factors_within_classes_and_between_them_are_named_where_both_grow() {
        let of = |inter: [f64; 4]| {
            let layers = network([1.0; 4], [0.5, 0.5, 0.5, 2.0], inter);
            why_not_as_angles(&[layers], &[("within classes ", WITHIN), ("between them ", BETWEEN)])
        };
        let why = of([0.5, 0.5, 2.0, 2.0]).unwrap();
        let both = "within classes 0.500, 0.500, 0.500, 1.00, between them 0.500, 0.500, 1.00, 1.00,";
        assert!(why.contains(both), "{why}");
        assert_eq!(of([0.5; 4]), None);
    }

    #[test]
    fn a_layer_is_held_against_the_input_of_its_own_seed() {
        let of = |levels: [f64; 4]| network(levels, [0.5; 4], [0.1; 4]);
        let networks = [of([1.0, 3.0, 3.0, 1.0]), of([2.0, 1.0, 3.0, 1.0])];
        assert_eq!(at_layer(&networks, 1, LEVEL), [3.0, 1.0]);
        assert_eq!(over_input(&networks, 1, LEVEL), [3.0, 0.5]);
        let grown = growth(&[network([1.0; 4], [0.5; 4], [0.1, 0.0, 0.0, 0.25])], &[COSINE], BETWEEN);
        assert_eq!(grown, "cosine 0.150");
    }
}
