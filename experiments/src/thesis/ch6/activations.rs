//! Averaged activations of the network trained on shuffled labels, under these and under the true ones (thesis
//! sec. 6.2.4): figures 6.3 and 6.4.

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::mean;
use vitrine_data::Dataset;
use vitrine_figures::Picture;
use vitrine_lab::activations::accuracy;
use vitrine_lab::numbers::percent_span;
use vitrine_lab::{About, Agreement, Gallery, Recipe, Study, agreement};
use vitrine_model::Network;

use super::fitting::{MEMORISED, has_memorised, last_accuracy, why_not_memorised};
use super::measure_criteria::rises;
use super::measure_table::number;
use super::pair::{all_recipes, recipes, shuffled_training_set};
use super::stripes::Stripes;
use crate::thesis::Context;
use crate::thesis::layers::{LayerMeans, means, means_maps};

pub struct AveragedActivations;

static ABOUT: About = About {
    id: "6.2-activations",
    title: "The network trained on shuffled labels: averaged activations under these and under the true labels",
    figures: &["6.3", "6.4"],
    tables: &[],
    claims: &[],
};

/// Averaged activations of the network trained on shuffled labels, under either labelling.
#[derive(Serialize, Deserialize)]
pub struct Found {
    /// Of the first seed.
    shuffled_labels: Vec<LayerMeans>,
    /// Of the first seed.
    true_labels: Vec<LayerMeans>,
    first_jump: usize,
    per_seed: Vec<OfSeed>,
}

/// What the maps of one seed show, in numbers.
#[derive(Serialize, Deserialize)]
struct OfSeed {
    shuffled_labels: Stripes,
    true_labels: Stripes,
    /// Of the learning network, under the true labels.
    learning: Stripes,
    /// Share of the shuffled labels that the network fits.
    fitted: f64,
    /// Share of new signals whose jump it names.
    accuracy: f64,
}

impl Study for AveragedActivations {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        all_recipes(&cx.plan)
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let mut found = Found {
            shuffled_labels: Vec::new(),
            true_labels: Vec::new(),
            first_jump: cx.plan.settings.signals.first_jump,
            per_seed: Vec::new(),
        };
        for &seed in &cx.plan.seeds {
            let trained = recipes(&cx.plan, seed).obtain(&cx.zoo)?;
            let network = &trained.memorising.network;
            let (shuffled, unseen) = (shuffled_training_set(cx, seed)?, cx.evaluation(seed));
            let maps = |network: &Network, set: &Dataset| {
                let means = means(network, set);
                let stripes = Stripes::of(&means);
                (means, stripes)
            };
            let (shuffled_means, shuffled_labels) = maps(network, &shuffled);
            let (true_means, true_labels) = maps(network, &unseen.dataset);
            let (_, learning) = maps(&trained.learning.network, &unseen.dataset);
            if found.per_seed.is_empty() {
                (found.shuffled_labels, found.true_labels) = (shuffled_means, true_means);
            }
            found.per_seed.push(OfSeed {
                shuffled_labels,
                true_labels,
                learning,
                fitted: last_accuracy(&trained.memorising.history).unwrap_or(f64::NAN),
                accuracy: accuracy(network, &unseen.dataset),
            });
        }
        Ok(found)
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let seeds = &found.per_seed;
        let fitted: Vec<f64> = seeds.iter().map(|s| s.fitted).collect();
        let reasoned = |agreement: Agreement| agreement.because_of(why_not_memorised(&fitted));
        let shuffled = under_shuffled_labels(seeds);
        let shuffled = match why_uneven(seeds) {
            Some(why) if has_memorised(&fitted) => shuffled.because(&why),
            _ => reasoned(shuffled),
        };
        vec![shuffled, reasoned(under_true_labels(seeds))]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let picture = Picture { width: 760, height: 660 };
        let mut shuffled = means_maps(&found.shuffled_labels, found.first_jump);
        shuffled.maps.iter_mut().for_each(|map| map.x_label = "shuffled label (jump position)");
        gallery.add_raster("6.3", picture, &shuffled)?;
        gallery.add_raster("6.4", picture, &means_maps(&found.true_labels, found.first_jump))
    }
}

/// Per seed, whether something is so.
fn so(seeds: &[OfSeed], is_so: impl Fn(&OfSeed) -> bool) -> Vec<bool> {
    seeds.iter().map(is_so).collect()
}

/// The smallest and the largest over seeds of what each says: `0.91 to 1.1`.
fn range(seeds: &[OfSeed], value: impl Fn(&OfSeed) -> f64) -> String {
    let values = seeds.iter().map(value);
    let ends = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (lo.min(v), hi.max(v)));
    let (lo, hi) = (number(ends.0), number(ends.1));
    if lo == hi { lo } else { format!("{lo} to {hi}") }
}

