//! Output layers that need no training, beside trained ones, and as a start of training (thesis sec. 4.3.3, 7.2): the
//! last part of claim C16.

use std::collections::BTreeMap;

use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};
use vitrine_analysis::embedding_theory::{MapKind, OutputLayer};
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::activations::{accuracy, activations};
use vitrine_lab::numbers::span;
use vitrine_lab::{
    About, Agreement, Claim, Gallery, OutputStart, Recipe, Registered, Study, Table, agreement,
};
use vitrine_model::{Network, NetworkSpec};

use super::bottlenecks::{DEPTHS, Depth, every_bottleneck};
use super::race::{Race, Races, who_won_more};
use crate::thesis::paper::registered;
use crate::thesis::{Context, Plan};

pub struct OutputLayers;

static ABOUT: About = About {
    id: "4.3-output-layer",
    title: "Constructed output layers: their accuracy, and what they save as a start of training",
    figures: &["4-output-start-a", "4-output-start-b"],
    tables: &[],
    claims: &["C16"],
};

/// Widths of the bottlenecks that are trained from both starts.
const RACED_WIDTHS: [usize; 2] = [4, 10];

/// Accuracies of output layers and races of their starts, by network and seed.
#[derive(Serialize, Deserialize)]
pub struct Found {
    seeds: Vec<u64>,
    accuracy: BTreeMap<String, Vec<Accuracies>>,
    races: BTreeMap<String, Races>,
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

impl Study for OutputLayers {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        let plan = &cx.plan;
        let starts = raced()
            .flat_map(|(_, spec)| plan.seeds.iter().map(move |&seed| constructed_start(plan, &spec, seed)));
        plan.recipes(&every_bottleneck()).into_iter().chain(starts).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let seeds = &cx.plan.seeds;
        let (mut accuracy, mut races) = (BTreeMap::new(), BTreeMap::new());
        for spec in every_bottleneck() {
            let trained = cx.networks(&spec)?;
            let of_seeds = trained.iter().zip(seeds).map(|(t, &seed)| accuracies(cx, &t.network, seed));
            accuracy.insert(spec.to_string(), of_seeds.collect());
        }
        for (_, spec) in raced() {
            let constructed = seeds.iter().map(|&seed| constructed_start(&cx.plan, &spec, seed));
            let constructed = cx.zoo.obtain(&constructed.collect::<Vec<_>>())?;
            races.insert(spec.to_string(), Races::of(&cx.networks(&spec)?, &constructed));
        }
        Ok(Found { seeds: seeds.to_vec(), accuracy, races })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let of_seed = |depth: Depth, seed: usize| {
            let networks = raced().filter(|(of, _)| *of == depth).map(|(_, spec)| spec.to_string());
            who_won_more(networks.map(|network| found.race(&network, seed)))
        };
        let over_seeds =
            |depth: Depth| -> Vec<f64> { (0..found.seeds.len()).map(|seed| of_seed(depth, seed)).collect() };
        DEPTHS.map(|depth| test_of(depth).over(&over_seeds(depth))).into()
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let of_network = |said: Agreement, spec: &NetworkSpec| {
            let network = spec.to_string();
            let races: Vec<Race> = (0..found.seeds.len()).map(|seed| found.race(&network, seed)).collect();
            let share = |race: &Race| Some(race.constructed? as f64 / race.drawn? as f64);
            let shares: Vec<f64> = races.iter().filter_map(share).collect();
            let n_never = races.iter().filter(|race| race.constructed.is_none()).count();
            let times = (!shares.is_empty()).then(|| format!("{} times as many epochs", span(&shares, 2)));
            let never = (0 < n_never).then(|| format!("never there in {n_never} of {}", races.len()));
            said.so(
                &format!(
                    "{network}: the constructed start gets to a validation loss of {} first",
                    goal(&network)
                ),
                &races.iter().map(Race::is_won_by_construction).collect::<Vec<_>>(),
                times.into_iter().chain(never).collect::<Vec<_>>().join("; "),
            )
        };
        let of_depth = |(figure, depth): (&str, Depth)| {
            let networks = RACED_WIDTHS.map(|width| depth.spec(width));
            let said = networks.iter().fold(agreement(figure), of_network);
            said.because_of(found.how_construction_loses(&networks))
        };
        ABOUT.figures.iter().copied().zip(DEPTHS).map(of_depth).collect()
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (figure, depth) in ABOUT.figures.iter().zip(DEPTHS) {
            let panel = |width: usize| {
                let network = depth.spec(width).to_string();
                let Races { drawn, constructed } = &found.races[&network];
                let n_epochs =
                    |losses: ArrayView1<f64>| losses.iter().filter(|loss| loss.is_finite()).count();
                let last = n_epochs(drawn.row(0)).max(n_epochs(constructed.row(0))) as f64;
                let goal = goal(&network);
                Panel {
                    title: network,
                    x_label: "log₁₀ epoch (1: 10, 2: 100, 3: 1000)".into(),
                    y_label: "validation loss (nats)".into(),
                    series: vec![
                        by_epoch("drawn", drawn.row(0)),
                        by_epoch("constructed", constructed.row(0)),
                    ],
                    grey: vec![Series {
                        name: format!("to be reached: {goal}"),
                        points: vec![(0.0, goal), (last.log10(), goal)],
                    }],
                    ..Panel::default()
                }
            };
            let panels = RACED_WIDTHS.map(panel).to_vec();
            let picture = Picture { width: 720, height: 300 };
            gallery.add(figure, picture, &LineChart { panels })?;
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
        for network in raced().map(|(_, spec)| spec.to_string()) {
            for (nth, seed) in found.seeds.iter().enumerate() {
                let Race { loss, drawn, constructed } = found.race(&network, nth);
                epochs.row([
                    network.clone(),
                    seed.to_string(),
                    loss.to_string(),
                    epochs_or_never(drawn),
                    epochs_or_never(constructed),
                ]);
            }
        }
        vec![("-output-layer".into(), accuracies), ("-output-start".into(), epochs)]
    }
}

impl Found {
    /// The race of a network's two starts in one seed, to the loss that was fixed beforehand.
    fn race(&self, network: &str, nth_seed: usize) -> Race {
        self.races[network].race(nth_seed, goal(network))
    }

