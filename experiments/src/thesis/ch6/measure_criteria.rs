//! What the agreements on deviations are made of: criteria on a measure along the layers of every seed's network.

use vitrine_analysis::statistics::mean;

use super::measure_charts::Distance;
use super::measure_table::number;
use super::measures::{Measured, Pick, along, steps, without_output};

/// Per seed, whether a measure along the layers is so, from the input to the last hidden layer.
pub fn so(networks: &[Vec<Measured>], pick: Pick, is_so: impl Fn(&[f64]) -> bool) -> Vec<bool> {
    networks.iter().map(|network| is_so(&along(network, pick))).collect()
}

/// Per seed, whether it is so by every distance.
pub fn so_by_all(
    networks: &[Vec<Measured>],
    distances: &[Distance],
    of: fn(&Distance) -> Pick,
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
pub fn paths(networks: &[Vec<Measured>], distances: &[Distance], of: fn(&Distance) -> Pick) -> String {
    let path = |d: &Distance| format!("{} {}", d.name, path(networks, of(d)));
    distances.iter().map(path).collect::<Vec<_>>().join("; ")
}

/// Whether a measure rises from each hidden layer to the next, the input left out.
pub fn rises_after_first(network: &[Measured], pick: Pick) -> bool {
    steps(network, pick).iter().skip(1).all(|&step| 0.0 < step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_rises_or_falls_only_where_every_step_does() {
        assert!(rises(&[1.0, 2.0, 3.0]) && !rises(&[1.0, 3.0, 2.0]) && !rises(&[1.0, f64::NAN]));
        assert!(falls(&[3.0, 2.0, 1.0]) && !falls(&[3.0, 3.0]));
        assert_eq!(last_over_first(&[2.0, 9.0, 1.0]), 0.5);
        assert!(last_over_first(&[-0.1, 1.0]).is_nan());
    }
}
