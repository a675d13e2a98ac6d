//! Output layers that need no training, beside trained ones, and as a start of training (thesis sec. 4.3.3, 7.2): the
//! last part of claim C16.

use ndarray::Array1;
use serde::{Deserialize, Serialize};
use vitrine_analysis::embedding_theory::{MapKind, OutputLayer};
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_model::{EpochRecord, Network, NetworkSpec};

use super::{DEPTHS, Depth, networks};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::layers;
use crate::recipe::{OutputStart, Recipe, data_streams};
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct OutputLayers;

static ABOUT: About = About {
    id: "4.3-output-layer",
    title: "Constructed output layers: their accuracy, and what they save as a start of training",
    figures: &["4-output-start"],
    tables: &[],
    claims: &["C16"],
};

/// Widths of the bottlenecks that are trained from both starts.
const WIDTHS: [usize; 2] = [4, 10];
/// The loss to be reached: this much above the smallest validation loss of the drawn start.
const ABOVE_THE_MINIMUM: f64 = 1.05;

/// Accuracies on the evaluation signals of one network.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Accuracies {
    trained: f64,
    /// Least squares on the class means of the training set.
    of_class_means: f64,
    /// Least squares on every training signal.
    of_signals: f64,
}

/// Epochs until the validation loss was as low as `loss`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Race {
    loss: f64,
    drawn: usize,
    /// `None` where training from the constructed start ended before it got there.
    constructed: Option<usize>,
    max_epochs: usize,
}

impl Section for OutputLayers {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        let pairs = started().flat_map(|spec| plan.seeds.iter().map(move |&seed| (spec.clone(), seed)));
        let starts = pairs.map(|(spec, seed)| constructed_start(plan, &spec, seed));
        plan.recipes(&networks()).into_iter().chain(starts).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        for spec in networks() {
            let mut accuracies = Vec::new();
            for (trained, &seed) in cx.networks(&spec)?.iter().zip(&cx.plan.seeds) {
                accuracies.push(accuracies_of(cx, &trained.network, seed));
            }
            findings.value(&format!("accuracy {spec}"), accuracies)?;
        }
        for spec in started() {
            let mut races = Vec::new();
            for (nth, (drawn, &seed)) in cx.networks(&spec)?.iter().zip(&cx.plan.seeds).enumerate() {
                let constructed = &cx.zoo.obtain(&[constructed_start(&cx.plan, &spec, seed)])?[0];
                races.push(race(&drawn.history, &constructed.history, drawn.recipe.training.max_epochs));
                if nth == 0 {
                    for (start, history) in [("drawn", &drawn.history), ("constructed", &constructed.history)]
                    {
                        let losses = Array1::from_iter(history.iter().map(validation_loss));
                        findings.array(&format!("{start} {spec}"), losses.view());
                    }
                }
            }
            findings.value(&format!("epochs {spec}"), races)?;
        }
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let races: Vec<Vec<Race>> =
            started().map(|spec| findings.get(&format!("epochs {spec}"))).collect::<anyhow::Result<_>>()?;
        let log_ratio =
            |race: &Race| (race.constructed.unwrap_or(race.max_epochs) as f64 / race.drawn as f64).log2();
        let of_seed =
            |seed: usize| races.iter().map(|r| log_ratio(&r[seed])).sum::<f64>() / races.len() as f64;
        Ok(vec![Claim::test(
            "C16.start",
            "Moore–Penrose initial weights of the output layer speed training up.",
            "log₂ of epochs to one validation loss, constructed over drawn start, averaged over four bottlenecks, below 0 (a start that never gets there counts as the most epochs allowed)",
            &(0..findings.seeds.len()).map(of_seed).collect::<Vec<_>>(),
            Side::Below,
            0.0,
        )])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (depth, part) in DEPTHS.iter().zip(["a", "b"]) {
            let mut panels = Vec::new();
            for width in WIDTHS {
                let spec = depth.spec(width);
                let series = |start: &str| {
                    let losses = findings.vector(&format!("{start} {spec}"))?;
                    let points = losses.iter().enumerate().map(|(e, &loss)| (((e + 1) as f64).log10(), loss));
                    anyhow::Ok(Series { name: start.to_string(), points: points.collect() })
                };
                panels.push(Panel {
                    title: spec.to_string(),
                    x_label: "log₁₀ epoch".into(),
                    y_label: "validation loss (nats)".into(),
                    series: vec![series("drawn")?, series("constructed")?],
                    ..Panel::default()
                });
            }
            gallery.add(
                &format!("4-output-start-{part}"),
                Picture { width: 720, height: 300 },
                &LineChart { panels },
            )?;
        }
        Ok(())
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut accuracies =
            Table::new(["network", "seed", "trained output", "of class means", "of all signals"]);
        for spec in networks() {
            let found: Vec<Accuracies> = findings.get(&format!("accuracy {spec}")).unwrap_or_default();
            for (a, seed) in found.iter().zip(&findings.seeds) {
                let shares = [a.trained, a.of_class_means, a.of_signals].map(|share| format!("{share:.4}"));
                accuracies.row([spec.to_string(), seed.to_string()].into_iter().chain(shares));
            }
        }
        let mut epochs =
            Table::new(["network", "seed", "validation loss", "drawn: epochs", "constructed: epochs"]);
        for spec in started() {
            let races: Vec<Race> = findings.get(&format!("epochs {spec}")).unwrap_or_default();
            for (race, seed) in races.iter().zip(&findings.seeds) {
                let numbers = [
                    race.drawn.to_string(),
                    race.constructed.map_or("never".into(), |epochs| epochs.to_string()),
                ];
                let head = [spec.to_string(), seed.to_string(), format!("{:.4}", race.loss)];
                epochs.row(head.into_iter().chain(numbers));
            }
        }
        vec![("-output-layer".into(), accuracies), ("-output-start".into(), epochs)]
    }
}

