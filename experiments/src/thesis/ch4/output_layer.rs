//! Output layers that need no training, beside trained ones, and as a start of training (thesis sec. 4.3.3, 7.2): the
//! last part of claim C16.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::embedding_theory::{MapKind, OutputLayer};
use vitrine_analysis::statistics::mean;
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::activations::{accuracy, activations};
use vitrine_lab::claim::{Below, Claim, claim};
use vitrine_lab::numbers::range;
use vitrine_lab::{About, Agreement, Gallery, OutputStart, Recipe, Study, Table, Vector, agreement};
use vitrine_model::{EpochRecord, Network, NetworkSpec};

use super::bottlenecks::{DEPTHS, every_bottleneck};
use crate::thesis::{Context, Plan};

pub struct OutputLayers;

static ABOUT: About = About {
    id: "4.3-output-layer",
    title: "Constructed output layers: their accuracy, and what they save as a start of training",
    figures: &["4-output-start"],
    tables: &[],
    claims: &["C16"],
};

/// Widths of the bottlenecks that are trained from both starts.
const RACED_WIDTHS: [usize; 2] = [4, 10];
/// The loss to be reached: this much above the smallest validation loss of the drawn start.
const ABOVE_THE_MINIMUM: f64 = 1.05;

/// Accuracies of output layers and races of their starts, by network and seed.
#[derive(Serialize, Deserialize)]
pub struct Found {
    seeds: Vec<u64>,
    accuracy: BTreeMap<String, Vec<Accuracies>>,
    epochs: BTreeMap<String, Vec<Race>>,
    /// Of the first seed.
    validation_loss: BTreeMap<String, Losses>,
}

/// Accuracies on the evaluation signals of one network.
#[derive(Serialize, Deserialize)]
struct Accuracies {
    trained: f64,
    /// Least squares on the class means of the training set.
    of_class_means: f64,
    /// Least squares on every training signal.
    of_signals: f64,
}

/// Epochs until the validation loss was as low as `loss`.
#[derive(Serialize, Deserialize)]
struct Race {
    /// `None` without validation signals.
    loss: Option<f64>,
    drawn: usize,
    /// `None` where training from the constructed start ended before it got there.
    constructed: Option<usize>,
    max_epochs: usize,
}

/// Validation losses epoch by epoch.
#[derive(Serialize, Deserialize)]
struct Losses {
    drawn: Vector,
    constructed: Vector,
}

impl Study for OutputLayers {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        let plan = &cx.plan;
        let starts =
            raced().flat_map(|spec| plan.seeds.iter().map(move |&seed| constructed_start(plan, &spec, seed)));
        plan.recipes(&every_bottleneck()).into_iter().chain(starts).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let seeds = &cx.plan.seeds;
        let (mut accuracy, mut epochs, mut validation_loss) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for spec in every_bottleneck() {
            let trained = cx.networks(&spec)?;
            let of_seeds = trained.iter().zip(seeds).map(|(t, &seed)| accuracies(cx, &t.network, seed));
            accuracy.insert(spec.to_string(), of_seeds.collect());
        }
        for spec in raced() {
            let mut races = Vec::new();
            for (drawn, &seed) in cx.networks(&spec)?.iter().zip(seeds) {
                let constructed = cx.zoo.obtain_one(&constructed_start(&cx.plan, &spec, seed))?;
                races.push(race(&drawn.history, &constructed.history, drawn.recipe.training.max_epochs));
                validation_loss.entry(spec.to_string()).or_insert_with(|| Losses {
                    drawn: drawn.history.iter().map(loss).collect(),
                    constructed: constructed.history.iter().map(loss).collect(),
                });
            }
            epochs.insert(spec.to_string(), races);
        }
        Ok(Found { seeds: seeds.clone(), accuracy, epochs, validation_loss })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let log_ratio =
            |race: &Race| (race.constructed.unwrap_or(race.max_epochs) as f64 / race.drawn as f64).log2();
        let of_seed = |seed: usize| {
            mean(&raced().map(|spec| log_ratio(&found.epochs[&spec.to_string()][seed])).collect::<Vec<_>>())
        };
        vec![
            claim(
                "C16.start",
                "log₂ of epochs to one validation loss, constructed over drawn start, averaged over four bottlenecks (a start that never gets there counts as the most epochs allowed)",
            )
            .mean_of(&(0..found.seeds.len()).map(of_seed).collect::<Vec<_>>())
            .is(Below(0.0)),
        ]
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let of_network = |said: Agreement, spec: NetworkSpec| {
            let races = &found.epochs[&spec.to_string()];
            let share =
                |race: &Race| race.constructed.map_or(f64::NAN, |epochs| epochs as f64 / race.drawn as f64);
            let n_never = races.iter().filter(|race| race.constructed.is_none()).count();
            let shares: Vec<f64> = races.iter().map(share).collect();
            let times = (n_never < races.len()).then(|| format!("{} times as many", range(&shares, 2)));
            let never = (0 < n_never).then(|| format!("never there in {n_never} of {}", races.len()));
            said.so(
                &format!("{spec}: the constructed start takes fewer epochs to the same loss"),
                &races
                    .iter()
                    .map(|race| race.constructed.is_some_and(|n| n < race.drawn))
                    .collect::<Vec<_>>(),
                times.into_iter().chain(never).collect::<Vec<_>>().join("; "),
            )
        };
        vec![raced().fold(agreement("4-output-start"), of_network)]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (part, depth) in ["a", "b"].iter().zip(DEPTHS) {
            let panel = |width: usize| {
                let network = depth.spec(width).to_string();
                let Losses { drawn, constructed } = &found.validation_loss[&network];
                Panel {
                    title: network,
                    x_label: "log₁₀ epoch".into(),
                    y_label: "validation loss (nats)".into(),
                    series: vec![by_epoch("drawn", drawn), by_epoch("constructed", constructed)],
                    ..Panel::default()
                }
            };
            let panels = RACED_WIDTHS.map(panel).to_vec();
            let picture = Picture { width: 720, height: 300 };
            gallery.add(&format!("4-output-start-{part}"), picture, &LineChart { panels })?;
        }
        Ok(())
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut accuracies =
            Table::new(["network", "seed", "trained output", "of class means", "of all signals"]);
        for network in every_bottleneck().iter().map(ToString::to_string) {
            for (a, seed) in found.accuracy[&network].iter().zip(&found.seeds) {
                let shares = [a.trained, a.of_class_means, a.of_signals].map(|share| format!("{share:.4}"));
                accuracies.row([network.clone(), seed.to_string()].into_iter().chain(shares));
            }
        }
        let mut epochs =
            Table::new(["network", "seed", "validation loss", "drawn: epochs", "constructed: epochs"]);
        for network in raced().map(|spec| spec.to_string()) {
            for (race, seed) in found.epochs[&network].iter().zip(&found.seeds) {
                epochs.row([
                    network.clone(),
                    seed.to_string(),
                    race.loss.map_or("–".into(), |loss| format!("{loss:.4}")),
                    race.drawn.to_string(),
                    race.constructed.map_or("never".into(), |epochs| epochs.to_string()),
                ]);
            }
        }
        vec![("-output-layer".into(), accuracies), ("-output-start".into(), epochs)]
    }
}

