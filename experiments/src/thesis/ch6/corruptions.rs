//! What can a network fit? Label noise by degrees, the other corruptions of Zhang et al. (2017), and shuffled labels
//! under weight decay, under dropout and for smaller networks.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use vitrine_data::Corruption;
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::activations::accuracy;
use vitrine_lab::{About, Agreement, Gallery, Recipe, Study, Table, Vector, agreement};
use vitrine_model::TrainSettings;

use super::fitting::{MEMORISED, NARROW, SHUFFLED, TRUE_LABELS, corrupted, fit_all};
use super::pair::SHOWN;
use crate::thesis::networks::{MLPS, spec};
use crate::thesis::{Context, Plan};

pub struct Corruptions;

static ABOUT: About = About {
    id: "6.2-corruptions",
    title: "What a network can fit: label noise by degrees, other corruptions, regularised and smaller networks",
    figures: &["6-corruptions-a", "6-corruptions-b", "6-corruptions-c"],
    tables: &[],
    claims: &[],
};

/// One training, by name.
struct Trial {
    name: &'static str,
    network: &'static str,
    corruption: Corruption,
    weight_decay: f64,
}

const fn noise(name: &'static str, fraction: f64) -> Trial {
    Trial { name, network: SHOWN, corruption: Corruption::ShuffleLabels { fraction }, weight_decay: 0.0 }
}

const fn corruption(name: &'static str, corruption: Corruption) -> Trial {
    Trial { name, network: SHOWN, corruption, weight_decay: 0.0 }
}

const fn on_shuffled(name: &'static str, network: &'static str, weight_decay: f64) -> Trial {
    Trial { name, network, corruption: SHUFFLED, weight_decay }
}

/// Trials that the thesis speaks of.
const UNTOUCHED: &str = "p = 0";
const ALL_SHUFFLED: &str = "p = 1";
const ONE_PERMUTATION: &str = "one permutation";

/// The trials in three groups, a panel each.
const GROUPS: [(&str, &[Trial]); 3] = [
    (
        "labels shuffled",
        &[
            corruption(UNTOUCHED, TRUE_LABELS),
            noise("p = 0.25", 0.25),
            noise("p = 0.5", 0.5),
            noise("p = 0.75", 0.75),
            noise(ALL_SHUFFLED, 1.0),
        ],
    ),
    (
        "inputs corrupted",
        &[
            corruption(ONE_PERMUTATION, Corruption::ShuffleElements),
            corruption("one per signal", Corruption::ShuffleElementsPerSample),
            corruption("noise", Corruption::NoiseInputs),
        ],
    ),
    (
        "all labels shuffled",
        &[
            on_shuffled("weight decay", SHOWN, 1e-3),
            on_shuffled("dropout", "mlp:100-100+dropout0.2-100+dropout0.2-100+dropout0.2-60", 0.0),
            on_shuffled("3 × 50 units", NARROW, 0.0),
            on_shuffled("2 layers", MLPS[1], 0.0),
            on_shuffled("1 layer", MLPS[0], 0.0),
        ],
    ),
];

fn trials() -> impl Iterator<Item = &'static Trial> {
    GROUPS.iter().flat_map(|(_, trials)| trials.iter())
}

impl Trial {
    fn recipe(&self, plan: &Plan, seed: u64) -> Recipe {
        let training = TrainSettings { weight_decay: self.weight_decay, ..fit_all(plan) };
        corrupted(plan, &spec(self.network), seed, self.corruption, training)
    }
}

/// What each trial came to, by its name.
#[derive(Serialize, Deserialize)]
pub struct Found {
    trials: BTreeMap<String, Fits>,
}

/// The trainings of one trial.
#[derive(Serialize, Deserialize)]
struct Fits {
    /// Share of the training samples classified wrong, epoch by epoch, of the first seed.
    training_error: Vector,
    per_seed: Vec<Fitted>,
}

/// How a training ended.
#[derive(Serialize, Deserialize)]
struct Fitted {
    epochs: usize,
    training_accuracy: f64,
    validation_accuracy: f64,
}