    /// How the constructed starts lose their races; `None` where they win all.
    fn how_construction_loses(&self, networks: &[NetworkSpec]) -> Option<String> {
        let of_network = |spec: &NetworkSpec| {
            let network = spec.to_string();
            let n_classes = spec.layers().last().map_or(0, |layer| layer.n_units);
            let loses = self.races[&network].how_construction_loses(goal(&network), n_classes)?;
            Some(format!("{} {loses}", network.trim_start_matches("bottleneck:")))
        };
        let of_networks: Vec<String> = networks.iter().filter_map(of_network).collect();
        (!of_networks.is_empty()).then(|| format!("from the constructed start {}", of_networks.join("; ")))
    }
}

/// Networks trained from both starts.
fn raced() -> impl Iterator<Item = (Depth, NetworkSpec)> {
    DEPTHS.into_iter().flat_map(|depth| RACED_WIDTHS.map(|width| (depth, depth.spec(width))))
}

/// The test of bottlenecks of that depth, in which the losses to be reached stand.
fn test_of(depth: Depth) -> &'static Registered {
    registered(&format!("C16.start_{}", depth.name()))
}

/// The validation loss that both starts of a network are to reach.
fn goal(network: &str) -> f64 {
    let is_it = |(_, spec): &(Depth, NetworkSpec)| spec.to_string() == network;
    raced().find(is_it).map_or(f64::NAN, |(depth, _)| test_of(depth).fixed(network))
}

fn epochs_or_never(epochs: Option<usize>) -> String {
    epochs.map_or("never".into(), |epochs| epochs.to_string())
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

fn by_epoch(start: &str, losses: ArrayView1<f64>) -> Series {
    let known = losses.iter().enumerate().filter(|(_, loss)| loss.is_finite());
    let points = known.map(|(e, &loss)| (((e + 1) as f64).log10(), loss));
    Series { name: start.into(), points: points.collect() }
}

#[cfg(test)]
mod tests;
