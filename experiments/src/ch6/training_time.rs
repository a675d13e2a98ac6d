//! The deviations over training time, learning beside memorising (the thesis' future work): the first part of claim C16.

use ndarray::Array2;
use rand::Rng;
use vitrine_analysis::deviations::ClassPairs;
use vitrine_data::Dataset;
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_model::{EpochRecord, Network, Stop, TrainSettings};

use super::measures::measure;
use super::{learning_recipe, memorising_recipe, shown, shuffled_training_set};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::recipe::{Recipe, data_streams};
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::zoo::TrainedNetwork;

pub struct TrainingTime;

static ABOUT: About = About {
    id: "6.4-training-time",
    title: "Deviations over training time, learning and memorising",
    figures: &["6-training-time"],
    tables: &[],
    claims: &["C16"],
};

/// Epochs whose weights are measured; 0 are the initial weights.
pub const EPOCHS: [usize; 12] = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// The two networks, by the names they are kept under.
const NAMES: [&str; 2] = ["learning", "memorising"];

impl Section for TrainingTime {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.seeds.iter().flat_map(|&seed| recipes_of(plan, seed)).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let mut ends = [Vec::new(), Vec::new()];
        for (nth, &seed) in cx.plan.seeds.iter().enumerate() {
            let shuffled = shuffled_training_set(&cx.plan, seed)?;
            let learned =
                Dataset { labels: shuffled.true_labels().to_vec(), true_labels: None, ..shuffled.clone() };
            let networks = cx.zoo.obtain(&recipes_of(&cx.plan, seed))?;
            let mut rng = data_streams(seed).rng("training time");
            for (k, (trained, set)) in networks.iter().zip([&learned, &shuffled]).enumerate() {
                let (epochs, inner) = inner_over_time(trained, set, &mut rng);
                let last_hidden = inner.column(inner.ncols() - 1);
                let end = if k == 0 { minimum_epoch(&trained.history) } else { usize::MAX };
                let kept = epochs.iter().take_while(|&&epoch| epoch <= end).count().max(1);
                ends[k].push([last_hidden[0], last_hidden[kept - 1]]);
                if nth == 0 {
                    findings.counts(&format!("{}_epochs", NAMES[k]), &epochs);
                    findings.array(&format!("{}_inner_cosine", NAMES[k]), inner.view());
                }
            }
        }
        for (name, ends) in NAMES.iter().zip(ends) {
            findings.value(&format!("{name}_first_and_last"), ends)?;
        }
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let sentence = "Over training, inner-class deviation falls in a network that learns and rises in one that memorises.";
        let change = |name: &str| -> anyhow::Result<Vec<f64>> {
            let ends: Vec<[f64; 2]> = findings.get(&format!("{name}_first_and_last"))?;
            Ok(ends.iter().map(|[first, last]| last - first).collect())
        };
        let test = |name: &str, end: &str, side: Side, word: &str| -> anyhow::Result<Claim> {
            let test = format!(
                "inner-class cosine deviation of the last hidden layer of the {name} network, {end} less initial weights, {word} 0"
            );
            Ok(Claim::test(&format!("C16.{name}"), sentence, &test, &change(name)?, side, 0.0))
        };
        Ok(vec![
            test("learning", "last epoch measured before the validation minimum", Side::Below, "below")?,
            test("memorising", "last epoch measured", Side::Above, "above")?,
        ])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let mut panels = Vec::new();
        for name in NAMES {
            let epochs = findings.vector(&format!("{name}_epochs"))?;
            let inner = findings.matrix(&format!("{name}_inner_cosine"))?;
            let series = inner.columns().into_iter().enumerate().map(|(l, column)| Series {
                name: if l == 0 { "input".into() } else { format!("layer {l}") },
                // Epochs on a logarithmic axis; the initial weights stand at its beginning.
                points: epochs.iter().zip(column).map(|(&e, &v)| ((e + 1.0).log2(), v)).collect(),
            });
            panels.push(Panel {
                title: name.into(),
                x_label: "log₂(epoch + 1)".into(),
                y_label: "inner-class 1 − cos".into(),
                series: series.collect(),
                ..Panel::default()
            });
        }
        gallery.add("6-training-time", Picture { width: 760, height: 300 }, &LineChart { panels })
    }
}

/// The learning network run on after its validation minimum, and the memorising one.
fn recipes_of(plan: &Plan, seed: u64) -> [Recipe; 2] {
    let learning = learning_recipe(plan, seed);
    let training = TrainSettings {
        max_epochs: learning.training.max_epochs.min(EPOCHS[EPOCHS.len() - 2]),
        stop: Stop::MaxEpochs,
        checkpoints: EPOCHS.to_vec(),
        ..learning.training
    };
    [plan.recipe_with(&shown(), seed, training), memorising_recipe(plan, seed)]
}

/// The epoch of the smallest validation loss: what comes after it is no longer learning.
fn minimum_epoch(history: &[EpochRecord]) -> usize {
    let loss = |record: &EpochRecord| record.validation_loss.unwrap_or(f64::INFINITY);
    history.iter().min_by(|a, b| loss(a).total_cmp(&loss(b))).map_or(0, |record| record.epoch)
}

/// Inner-class cosine deviation `[n_epochs, n_layers]` of input and hidden layers at the epochs kept.
fn inner_over_time(trained: &TrainedNetwork, set: &Dataset, rng: &mut impl Rng) -> (Vec<usize>, Array2<f64>) {
    let mut rows = Vec::new();
    let n_layers = trained.network.spec.layers().len();
    for (_, weights) in &trained.checkpoints {
        let network = Network { spec: trained.network.spec.clone(), weights: weights.clone() };
        let measured = measure(&network, set, &set.labels, ClassPairs::Adjacent, rng);
        rows.extend(measured[..n_layers].iter().map(|m| m.deviations.inner.cosine.interval.mean));
    }
    let epochs: Vec<usize> = trained.checkpoints.iter().map(|(epoch, _)| *epoch).collect();
    let inner = Array2::from_shape_vec((epochs.len(), n_layers), rows).expect("a row per epoch");
    (epochs, inner)
}
