//! MNIST with true and with shuffled labels (thesis sec. 6.4.2): figures 6.10 to 6.12, claim C13.

use serde::{Deserialize, Serialize};
use vitrine_analysis::deviations::ClassPairs;
use vitrine_data::mnist::{self, Mnist};
use vitrine_data::{Corruption, DataSettings, Dataset, MnistSource};
use vitrine_lab::activations::{accuracy, activations};
use vitrine_lab::{
    About, Agreement, Claim, Gallery, OutputStart, Preset, Recipe, Study, Table, TrainedNetwork, diagram,
};
use vitrine_model::{Stop, TrainSettings};

use super::digit::{DIGIT, DigitImages};
use super::fitting::{SHUFFLED, last_accuracy, name_of_shuffled};
use super::measure_charts::draw_all;
use super::measure_table;
use super::measures::{Measured, along, largest, measure, smallest, steps};
use super::mnist_agreements::{Learned, all};
use super::pair::Pair;
use crate::thesis::networks::spec;
use crate::thesis::paper::registered;
use crate::thesis::{Context, Plan};

pub struct MnistNetworks;

static ABOUT: About = About {
    id: "6.4-mnist",
    title: "MNIST with true and with shuffled labels: accuracy, averaged images, deviations by layer",
    figures: &["6.10", "6.11", "6.12"],
    tables: &[],
    claims: &["C13"],
};

/// The thesis' network.
const SHOWN: &str = "mlp:784-784-784-784-784-10";
/// Accuracy of the thesis' network.
const THESIS_ACCURACY: f64 = 0.9807;

/// Images, and networks trained on them.
#[derive(Serialize, Deserialize)]
pub struct Found {
    images: DigitImages,
    thesis_accuracy: Option<f64>,
    /// Images that the layers of either network are measured on.
    n_measured: usize,
    per_seed: Vec<Pair<OfNetwork>>,
}

/// How well a network classifies, and what its layers do.
#[derive(Serialize, Deserialize)]
struct OfNetwork {
    seed: u64,
    epochs: usize,
    training_accuracy: Option<f64>,
    test_accuracy: f64,
    /// Probability of each digit for the mean image of a 5.
    probabilities: Vec<f64>,
    /// Over the test images of a learning network, over as many training images of one trained on shuffled labels.
    layers: Vec<Measured>,
}

impl Study for MnistNetworks {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.seeds.iter().flat_map(|&seed| recipes(&cx.plan, seed).both()).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let Mnist { train, test, .. } = Mnist::read(cx.zoo.folders().of(mnist::NAME)?)?;
        let images = DigitImages::of(&train)?;
        drop(train);
        let (mut per_seed, mut n_measured) = (Vec::new(), 0);
        for &seed in &cx.plan.seeds {
            let recipes = recipes(&cx.plan, seed);
            let trained = recipes.obtain(&cx.zoo)?;
            let shuffled = recipes.memorising.load_data(cx.zoo.folders())?.train;
            n_measured = shuffled.n_samples().min(test.n_samples());
            let first: Vec<usize> = (0..n_measured).collect();
            let learning = OfNetwork::of(&trained.learning, &test, &test.select(&first), &images);
            let memorising = OfNetwork::of(&trained.memorising, &test, &shuffled.select(&first), &images);
            per_seed.push(Pair { learning, memorising });
        }
        let thesis_accuracy = Some(THESIS_ACCURACY).filter(|_| cx.plan.has_preset_settings());
        Ok(Found { images, thesis_accuracy, n_measured, per_seed })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let over_seeds = |f: fn(&[Measured]) -> f64| -> Vec<f64> {
            found.per_seed.iter().map(|networks| f(&networks.learning.layers)).collect()
        };
        vec![
            registered("C13.inner").over(&over_seeds(|layers| largest(&steps(layers, |l| l.inner.cosine)))),
            registered("C13.inter").over(&over_seeds(|layers| valley(&along(layers, |l| l.inter.cosine)))),
        ]
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let learned = |networks: &Pair<OfNetwork>| Learned {
            layers: networks.learning.layers.clone(),
            epochs: networks.learning.epochs,
            test_accuracy: networks.learning.test_accuracy,
            probabilities: networks.learning.probabilities.clone(),
        };
        let learned: Vec<Learned> = found.per_seed.iter().map(learned).collect();
        all(&learned, DIGIT, found.thesis_accuracy.unwrap_or(f64::NAN))
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        found.images.draw("6.10", gallery)?;
        diagram::draw(gallery, "6.11", &spec(SHOWN))?;
        let [learning, shuffled] = found.layers();
        draw_all(gallery, "6.12", &learning, "learning", None)?;
        draw_all(gallery, "6.12-shuffled-", &shuffled, &name_of_shuffled(&found.fitted()), None)
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table =
            Table::new(["network", "seed", "epochs", "training accuracy", "test accuracy", "thesis"]);
        let share = |share: f64| format!("{share:.4}");
        for networks in &found.per_seed {
            let thesis = Pair {
                learning: found.thesis_accuracy.map_or("–".into(), share),
                memorising: "–".into(),
            };
            let fitted = networks.memorising.training_accuracy.unwrap_or(f64::NAN);
            for ((name, network), thesis) in networks.named(&[fitted]).into_iter().zip(thesis.both()) {
                table.row([
                    name,
                    network.seed.to_string(),
                    network.epochs.to_string(),
                    network.training_accuracy.map_or("–".into(), share),
                    share(network.test_accuracy),
                    thesis,
                ]);
            }
        }
        let [learning, shuffled] = found.layers();
        let table_of =
            |layers: &[Vec<Measured>]| measure_table::table(layers, &format!("{} images", found.n_measured));
        vec![
            ("-mnist".into(), table),
            ("-deviations-mnist".into(), table_of(&learning)),
            ("-deviations-mnist-shuffled-labels".into(), table_of(&shuffled)),
        ]
    }
}