/// Networks trained from both starts.
fn started() -> impl Iterator<Item = NetworkSpec> {
    [Depth::Shallow, Depth::Deep].into_iter().flat_map(|depth| WIDTHS.map(|width| depth.spec(width)))
}

fn constructed_start(plan: &Plan, spec: &NetworkSpec, seed: u64) -> Recipe {
    Recipe { output_start: OutputStart::MoorePenrose, ..plan.recipe(spec, seed) }
}

/// The output layer learns from the last hidden layer on the training set, and is tried on the evaluation signals.
fn accuracies_of(cx: &Context, network: &Network, seed: u64) -> Accuracies {
    let s = &cx.plan.settings;
    let training = s.signals.draw(s.n_train, &data_streams(seed).child("train")).dataset;
    let evaluation = &cx.evaluation(seed).dataset;
    let last_hidden = network.spec.layers().len() - 2;
    let codes = layers::activations(network, training.inputs.view(), last_hidden);
    let tried = layers::activations(network, evaluation.inputs.view(), last_hidden);
    let accuracy = |layer: OutputLayer| layer.accuracy(tried.view(), &evaluation.labels);
    let predicted = network.predict(evaluation.inputs.view());
    let n_right = predicted.iter().zip(&evaluation.labels).filter(|(a, b)| a == b).count();
    let (labels, n_classes) = (&training.labels, training.n_classes);
    Accuracies {
        trained: n_right as f64 / evaluation.n_samples() as f64,
        of_class_means: accuracy(OutputLayer::of_class_means(
            codes.view(),
            labels,
            n_classes,
            MapKind::Centred,
        )),
        of_signals: accuracy(OutputLayer::of_codes(codes.view(), labels, n_classes, MapKind::Affine)),
    }
}

fn validation_loss(record: &EpochRecord) -> f64 {
    record.validation_loss.unwrap_or(f64::NAN)
}

fn race(drawn: &[EpochRecord], constructed: &[EpochRecord], max_epochs: usize) -> Race {
    let loss = ABOVE_THE_MINIMUM * drawn.iter().map(validation_loss).fold(f64::INFINITY, f64::min);
    let reached = |history: &[EpochRecord]| {
        history.iter().position(|record| validation_loss(record) <= loss).map(|epoch| epoch + 1)
    };
    Race { loss, drawn: reached(drawn).unwrap_or(max_epochs), constructed: reached(constructed), max_epochs }
}