impl Study for Corruptions {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        let of_trial = |trial: &'static Trial| cx.plan.seeds.iter().map(|&seed| trial.recipe(&cx.plan, seed));
        trials().flat_map(of_trial).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let fits = |trial: &Trial| Ok((trial.name.to_string(), Fits::of(trial, cx)?));
        Ok(Found { trials: trials().map(fits).collect::<anyhow::Result<_>>()? })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let of = |trial: &str| found.trials[trial].per_seed.as_slice();
        vec![shuffled_labels(of(ALL_SHUFFLED)), permuted_signals(of(ONE_PERMUTATION), of(UNTOUCHED))]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (figure, (title, trials)) in ABOUT.figures.iter().zip(GROUPS) {
            let error =
                |trial: &Trial| Series::counted(trial.name, found.trials[trial.name].training_error.iter());
            let panel = Panel {
                title: title.into(),
                x_label: "epoch".into(),
                y_label: "training error".into(),
                series: trials.iter().map(error).collect(),
                ..Panel::default()
            };
            let chart = LineChart { panels: vec![panel] };
            gallery.add(figure, Picture { width: 520, height: 300 }, &chart)?;
        }
        Ok(())
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new([
            "data",
            "what",
            "network",
            "epochs",
            "training accuracy",
            "validation accuracy",
            "fits",
        ]);
        for (group, trials) in GROUPS {
            for trial in trials {
                for fitted in &found.trials[trial.name].per_seed {
                    let fits = if MEMORISED <= fitted.training_accuracy { "yes" } else { "no" };
                    table.row([
                        group.to_string(),
                        trial.name.to_string(),
                        trial.network.to_string(),
                        fitted.epochs.to_string(),
                        format!("{:.4}", fitted.training_accuracy),
                        format!("{:.4}", fitted.validation_accuracy),
                        fits.to_string(),
                    ]);
                }
            }
        }
        vec![("-corruptions".into(), table)]
    }
}

/// What the thesis says of shuffled labels.
fn shuffled_labels(shuffled: &[Fitted]) -> Agreement {
    agreement("6-corruptions-a").so(
        &format!("random labels (p = 1) are memorised: training accuracy {MEMORISED} and more"),
        &shuffled.iter().map(|fitted| MEMORISED <= fitted.training_accuracy).collect::<Vec<_>>(),
        words(shuffled, |fitted| fitted.training_accuracy),
    )
}

/// What the thesis says of signals whose samples are shuffled.
fn permuted_signals(permuted: &[Fitted], untouched: &[Fitted]) -> Agreement {
    let validation = |fitted: &Fitted| fitted.validation_accuracy;
    let is_as_good = |(own, other)| (validation(own) - validation(other)).abs() <= 0.02;
    agreement("6-corruptions-b").so(
        "signals whose samples are all permuted alike (one permutation) are learned as well as plain ones (p = 0): validation accuracy, which the table has, within 0.02",
        &permuted.iter().zip(untouched).map(is_as_good).collect::<Vec<_>>(),
        format!("{} against {}", words(permuted, validation), words(untouched, validation)),
    )
}

/// A share of every training.
fn words(fits: &[Fitted], share: fn(&Fitted) -> f64) -> String {
    fits.iter().map(|fitted| format!("{:.3}", share(fitted))).collect::<Vec<_>>().join(", ")
}

impl Fits {
    fn of(trial: &Trial, cx: &Context) -> anyhow::Result<Fits> {
        let (mut training_error, mut per_seed) = (None, Vec::new());
        for &seed in &cx.plan.seeds {
            let recipe = trial.recipe(&cx.plan, seed);
            let sets = recipe.load_data(cx.zoo.folders())?;
            let trained = cx.zoo.obtain_one(&recipe)?;
            per_seed.push(Fitted {
                epochs: trained.history.len(),
                training_accuracy: accuracy(&trained.network, &sets.train),
                validation_accuracy: accuracy(&trained.network, &sets.validation),
            });
            training_error.get_or_insert_with(|| trained.history.iter().map(|r| r.train_error).collect());
        }
        Ok(Fits { training_error: training_error.context("a plan has at least one seed")?, per_seed })
    }
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::*;

    #[test]
    fn what_the_thesis_says_of_corrupted_data_can_come_out_either_way() {
        let fit = |training_accuracy, validation_accuracy| {
            vec![Fitted { epochs: 9, training_accuracy, validation_accuracy }]
        };
        let stands = |shuffled: Vec<Fitted>, permuted: Vec<Fitted>| {
            [shuffled_labels(&shuffled).stands(), permuted_signals(&permuted, &fit(1.0, 0.9)).stands()]
        };
        assert_eq!(stands(fit(1.0, 0.02), fit(1.0, 0.89)), [Stands::Agrees; 2]);
        assert_eq!(stands(fit(0.5, 0.02), fit(1.0, 0.7)), [Stands::Differs; 2]);
    }
}