impl Found {
    /// Layers of every seed, of the learning network and of the one trained on shuffled labels.
    fn layers(&self) -> [Vec<Vec<Measured>>; 2] {
        let of = |pick: fn(&Pair<OfNetwork>) -> &OfNetwork| {
            self.per_seed.iter().map(|networks| pick(networks).layers.clone()).collect()
        };
        [of(|networks| &networks.learning), of(|networks| &networks.memorising)]
    }

    /// Share of the shuffled labels that are fitted, by seed.
    fn fitted(&self) -> Vec<f64> {
        self.per_seed.iter().map(|n| n.memorising.training_accuracy.unwrap_or(f64::NAN)).collect()
    }
}

/// The recipes of a seed.
fn recipes(plan: &Plan, seed: u64) -> Pair<Recipe> {
    Pair { learning: recipe(plan, seed, Corruption::None), memorising: recipe(plan, seed, SHUFFLED) }
}

/// The thesis' network and settings; `quick` trains as far as its minutes go, `full` to the validation minimum.
fn recipe(plan: &Plan, seed: u64, corruption: Corruption) -> Recipe {
    let (n_train, n_validation, batch_size, max_epochs) = match plan.preset {
        Preset::Smoke => (1_000, 500, 100, 2),
        Preset::Quick => (48_000, 12_000, 1_000, 15),
        Preset::Full => (48_000, 12_000, 1_000, 500),
    };
    let stop = match (plan.preset, corruption) {
        (Preset::Full, Corruption::None) => Stop::ValidationLoss { patience: 30 },
        _ => Stop::MaxEpochs,
    };
    Recipe {
        seed,
        network: spec(SHOWN),
        data: DataSettings::from(MnistSource { n_train, n_validation }).with_corruption(corruption),
        output_start: OutputStart::default(),
        training: TrainSettings { batch_size, max_epochs, stop, ..TrainSettings::default() },
    }
}

impl OfNetwork {
    /// Accuracy on the test set, and the layers over `measured`.
    fn of(trained: &TrainedNetwork, test: &Dataset, measured: &Dataset, images: &DigitImages) -> OfNetwork {
        let mut rng = trained.recipe.data_streams().rng("mnist deviations");
        let last = trained.network.spec().layers().len() - 1;
        OfNetwork {
            seed: trained.recipe.seed,
            epochs: trained.history.len(),
            training_accuracy: last_accuracy(&trained.history),
            test_accuracy: accuracy(&trained.network, test),
            probabilities: activations(&trained.network, images.averaged().view(), last)
                .iter()
                .map(|&probability| f64::from(probability))
                .collect(),
            layers: measure(&trained.network, measured, ClassPairs::All, &mut rng),
        }
    }
}

/// How far the lowest value lies below both the first and the last; positive where values fall and rise again.
fn valley(values: &[f64]) -> f64 {
    let lowest = smallest(values);
    (values[0] - lowest).min(values[values.len() - 1] - lowest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_valley_is_as_deep_as_its_lower_rim() {
        assert_eq!(valley(&[5.0, 1.0, 3.0]), 2.0);
        assert_eq!(valley(&[3.0, 2.0, 1.0]), 0.0);
    }
}
