//! Deviations within and between classes, layer by layer, learning and memorising (thesis sec. 6.4): figures 6.7 to
//! 6.9, 6.13 and 6.14, claims C12 and C14.

use serde::{Deserialize, Serialize};
use vitrine_analysis::deviations::ClassPairs;
use vitrine_data::Dataset;
use vitrine_figures::{LineChart, Picture};
use vitrine_lab::{About, Claim, Gallery, Recipe, Study, Table, TrainedNetwork, data_streams};

use super::measure_charts::{all_panels, draw_all, panel};
use super::measures::{Measured, Pick, along, largest, measure, smallest, steps, without_output};
use super::pair::{Pair, all_recipes, recipes, shuffled_training_set};
use crate::thesis::Context;
use crate::thesis::paper::registered;

pub struct DeviationsByLayer;

static ABOUT: About = About {
    id: "6.4-deviations",
    title: "Deviations within and between classes by layer, learning and memorising",
    figures: &["6.7", "6.8", "6.9", "6.13", "6.14"],
    tables: &[],
    claims: &["C12", "C14"],
};

/// The layers of both networks, by seed.
#[derive(Default, Serialize, Deserialize)]
pub struct Found {
    learning: Vec<Vec<Measured>>,
    /// Memorising, under the labels it was trained on.
    memorising_shuffled: Vec<Vec<Measured>>,
    /// Memorising, under the true labels.
    memorising_true: Vec<Vec<Measured>>,
}

impl Study for DeviationsByLayer {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        all_recipes(&cx.plan)
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let mut found = Found::default();
        for &seed in &cx.plan.seeds {
            let Pair { learning, memorising } = recipes(&cx.plan, seed).obtain(&cx.zoo)?;
            let evaluation = cx.evaluation(seed);
            let shuffled = shuffled_training_set(cx, seed)?;
            let mut rng = data_streams(seed).rng("deviations");
            let mut layers = |trained: &TrainedNetwork, set: &Dataset| {
                measure(&trained.network, set, ClassPairs::Adjacent, &mut rng)
            };
            found.learning.push(layers(&learning, &evaluation.dataset));
            cx.zoo.stop().check()?;
            found.memorising_shuffled.push(layers(&memorising, &shuffled));
            cx.zoo.stop().check()?;
            found.memorising_true.push(layers(&memorising, &evaluation.dataset));
        }
        Ok(found)
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let inner_cosine: Pick = |l| l.inner.cosine;
        let learning = |f: &dyn Fn(&[Measured]) -> f64| per_seed(&found.learning, f);
        let rises = per_seed(&found.memorising_shuffled, &|network| smallest_rise(network, inner_cosine));
        vec![
            registered("C12.learning").over(&learning(&|network| largest(&steps(network, inner_cosine)))),
            registered("C12.memorising").over(&rises),
            registered("C14").over(&learning(&|network| smallest(&steps(network, |l| l.activation_level)))),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        draw_learning(gallery, without_output(&found.learning[0]))?;
        draw_all(gallery, "6.13", without_output(&found.memorising_shuffled[0]), "")?;
        draw_all(gallery, "6.14", without_output(&found.memorising_true[0]), "")
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new([
            "network",
            "layer",
            "level",
            "inner Euclid.",
            "inner norm.",
            "inner cos.",
            "inner corr.",
            "inter Euclid.",
            "inter norm.",
            "inter cos.",
            "inter corr.",
            "undefined",
        ]);
        let cases = [
            ("learning", &found.learning),
            ("memorising, labels it was trained on", &found.memorising_shuffled),
            ("memorising, true labels", &found.memorising_true),
        ];
        for (network, per_seed) in cases {
            for layer in &per_seed[0] {
                table.row(cells(network, layer));
            }
        }
        vec![("-deviations".into(), table)]
    }
}

fn per_seed(networks: &[Vec<Measured>], f: &dyn Fn(&[Measured]) -> f64) -> Vec<f64> {
    networks.iter().map(|network| f(network)).collect()
}

/// The lowest hidden layer less the input; NaN without layers.
fn smallest_rise(network: &[Measured], pick: Pick) -> f64 {
    let values = along(network, pick);
    let [input, hidden @ ..] = &values[..] else { return f64::NAN };
    smallest(&hidden.iter().map(|value| value - input).collect::<Vec<_>>())
}

/// Figures 6.7 to 6.9.
fn draw_learning(gallery: &mut Gallery, network: &[Measured]) -> anyhow::Result<()> {
    let euclidean: [(&str, Pick); 2] =
        [("inner-class", |l| l.inner.euclidean), ("inter-class", |l| l.inter.euclidean)];
    let normalised: [(&str, Pick); 2] = [
        ("inner-class", |l| l.inner.normalised_euclidean),
        ("inter-class", |l| l.inter.normalised_euclidean),
    ];
    let wide = Picture { width: 640, height: 280 };
    let panels = vec![panel(network, "learning: Euclidean", "distance", &euclidean)];
    gallery.add("6.7", Picture { width: 320, height: 280 }, &LineChart { panels })?;
    let panels = vec![
        panel(network, "learning: activation level", "mean |a|₁", &[("level", |l| l.activation_level)]),
        panel(network, "learning: normalised Euclidean", "distance / level", &normalised),
    ];
    gallery.add("6.8", wide, &LineChart { panels })?;
    let [_, angles] = all_panels(network, "learning");
    gallery.add("6.9", wide, &angles)
}

/// The table's row of a layer.
fn cells(network: &str, Measured { layer, deviations }: &Measured) -> Vec<String> {
    let all = [&deviations.inner, &deviations.inter]
        .map(|d| [d.euclidean, d.normalised_euclidean, d.cosine, d.correlation]);
    let n_undefined: usize = all.as_flattened().iter().map(|d| d.n_undefined).sum();
    let level = format!("{:.1}", deviations.activation_level.interval.mean);
    let mut cells = vec![network.to_string(), layer.clone(), level];
    cells.extend(all.as_flattened().iter().map(|d| format!("{:.4}", d.interval.mean)));
    cells.push(n_undefined.to_string());
    cells
}
