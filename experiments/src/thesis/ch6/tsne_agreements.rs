//! Whether points scatter as the thesis says under figures 6.5 and 6.6: by the true classes of nearest neighbours.

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::mean;
use vitrine_lab::numbers::percent_span;
use vitrine_lab::{Agreement, agreement};

use super::fitting::why_not_memorised;
use super::measure_criteria::rises;
use super::neighbours::K;
use super::pair::Pair;

/// How many jump positions the true class of a signal lies from those of its nearest neighbours, on average.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Spread {
    /// Among the signals themselves.
    pub input: f64,
    /// In every hidden layer of both networks.
    pub layers: Pair<Vec<f64>>,
    /// Between any two signals: what chance gives.
    pub any_two: f64,
}

impl Spread {
    /// From the input to the last hidden layer.
    fn along(&self, network: fn(&Pair<Vec<f64>>) -> &Vec<f64>) -> Vec<f64> {
        std::iter::once(self.input).chain(network(&self.layers).iter().copied()).collect()
    }

    fn learning(&self) -> Vec<f64> {
        self.along(|layers| &layers.learning)
    }

    fn shuffled(&self) -> Vec<f64> {
        self.along(|layers| &layers.memorising)
    }

    /// In the last hidden layer of the network trained on shuffled labels.
    fn last_shuffled(&self) -> f64 {
        self.layers.memorising.last().copied().unwrap_or(self.input)
    }
}

/// Both, on the layers of every seed and on the maps of the first.
pub fn all(spreads: &[Spread], of_maps: &Spread, fitted: &[f64]) -> Vec<Agreement> {
    let why = why_not_memorised(fitted);
    let reasoned =
        |agreement: Agreement, otherwise: Option<String>| agreement.because_of(why.clone().or(otherwise));
    vec![
        reasoned(shuffled(spreads, of_maps), why_some_is_left(spreads)),
        reasoned(both(spreads, of_maps), None),
    ]
}

/// Figure 6.5.
fn shuffled(spreads: &[Spread], of_maps: &Spread) -> Agreement {
    let drifts = |s: &Spread| rises(&s.shuffled());
    let no_manifold = |s: &Spread| s.any_two / 2.0 <= s.last_shuffled();
    let maps = std::slice::from_ref(of_maps);
    let last_of_any_two = |s: &[Spread]| {
        format!("{} of {} positions", words(s, Spread::last_shuffled), words(s, |s| s.any_two))
    };
    agreement("6.5")
        .so(
            &format!("by their true jumps, a signal and its {K} nearest neighbours lie further apart from each layer to the next"),
            &so(spreads, drifts),
            format!("from the input {} positions", path(spreads, Spread::shuffled)),
        )
        .so(
            "no manifold is left in the last hidden layer: half as far apart as any two signals, and more",
            &so(spreads, no_manifold),
            last_of_any_two(spreads),
        )
        .so(
            "in the maps drawn (first seed) they drift apart likewise, by their true jumps",
            &so(maps, drifts),
            format!("from the input {} positions", path(maps, Spread::shuffled)),
        )
        .so(
            "and no manifold is left in the map of the last hidden layer: half as far apart as any two signals, and more",
            &so(maps, no_manifold),
            last_of_any_two(maps),
        )
}

/// Why some of the manifold is found in the last hidden layer, where it is: by what is measured.
fn why_some_is_left(spreads: &[Spread]) -> Option<String> {
    let is_ordered = |s: &Spread| s.last_shuffled() < s.any_two / 2.0;
    let shares: Vec<f64> = spreads.iter().map(|s| s.last_shuffled() / s.any_two).collect();
    (!spreads.is_empty() && spreads.iter().all(is_ordered)).then(|| {
        format!(
            "the thesis judges the maps by eye; by neighbours some order of the jumps is left in the last hidden layer: they lie at {} of the distance of any two signals",
            percent_span(&shares)
        )
    })
}

/// Figure 6.6.
fn both(spreads: &[Spread], of_maps: &Spread) -> Agreement {
    let as_in_input = |s: &Spread| s.learning().iter().all(|layer| (0.5..=2.0).contains(&(layer / s.input)));
    let scatters = |s: &Spread| 2.0 * s.input < s.last_shuffled();
    let maps = std::slice::from_ref(of_maps);
    agreement("6.6")
        .so(
            &format!(
                "by their true jumps, a signal and its {K} nearest neighbours lie as far apart as in the input, within a factor of two, in every hidden layer of the learning network"
            ),
            &so(spreads, as_in_input),
            format!("from the input {} positions", path(spreads, Spread::learning)),
        )
        .so(
            "in the last hidden layer of the network trained on shuffled labels more than twice as far",
            &so(spreads, scatters),
            format!("from the input {} positions", path(spreads, Spread::shuffled)),
        )
        .so(
            "in the maps drawn (first seed) likewise, by their true jumps: in those of the learning network as far apart as in the input's",
            &so(maps, as_in_input),
            format!("from the input {} positions", path(maps, Spread::learning)),
        )
        .so(
            "and in that of the last hidden layer of the network trained on shuffled labels more than twice as far",
            &so(maps, scatters),
            format!("from the input {} positions", path(maps, Spread::shuffled)),
        )
}

fn so(spreads: &[Spread], is_so: impl Fn(&Spread) -> bool) -> Vec<bool> {
    spreads.iter().map(is_so).collect()
}

fn words(spreads: &[Spread], value: fn(&Spread) -> f64) -> String {
    format!("{:.1}", mean(&spreads.iter().map(value).collect::<Vec<_>>()))
}

/// Layer by layer, averaged over seeds.
fn path(spreads: &[Spread], along: fn(&Spread) -> Vec<f64>) -> String {
    let n_layers = spreads.iter().map(|s| along(s).len()).min().unwrap_or(0);
    let at = |l: usize| {
        let values: Vec<f64> = spreads.iter().map(|s| along(s)[l]).collect();
        format!("{:.1}", mean(&values))
    };
    (0..n_layers).map(at).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::*;

    #[test]
    fn points_that_scatter_under_shuffled_labels_alone_agree_and_the_other_way_round_they_differ() {
        let spread = |learning: [f64; 3], memorising: [f64; 3]| Spread {
            input: 2.0,
            layers: Pair { learning: learning.into(), memorising: memorising.into() },
            any_two: 20.0,
        };
        let (quiet, scattered) = ([1.8, 1.6, 1.5], [4.0, 8.0, 12.0]);
        let stand = |spread: Spread| {
            all(std::slice::from_ref(&spread), &spread, &[1.0])
                .iter()
                .map(Agreement::stands)
                .collect::<Vec<_>>()
        };
        assert_eq!(stand(spread(quiet, scattered)), [Stands::Agrees; 2]);
        assert_eq!(stand(spread(scattered, quiet)), [Stands::Differs; 2]);
        let why = all(&[spread(quiet, quiet)], &spread(quiet, quiet), &[0.114]).remove(0).why;
        assert!(why.unwrap().contains("in 0 of 1 seed;"));
        let why = |spread: Spread| all(std::slice::from_ref(&spread), &spread, &[1.0]).remove(0).why;
        let part = why(spread(quiet, [4.0, 6.0, 8.0])).unwrap();
        assert!(part.contains("they lie at 40 % of the distance of any two signals"), "{part}");
        assert_eq!(why(spread(quiet, scattered)), None);
    }
}
