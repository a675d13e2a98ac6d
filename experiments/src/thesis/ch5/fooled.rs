//! How large a change fools a network: medians over signals, and over noise without a jump.

use ndarray::{ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::mean;
use vitrine_data::Dataset;
use vitrine_explain::ascent::{Ascent, Normalise};
use vitrine_explain::fooling::{Fooling, Norm};
use vitrine_explain::probabilities;
use vitrine_lab::StopFlag;
use vitrine_model::{Model, Network};

/// An answer is far off when it has moved by more than this many samples.
pub const FAR: usize = 10;

/// Norms with their names, in words and in the ids of claims.
pub const NORMS: [(Norm, &str, &str); 2] = [(Norm::L2, "L2", "l2"), (Norm::Max, "L∞", "max")];

/// How easily one network is fooled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FoolingSizes {
    l2: MedianSizes,
    max: MedianSizes,
    /// Mean of the largest probability over noise without a jump: how sure the network is of it.
    pub confidence_on_noise: f64,
}

/// Median sizes of changes in one norm; `None` where more than half could not be changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MedianSizes {
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

/// A way to be fooled.
pub struct FoolingWay {
    /// In a claim's id.
    pub word: &'static str,
    /// In a legend.
    pub name: &'static str,
    /// In a sentence.
    pub change: &'static str,
    /// What it is to do.
    pub aim: &'static str,
    /// Its median.
    pub size: fn(&MedianSizes) -> Option<f64>,
}

/// The three ways to be fooled.
pub const WAYS: [FoolingWay; 3] = [
    FoolingWay {
        word: "another",
        name: "another answer",
        change: "to another answer",
        aim: "to move an answer at all",
        size: |s| s.other,
    },
    FoolingWay {
        word: "far",
        name: "answer > 10 off",
        change: "to an answer more than 10 off",
        aim: "to move one by more than 10",
        size: |s| s.far,
    },
    FoolingWay {
        word: "noise",
        name: "sure of noise",
        change: "from noise to p > 0.999",
        aim: "to pass noise off as a jump",
        size: |s| s.noise,
    },
];

impl FoolingSizes {
    /// Changes `signals` to other answers, and `noise` to the classes that it is labelled with, in both norms, unless the
    /// user stops the run.
    pub fn of(
        network: &Network,
        stop: &StopFlag,
        signals: ArrayView2<f32>,
        noise: &Dataset,
    ) -> anyhow::Result<FoolingSizes> {
        let model = stop.heeded_by(network);
        Ok(FoolingSizes {
            l2: MedianSizes::of(&model, Norm::L2, signals, noise)?,
            max: MedianSizes::of(&model, Norm::Max, signals, noise)?,
            confidence_on_noise: confidence(network, noise.rows()),
        })
    }

    /// The sizes in one norm.
    pub fn in_norm(&self, norm: Norm) -> &MedianSizes {
        match norm {
            Norm::L2 => &self.l2,
            Norm::Max => &self.max,
        }
    }
}

impl MedianSizes {
    fn of(
        model: &dyn Model,
        norm: Norm,
        signals: ArrayView2<f32>,
        noise: &Dataset,
    ) -> anyhow::Result<MedianSizes> {
        let search = |tolerance| Fooling { norm, tolerance, ..Fooling::default() }.search(model, signals);
        let (other, far) = (search(0)?.sizes, search(FAR)?.sizes);
        let objective = probabilities(model.graph(), noise.labels())?;
        let sure = small_steps(norm).climb(model, &objective, noise.rows())?;
        let change = |row: usize| {
            let change = &sure.inputs.row(row) - &noise.rows().row(row);
            sure.endings[row].steps_to_target().map(|_| norm.of(change.view()))
        };
        let from_noise: Vec<Option<f64>> = (0..noise.n_samples()).map(change).collect();
        Ok(MedianSizes {
            other: median(&other),
            far: median(&far),
            noise: median(&from_noise),
            unmoved: missing(&far),
            unsure: missing(&from_noise),
        })
    }
}

