//! MNIST, learned and memorised (thesis sec. 6.4.2): figures 6.10 to 6.12, claim C13.

use ndarray::{Array2, Axis, concatenate, s};
use serde_json::json;
use vitrine_analysis::deviations::ClassPairs;
use vitrine_data::mnist::Mnist;
use vitrine_data::{Corruption, DataSettings, Dataset};
use vitrine_figures::{ColourMap, HeatMap, HeatMaps, Picture};
use vitrine_model::{NetworkSpec, Stop, TrainSettings};

use super::SHUFFLED;
use super::measures::{Measured, draw_all, measure, without_output};
use crate::ch3::specs;
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::diagram;
use crate::findings::Findings;
use crate::preset::Preset;
use crate::recipe::{OutputStart, Recipe, data_streams};
use crate::run_folder::Gallery;
use crate::section::{About, Missing, Section};
use crate::table::Table;

pub struct MnistNetworks;

static ABOUT: About = About {
    id: "6.4-mnist",
    title: "MNIST, learned and memorised: accuracy, averaged images, deviations by layer",
    figures: &["6.10", "6.11", "6.12"],
    tables: &[],
    claims: &["C13"],
};

/// The digit of figure 6.10.
const DIGIT: usize = 5;
/// Images that are averaged.
const N_AVERAGED: usize = 1_000;
/// Rows and columns of an image.
const SIDE: usize = 28;
/// Accuracy of the thesis' network.
const THESIS_ACCURACY: f64 = 0.9807;

fn spec() -> NetworkSpec {
    specs(&["mlp:784-784-784-784-784-10"]).swap_remove(0)
}