/// Figure 6.3.
fn under_shuffled_labels(seeds: &[OfSeed]) -> Agreement {
    let diagonals: Vec<f64> = seeds.iter().map(|s| s.shuffled_labels.diagonal).collect();
    agreement("6.3")
        .so(
            "no bands along the jump position: in every hidden layer the median unit's means under neighbouring labels differ about as much as under any two, squared, by a ratio of 0.8 and more",
            &so(seeds, |s| 0.8 <= s.shuffled_labels.smoothest()),
            format!("in the smoothest layer {}", range(seeds, |s| s.shuffled_labels.smoothest())),
        )
        .so(
            "units are about equally active for all labels: in every hidden layer the means of the median unit vary by less than a fifth",
            &so(seeds, |s| s.shuffled_labels.most_uneven() < 0.2),
            format!("in the most uneven layer {}", range(seeds, |s| s.shuffled_labels.most_uneven())),
        )
        .so(
            "the output is diagonal: each label's mean output is largest at it",
            &so(seeds, |s| s.shuffled_labels.diagonal == 1.0),
            format!("of {} of the labels", percent_span(&diagonals)),
        )
        .so(
            &format!("every label is memorised: training accuracy {MEMORISED} and more"),
            &so(seeds, |s| MEMORISED <= s.fitted),
            range(seeds, |s| s.fitted),
        )
}

/// Where units are active for some labels more than for others: said where that grows with depth.
fn why_uneven(seeds: &[OfSeed]) -> Option<String> {
    let n_layers = seeds.iter().map(|s| s.shuffled_labels.unevenness.len()).min().unwrap_or(0);
    let at = |l: usize| mean(&seeds.iter().map(|s| s.shuffled_labels.unevenness[l]).collect::<Vec<_>>());
    let by_layer: Vec<f64> = (0..n_layers).map(at).collect();
    (1 < n_layers && rises(&by_layer)).then(|| {
        format!(
            "the means of the median unit vary more from layer to layer, by {} of their mean: the nearer a layer is to the output, the more its units tell the labels apart",
            by_layer.iter().map(|&unevenness| number(unevenness)).collect::<Vec<_>>().join(", ")
        )
    })
}

/// Figure 6.4: where the thesis' text and its caption say the opposite of each other, the text counts.
fn under_true_labels(seeds: &[OfSeed]) -> Agreement {
    agreement("6.4")
        .so(
            "bands along the jump position, as the text has it and not the caption, which says that they disappear: in every hidden layer the median unit's means at neighbouring jump positions differ less than half as much as at any two, squared",
            &so(seeds, |s| s.true_labels.roughest() < 0.5),
            format!(
                "in the roughest layer {}, of the learning network {}",
                range(seeds, |s| s.true_labels.roughest()),
                range(seeds, |s| s.learning.roughest())
            ),
        )
        .so(
            "they are at least half as strong as the learning network's: in every hidden layer the means of the median unit vary at least half as much",
            &so(seeds, |s| 0.5 <= s.true_labels.least_over(&s.learning)),
            format!("in the weakest layer {} times as much", range(seeds, |s| s.true_labels.least_over(&s.learning))),
        )
        .so(
            "the output fails on true labels: it names fewer than a tenth of the jumps",
            &so(seeds, |s| s.accuracy < 0.1),
            range(seeds, |s| s.accuracy),
        )
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::*;

    fn stripes(roughness: f64, unevenness: f64, diagonal: f64) -> Stripes {
        Stripes { roughness: vec![roughness; 3], unevenness: vec![unevenness; 3], diagonal }
    }

    #[test]
    fn hand_made_maps_agree_with_the_thesis_or_differ_from_it() {
        let as_it_says = OfSeed {
            shuffled_labels: stripes(1.0, 0.05, 1.0),
            true_labels: stripes(0.1, 0.5, 0.1),
            learning: stripes(0.1, 0.8, 1.0),
            fitted: 0.9995,
            accuracy: 0.03,
        };
        let opposite = OfSeed {
            shuffled_labels: stripes(0.1, 0.5, 0.9),
            true_labels: stripes(1.0, 0.05, 1.0),
            learning: stripes(0.1, 0.8, 1.0),
            fitted: 0.4,
            accuracy: 0.7,
        };
        let stand =
            |seeds: &[OfSeed]| [under_shuffled_labels(seeds).stands(), under_true_labels(seeds).stands()];
        assert_eq!(stand(std::slice::from_ref(&as_it_says)), [Stands::Agrees; 2]);
        assert_eq!(stand(std::slice::from_ref(&opposite)), [Stands::Differs; 2]);
        assert_eq!(range(&[as_it_says, opposite], |s| s.fitted), "0.400 to 1.000");
    }

    #[test]
    fn units_that_tell_labels_apart_in_deep_layers_are_the_reason_given_only_where_they_do() {
        let seed = |unevenness: [f64; 3]| OfSeed {
            shuffled_labels: Stripes { unevenness: unevenness.into(), ..stripes(1.0, 0.0, 1.0) },
            true_labels: stripes(0.1, 0.5, 0.1),
            learning: stripes(0.1, 0.8, 1.0),
            fitted: 0.9995,
            accuracy: 0.03,
        };
        let why = why_uneven(&[seed([0.12, 0.2, 0.3]), seed([0.12, 0.2, 0.5])]).unwrap();
        assert!(why.contains("by 0.120, 0.200, 0.400 of their mean"), "{why}");
        assert_eq!(why_uneven(&[seed([0.1, 0.2, 0.2])]), None);
    }
}
