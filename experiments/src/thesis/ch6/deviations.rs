//! Deviations within and between classes, layer by layer, of the network that learns and of the one trained on shuffled
//! labels (thesis sec. 6.4): figures 6.7 to 6.9, 6.13 and 6.14, claims C12 and C14.
//!
//! All are measured on one number of signals a class, that of the training set: the memorising network under its own
//! labels has no more.

use serde::{Deserialize, Serialize};
use vitrine_analysis::deviations::ClassPairs;
use vitrine_data::Dataset;
use vitrine_lab::{About, Agreement, Claim, Gallery, Recipe, Study, Table, TrainedNetwork, data_streams};

use super::deviations_agreements::all;
use super::fitting::{last_accuracy, name_of_shuffled};
use super::measure_charts::{EUCLIDEAN, LEVEL, NORMALISED, draw, draw_all, draw_level_free, panel};
use super::measure_table::table;
use super::measures::{
    Measured, Pick, along, first_of_each_class, largest, measure, smallest, smallest_class, steps,
};
use super::pair::{Pair, all_recipes, recipes, shuffled_training_set};
use crate::thesis::Context;
use crate::thesis::paper::registered;

pub struct DeviationsByLayer;

static ABOUT: About = About {
    id: "6.4-deviations",
    title: "Deviations within and between classes by layer, with true and with shuffled labels",
    figures: &["6.7", "6.8", "6.9", "6.13", "6.14"],
    tables: &[],
    claims: &["C12", "C14"],
};

/// The layers of both networks, by seed.
#[derive(Default, Serialize, Deserialize)]
pub struct Found {
    /// Learning.
    learning: Vec<Vec<Measured>>,
    /// Trained on shuffled labels, under these.
    memorising_shuffled: Vec<Vec<Measured>>,
    /// The same network under the true labels.
    memorising_true: Vec<Vec<Measured>>,
    /// Share of its shuffled labels that it fits.
    fitted: Vec<f64>,
    /// Signals of each class that all are measured on, at most.
    n_per_class: usize,
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
            let (evaluation, shuffled) = (cx.evaluation(seed), shuffled_training_set(cx, seed)?);
            let n_per_class = smallest_class(&shuffled).min(smallest_class(&evaluation.dataset)).max(1);
            let unseen = first_of_each_class(&evaluation.dataset, n_per_class);
            let shuffled = first_of_each_class(&shuffled, n_per_class);
            found.n_per_class = found.n_per_class.max(n_per_class);
            found.fitted.push(last_accuracy(&memorising.history).unwrap_or(f64::NAN));
            let mut rng = data_streams(seed).rng("deviations");
            let mut layers = |trained: &TrainedNetwork, set: &Dataset| {
                measure(&trained.network, set, ClassPairs::Adjacent, &mut rng)
            };
            found.learning.push(layers(&learning, &unseen));
            cx.zoo.stop().check()?;
            found.memorising_shuffled.push(layers(&memorising, &shuffled));
            cx.zoo.stop().check()?;
            found.memorising_true.push(layers(&memorising, &unseen));
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

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let Found { learning, memorising_shuffled, memorising_true, fitted, .. } = found;
        all(learning, memorising_shuffled, memorising_true, fitted)
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        draw_learning(gallery, &found.learning)?;
        let name = name_of_shuffled(&found.fitted);
        draw_all(gallery, "6.13", &found.memorising_shuffled, &name, Some(&found.learning))?;
        draw_all(gallery, "6.14", &found.memorising_true, &name, Some(&found.learning))
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let table =
            |networks: &[Vec<Measured>]| table(networks, &format!("{} signals a class", found.n_per_class));
        vec![
            ("-deviations-learning".into(), table(&found.learning)),
            ("-deviations-shuffled-labels".into(), table(&found.memorising_shuffled)),
            ("-deviations-shuffled-network-true-labels".into(), table(&found.memorising_true)),
        ]
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
fn draw_learning(gallery: &mut Gallery, networks: &[Vec<Measured>]) -> anyhow::Result<()> {
    let both = [EUCLIDEAN, NORMALISED].map(|d| [("within classes", d.inner), ("between classes", d.inter)]);
    let [euclidean, normalised] = &both;
    draw(gallery, "6.7", vec![panel(networks, "Euclidean", EUCLIDEAN.y_label, euclidean)])?;
    let level = panel(networks, "activation level", "mean |a|₁", &[("learning", LEVEL)]);
    let normalised = panel(networks, NORMALISED.name, NORMALISED.y_label, normalised);
    draw(gallery, "6.8", vec![level, normalised])?;
    draw_level_free(gallery, ["6.9a", "6.9b"], networks, "learning")
}

#[cfg(test)]
mod tests {
    use vitrine_analysis::deviations::Deviations;
    use vitrine_lab::{Preset, Workshop, Zoo};

    use super::*;
    use crate::thesis::{Plan, Settings};

    #[test]
    fn all_are_measured_on_one_number_of_signals_of_each_class_which_their_tables_say() {
        let runs = tempfile::tempdir().unwrap();
        let settings = Settings { n_train: 300, n_evaluation: 600, ..Settings::of(Preset::Smoke) };
        let plan = Plan::of(Preset::Smoke, settings, None, &ABOUT);
        let cx = Context::new(plan, Zoo::new(Workshop::new(runs.path())));
        let found = DeviationsByLayer.run(&cx).unwrap();
        // 60 positions: five signals each of those trained on, ten of the others.
        let input = |set: &Dataset| {
            let five = first_of_each_class(set, 5);
            assert_eq!(five.n_samples(), 300);
            let mut rng = data_streams(0).rng("deviations");
            Deviations::default().measure(five.rows(), five.labels(), 60, &mut rng).plain_inter
        };
        let seed = cx.plan.first_seed();
        let unseen = input(&cx.evaluation(seed).dataset);
        let shuffled = input(&shuffled_training_set(&cx, seed).unwrap());
        let measured = |networks: &[Vec<Measured>]| networks[0][0].deviations.plain_inter;
        assert_eq!([&found.learning, &found.memorising_true].map(|n| measured(n)), [unseen; 2]);
        assert_eq!(measured(&found.memorising_shuffled), shuffled);
        for (name, table) in DeviationsByLayer.tables(&found) {
            assert_eq!(table.headers()[0], "layer (5 signals a class)", "{name}");
        }
    }
}