/// What takes a smaller and what a larger change with depth in every seed: `slopes` are those over depth, by seed, of
/// each of the [`WAYS`] in the first of the [`NORMS`], then in the next.
pub fn with_depth(slopes: &[Vec<f64>]) -> String {
    let aims = |goes: fn(&[f64]) -> bool| -> Vec<String> {
        let of_way = |(nth, way): (usize, &FoolingWay)| {
            let of_norm = |(norm, (_, name, _)): (usize, &(Norm, &'static str, &'static str))| {
                let of_seeds = slopes.get(norm * WAYS.len() + nth)?;
                goes(of_seeds).then_some(*name)
            };
            let norms: Vec<&str> = NORMS.iter().enumerate().filter_map(of_norm).collect();
            (!norms.is_empty()).then(|| format!("{} ({})", way.aim, norms.join(" and ")))
        };
        WAYS.iter().enumerate().filter_map(of_way).collect()
    };
    let (less, more) = (aims(falls), aims(rises));
    let either = aims(|slopes| !falls(slopes) && !rises(slopes));
    let depends = if less.is_empty() || more.is_empty() { "" } else { "it depends on what fooling means: " };
    let takes = [("smaller", less), ("larger", more)].into_iter().filter(|(_, aims)| !aims.is_empty());
    let takes: Vec<String> =
        takes.map(|(change, aims)| format!("a {change} change {}", aims.join(", "))).collect();
    if takes.is_empty() {
        return "no measure falls or rises with depth in every seed".into();
    }
    let either = match either.is_empty() {
        true => String::new(),
        false => format!("; the change {} goes either way", either.join(", ")),
    };
    format!("{depends}in every seed it takes, with depth, {}{either}", takes.join("; "))
}

fn falls(slopes: &[f64]) -> bool {
    slopes.iter().all(|&slope| slope < 0.0)
}

fn rises(slopes: &[f64]) -> bool {
    slopes.iter().all(|&slope| 0.0 < slope)
}

/// The first `n` samples that every network answers right, so that all are fooled about the same signals.
pub fn answered_by_all(networks: &[(String, Network)], set: &Dataset, n: usize) -> Vec<usize> {
    let answers: Vec<Vec<usize>> = networks.iter().map(|(_, network)| network.predict(set.rows())).collect();
    let labels = set.labels();
    (0..labels.len()).filter(|&i| answers.iter().all(|a| a[i] == labels[i])).take(n).collect()
}

/// The ascent that makes noise look like a jump in steps which are small in this norm.
fn small_steps(norm: Norm) -> Ascent {
    let (normalise, rate) = match norm {
        Norm::L2 => (Normalise::Length, 0.05),
        Norm::Max => (Normalise::Sign, 0.005),
    };
    Ascent { rate, normalise, max_steps: 2_000, ..Ascent::default() }
}

/// Mean over `inputs` of the largest probability.
fn confidence(network: &Network, inputs: ArrayView2<f32>) -> f64 {
    let probabilities = network.probabilities(inputs);
    let largest = |row: ArrayView1<f32>| f64::from(row.fold(0.0f32, |m, &p| m.max(p)));
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

    #[test]
    fn ways_that_go_one_way_in_every_seed_are_named_with_their_norms() {
        let [falls, rises, mixed] = [vec![-1.0, -2.0], vec![1.0, 2.0], vec![-1.0, 1.0]];
        let slopes = [&falls, &rises, &rises, &falls, &mixed, &rises].map(Clone::clone);
        assert_eq!(
            with_depth(&slopes),
            "it depends on what fooling means: in every seed it takes, with depth, a smaller change to move an answer \
             at all (L2 and L∞); a larger change to move one by more than 10 (L2), to pass noise off as a jump (L2 and L∞); \
             the change to move one by more than 10 (L∞) goes either way"
        );
        assert_eq!(with_depth(&[mixed]), "no measure falls or rises with depth in every seed");
    }
}