impl Section for MnistNetworks {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        let of_seed =
            |&seed: &u64| [Corruption::None, SHUFFLED].map(|corruption| recipe(plan, seed, corruption));
        plan.seeds.iter().flat_map(of_seed).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let Some(folder) = &cx.zoo.mnist_dir else {
            return Err(Missing(
                "the MNIST files: name their folder with --mnist DIR or VITRINE_MNIST; `vitrine data mnist --fetch --dir DIR` downloads them".into(),
            )
            .into());
        };
        let mnist = Mnist::read(folder)?;
        let mut findings = cx.findings(&ABOUT);
        keep_images(&mut findings, &mnist.train);
        let recipes = self.recipes(&cx.plan);
        let networks = cx.zoo.obtain(&recipes)?;
        let mut trained = Vec::new();
        let (mut learning, mut memorising) = (Vec::new(), Vec::new());
        for ((recipe, network), kind) in recipes.iter().zip(&networks).zip([true, false].into_iter().cycle())
        {
            let predicted = network.network.predict(mnist.test.inputs.view());
            let n_right = predicted.iter().zip(&mnist.test.labels).filter(|(a, b)| a == b).count();
            trained.push(json!({
                "network": if kind { "learning" } else { "memorising" },
                "seed": recipe.seed,
                "epochs": network.history.len(),
                "training_accuracy": network.history.last().map(|r| 1.0 - r.train_error),
                "test_accuracy": n_right as f64 / mnist.test.n_samples() as f64,
            }));
            let mut rng = data_streams(recipe.seed).rng("mnist deviations");
            let mut measure =
                |set: &Dataset| measure(&network.network, set, &set.labels, ClassPairs::All, &mut rng);
            if kind {
                learning.push(measure(&mnist.test));
            } else {
                let shuffled = recipe.data.load(&recipe.data_streams(), Some(folder))?.train;
                let first: Vec<usize> = (0..shuffled.n_samples().min(mnist.test.n_samples())).collect();
                memorising.push(measure(&shuffled.select(&first)));
            }
        }
        findings.value("trained", trained)?;
        findings.value("thesis_accuracy", THESIS_ACCURACY)?;
        findings.value("learning", learning)?;
        findings.value("memorising", memorising)?;
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let learning: Vec<Vec<Measured>> = findings.get("learning")?;
        let sentence =
            "MNIST behaves like learning: inner-class deviation falls; inter-class falls, then rises.";
        let inner = |m: &Measured| m.deviations.inner.cosine.interval.mean;
        let inter = |m: &Measured| m.deviations.inter.cosine.interval.mean;
        let hidden = |network: &'_ [Measured], f: &dyn Fn(&Measured) -> f64| -> Vec<f64> {
            without_output(network).iter().map(f).collect()
        };
        let largest_step = |network: &Vec<Measured>| {
            hidden(network, &inner).windows(2).map(|pair| pair[1] - pair[0]).fold(f64::NEG_INFINITY, f64::max)
        };
        // A valley: below the input somewhere, and higher again in the last hidden layer.
        let valley = |network: &Vec<Measured>| {
            let values = hidden(network, &inter);
            let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
            (values[0] - lowest).min(values[values.len() - 1] - lowest)
        };
        let over_seeds = |f: &dyn Fn(&Vec<Measured>) -> f64| -> Vec<f64> { learning.iter().map(f).collect() };
        Ok(vec![
            Claim::test(
                "C13.inner",
                sentence,
                "inner-class cosine deviation: the largest step from a layer to the next, input to last hidden, below 0",
                &over_seeds(&largest_step),
                Side::Below,
                0.0,
            ),
            Claim::test(
                "C13.inter",
                sentence,
                "inter-class cosine deviation: depth of its lowest layer below both the input and the last hidden layer, above 0",
                &over_seeds(&valley),
                Side::Above,
                0.0,
            ),
        ])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let map = |name: &str, title: String| {
            anyhow::Ok(HeatMap {
                title,
                x_label: "column (pixels)",
                y_label: "row from below (pixels)",
                value_label: "intensity",
                first_column: 1,
                first_row: 1,
                values: findings.matrix(name)?,
                colours: ColourMap::Magnitude,
            })
        };
        let n_averaged: usize = findings.get("n_averaged")?;
        let maps = vec![
            map("one_image", format!("one \"{DIGIT}\""))?,
            map("averaged_image", format!("{n_averaged} averaged"))?,
        ];
        gallery.add_raster("6.10", Picture { width: 640, height: 300 }, &HeatMaps { maps, n_columns: 2 })?;
        diagram::draw(gallery, "6.11", &spec())?;
        for (figure, name, of) in [("6.12", "learning", ""), ("6.12-memorising", "memorising", "memorising")]
        {
            let per_seed: Vec<Vec<Measured>> = findings.get(name)?;
            draw_all(gallery, figure, without_output(&per_seed[0]), of)?;
        }
        Ok(())
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut table =
            Table::new(["network", "seed", "epochs", "training accuracy", "test accuracy", "thesis"]);
        for trained in findings.get::<Vec<serde_json::Value>>("trained").unwrap_or_default() {
            let share = |name: &str| format!("{:.4}", trained[name].as_f64().unwrap_or(f64::NAN));
            let learning = trained["network"] == "learning";
            table.row([
                trained["network"].as_str().unwrap_or_default().to_string(),
                trained["seed"].to_string(),
                trained["epochs"].to_string(),
                share("training_accuracy"),
                share("test_accuracy"),
                if learning { format!("{THESIS_ACCURACY:.4}") } else { "–".into() },
            ]);
        }
        vec![("-mnist".into(), table)]
    }
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
    let training = TrainSettings { batch_size, max_epochs, stop, ..TrainSettings::default() };
    let data = DataSettings::Mnist { n_train, n_validation, corruption };
    Recipe { seed, network: spec(), data, output_start: OutputStart::default(), training }
}

/// One image of the digit, and the mean of the first thousand.
fn keep_images(findings: &mut Findings, set: &Dataset) {
    let of_digit = set.inputs.rows().into_iter().zip(&set.labels).filter(|(_, label)| **label == DIGIT);
    let images: Vec<_> = of_digit.map(|(image, _)| image.insert_axis(Axis(0))).take(N_AVERAGED).collect();
    let Ok(images) = concatenate(Axis(0), &images) else { return };
    _ = findings.value("n_averaged", images.nrows());
    let Some(mean) = images.mean_axis(Axis(0)) else { return };
    for (name, pixels) in [("one_image", images.row(0).to_owned()), ("averaged_image", mean)] {
        // Rows are numbered from below in a heat map, and from above in an image.
        let image: Array2<f32> = pixels.into_shape_with_order((SIDE, SIDE)).expect("an image is square");
        findings.array(name, image.slice(s![..;-1, ..]));
    }
}
