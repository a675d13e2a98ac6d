//! How large a change fools a network: medians over signals, and over noise without a jump.

use std::collections::BTreeMap;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::mean;
use vitrine_data::Dataset;
use vitrine_model::Network;
use vitrine_model::ascent::{Ascent, Fooling, Norm, Normalise, Objective};

/// An answer is far off when it has moved by more than this many samples.
pub const FAR: usize = 10;

/// Norms by name, each with the ascent that makes noise look like a jump in steps which are small in this norm.
pub fn norms() -> [(Norm, &'static str, Ascent); 2] {
    let steps = |normalise, rate| Ascent { rate, normalise, max_steps: 2_000, ..Ascent::default() };
    [(Norm::L2, "L2", steps(Normalise::Length, 0.05)), (Norm::Max, "L∞", steps(Normalise::Sign, 0.005))]
}

/// Median sizes of changes for one network in one norm; `None` where more than half could not be changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sizes {
    /// To another answer.
    pub other: Option<f64>,
    /// To an answer more than ten samples off.
    pub far: Option<f64>,
    /// From noise to a sure answer.
    pub noise: Option<f64>,
    /// Share of signals whose answer could not be moved by more than ten samples.
    pub unmoved: Option<f64>,
    /// Share of noise signals that did not lead to a sure answer.
    pub unsure: Option<f64>,
}

/// Sizes by network and norm, one per seed.
pub type PerSeed = BTreeMap<String, BTreeMap<String, Vec<Sizes>>>;

impl Sizes {
    /// Changes `signals` to other answers, and `noise` to the classes that it is labelled with.
    pub fn of(
        network: &Network,
        norm: Norm,
        ascent: &Ascent,
        signals: ArrayView2<f32>,
        noise: &Dataset,
    ) -> anyhow::Result<Sizes> {
        let search =
            |tolerance| Fooling { norm, tolerance, ..Fooling::default() }.search(network, signals).sizes;
        let (other, far) = (search(0), search(FAR));
        let objectives: Vec<Objective> =
            noise.labels.iter().map(|&class| Objective::probability(class)).collect();
        let sure = ascent.climb(network, &objectives, noise.inputs.view())?;
        let change = |row: usize| {
            let change = &sure.inputs.row(row) - &noise.inputs.row(row);
            sure.outcomes[row].steps_to_target().map(|_| norm.of(change.view()))
        };
        let from_noise: Vec<Option<f64>> = (0..noise.n_samples()).map(change).collect();
        Ok(Sizes {
            other: median(&other),
            far: median(&far),
            noise: median(&from_noise),
            unmoved: missing(&far),
            unsure: missing(&from_noise),
        })
    }
}

/// A way to be fooled.
pub struct Kind {
    /// In a claim's id.
    pub word: &'static str,
    /// In a legend.
    pub name: &'static str,
    /// In a sentence.
    pub change: &'static str,
    /// Its median.
    pub size: fn(&Sizes) -> Option<f64>,
}

/// The three ways to be fooled.
pub fn kinds() -> [Kind; 3] {
    [
        Kind { word: "another", name: "another answer", change: "to another answer", size: |s| s.other },
        Kind {
            word: "far",
            name: "answer > 10 off",
            change: "to an answer more than 10 off",
            size: |s| s.far,
        },
        Kind { word: "noise", name: "sure of noise", change: "from noise to p > 0.999", size: |s| s.noise },
    ]
}

/// The first `n` samples that every network answers right, so that all are fooled about the same signals.
pub fn answered_by_all(
    networks: &[(String, Network)],
    inputs: ArrayView2<f32>,
    labels: &[usize],
    n: usize,
) -> Vec<usize> {
    let answers: Vec<Vec<usize>> = networks.iter().map(|(_, network)| network.predict(inputs)).collect();
    (0..labels.len()).filter(|&i| answers.iter().all(|a| a[i] == labels[i])).take(n).collect()
}

/// Mean over `inputs` of the largest probability: how sure the network is.
pub fn confidence(network: &Network, inputs: ArrayView2<f32>) -> f64 {
    let probabilities = network.probabilities(inputs);
    let largest = |row: ndarray::ArrayView1<f32>| f64::from(row.fold(0.0f32, |m, &p| m.max(p)));
    mean(&probabilities.rows().into_iter().map(largest).collect::<Vec<_>>())
}

/// The median, those that were not found counting as larger than all; `None` where it is one of them.
fn median(sizes: &[Option<f64>]) -> Option<f64> {
    let mut sizes: Vec<f64> = sizes.iter().map(|s| s.unwrap_or(f64::INFINITY)).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let (below, above) = (sizes.get(sizes.len().saturating_sub(1) / 2)?, sizes[sizes.len() / 2]);
    Some((below + above) / 2.0).filter(|median| median.is_finite())
}

/// The share that was not found; `None` of nothing.
fn missing(sizes: &[Option<f64>]) -> Option<f64> {
    let n_missing = sizes.iter().filter(|size| size.is_none()).count();
    (!sizes.is_empty()).then(|| n_missing as f64 / sizes.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_found_counts_as_larger_than_all() {
        assert_eq!(median(&[None, Some(1.0), Some(3.0)]), Some(3.0));
        assert_eq!(median(&[None, None, Some(3.0)]), None);
        assert_eq!(median(&[Some(4.0), None, Some(1.0), Some(2.0)]), Some(3.0));
        assert_eq!((median(&[]), missing(&[])), (None, None));
        assert_eq!(missing(&[None, Some(1.0)]), Some(0.5));
    }
}