/// Networks trained from both starts.
fn raced() -> impl Iterator<Item = NetworkSpec> {
    DEPTHS.into_iter().flat_map(|depth| RACED_WIDTHS.map(|width| depth.spec(width)))
}

fn constructed_start(plan: &Plan, spec: &NetworkSpec, seed: u64) -> Recipe {
    Recipe { output_start: OutputStart::MoorePenrose, ..plan.recipe(spec, seed) }
}

/// The output layer learns from the last hidden layer on the training set, and is tried on the evaluation signals.
fn accuracies(cx: &Context, network: &Network, seed: u64) -> Accuracies {
    let training = cx.training(seed).dataset;
    let evaluation = &cx.evaluation(seed).dataset;
    let last_hidden = network.spec().layers().len() - 2;
    let codes = activations(network, training.rows(), last_hidden);
    let tried = activations(network, evaluation.rows(), last_hidden);
    let share_right = |layer: OutputLayer| layer.accuracy(tried.view(), evaluation.labels());
    let (codes, labels, n_classes) = (codes.view(), training.labels(), training.n_classes());
    Accuracies {
        trained: accuracy(network, evaluation),
        of_class_means: share_right(OutputLayer::of_class_means(codes, labels, n_classes, MapKind::Centred)),
        of_signals: share_right(OutputLayer::of_codes(codes, labels, n_classes, MapKind::Affine)),
    }
}

fn loss(record: &EpochRecord) -> f64 {
    record.validation_loss.unwrap_or(f64::NAN)
}

fn race(drawn: &[EpochRecord], constructed: &[EpochRecord], max_epochs: usize) -> Race {
    let lowest = drawn.iter().filter_map(|record| record.validation_loss).reduce(f64::min);
    let goal = lowest.map(|lowest| ABOVE_THE_MINIMUM * lowest);
    let reached = |history: &[EpochRecord]| {
        let is_there = |record: &EpochRecord| goal.is_some_and(|goal| loss(record) <= goal);
        history.iter().position(is_there).map(|epoch| epoch + 1)
    };
    Race {
        loss: goal,
        drawn: reached(drawn).unwrap_or(max_epochs),
        constructed: reached(constructed),
        max_epochs,
    }
}

fn by_epoch(start: &str, losses: &Vector) -> Series {
    let points = losses.iter().enumerate().map(|(e, &loss)| (((e + 1) as f64).log10(), loss));
    Series { name: start.into(), points: points.collect() }
}
