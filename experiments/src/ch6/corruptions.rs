//! What can a network fit? Label noise by degrees, the other corruptions of Zhang et al. (2017), and shuffled labels
//! under weight decay, under dropout and for smaller networks.

use std::collections::BTreeMap;

use ndarray::Array1;
use serde::{Deserialize, Serialize};
use vitrine_data::{Corruption, Dataset};
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_model::{Network, NetworkSpec, TrainSettings};

use super::{MEMORISED, SHOWN, SHUFFLED, corrupted, fit_all};
use crate::ch3::specs;
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct Corruptions;

static ABOUT: About = About {
    id: "6.2-corruptions",
    title: "What a network can fit: label noise by degrees, other corruptions, regularised and smaller networks",
    figures: &["6-corruptions"],
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

/// The trials in three groups, a panel each.
const GROUPS: [(&str, &[Trial]); 3] = [
    (
        "labels shuffled",
        &[
            noise("p = 0", 0.0),
            noise("p = 0.25", 0.25),
            noise("p = 0.5", 0.5),
            noise("p = 0.75", 0.75),
            noise("p = 1", 1.0),
        ],
    ),
    (
        "inputs corrupted",
        &[
            corruption("one permutation", Corruption::ShuffleElements),
            corruption("one per signal", Corruption::ShuffleElementsPerSample),
            corruption("noise", Corruption::NoiseInputs),
        ],
    ),
    (
        "all labels shuffled",
        &[
            on_shuffled("weight decay", SHOWN, 1e-3),
            on_shuffled("dropout", "mlp:100-100+dropout0.2-100+dropout0.2-100+dropout0.2-60", 0.0),
            on_shuffled("3 × 50 units", "mlp:100-50-50-50-60", 0.0),
            on_shuffled("2 layers", "mlp:100-100-60", 0.0),
            on_shuffled("1 layer", "mlp:100-60", 0.0),
        ],
    ),
];

fn trials() -> impl Iterator<Item = &'static Trial> {
    GROUPS.iter().flat_map(|(_, trials)| trials.iter())
}

impl Trial {
    fn spec(&self) -> NetworkSpec {
        specs(&[self.network]).swap_remove(0)
    }

    fn recipe(&self, plan: &Plan, seed: u64) -> Recipe {
        let training = TrainSettings { weight_decay: self.weight_decay, ..fit_all(plan) };
        corrupted(plan, &self.spec(), seed, self.corruption, training)
    }
}

/// How a training ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Fitted {
    epochs: usize,
    training_accuracy: f64,
    validation_accuracy: f64,
}

impl Section for Corruptions {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        trials().flat_map(|trial| plan.seeds.iter().map(|&seed| trial.recipe(plan, seed))).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let mut fitted: BTreeMap<&str, Vec<Fitted>> = BTreeMap::new();
        for trial in trials() {
            for (nth, &seed) in cx.plan.seeds.iter().enumerate() {
                let recipe = trial.recipe(&cx.plan, seed);
                let sets = recipe.data.load(&recipe.data_streams(), None)?;
                let trained = cx.zoo.obtain(&[recipe])?.swap_remove(0);
                fitted.entry(trial.name).or_default().push(Fitted {
                    epochs: trained.history.len(),
                    training_accuracy: accuracy(&trained.network, &sets.train),
                    validation_accuracy: accuracy(&trained.network, &sets.validation),
                });
                if nth == 0 {
                    let errors = Array1::from_iter(trained.history.iter().map(|r| r.train_error));
                    findings.array(&format!("training_error {}", trial.name), errors.view());
                }
            }
        }
        for (name, fitted) in fitted {
            findings.value(name, fitted)?;
        }
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let mut panels = Vec::new();
        for (title, trials) in GROUPS {
            let mut panel = Panel {
                title: title.into(),
                x_label: "epoch".into(),
                y_label: "training error".into(),
                ..Panel::default()
            };
            for trial in trials {
                let errors = findings.vector(&format!("training_error {}", trial.name))?;
                let points = errors.iter().enumerate().map(|(e, &v)| ((e + 1) as f64, v)).collect();
                panel.series.push(Series { name: trial.name.into(), points });
            }
            panels.push(panel);
        }
        for (part, panel) in ["a", "b", "c"].iter().zip(panels) {
            let chart = LineChart { panels: vec![panel] };
            gallery.add(&format!("6-corruptions-{part}"), Picture { width: 520, height: 300 }, &chart)?;
        }
        Ok(())
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
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
                for fitted in findings.get::<Vec<Fitted>>(trial.name).unwrap_or_default() {
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

/// Share of a set that is classified as labelled.
fn accuracy(network: &Network, set: &Dataset) -> f64 {
    let predicted = network.predict(set.inputs.view());
    let n_right = predicted.iter().zip(&set.labels).filter(|(a, b)| a == b).count();
    n_right as f64 / set.n_samples() as f64
}
