//! The deviations over training time, with true labels beside shuffled ones (the thesis' future work): the first part of
//! claim C16.

use ndarray::{Array2, Axis};
use rand::Rng;
use serde::{Deserialize, Serialize};
use vitrine_analysis::deviations::ClassPairs;
use vitrine_analysis::statistics::Interval;
use vitrine_data::Dataset;
use vitrine_figures::{LineChart, Panel, Picture};
use vitrine_lab::{
    About, Claim, Gallery, Matrix, Recipe, Saved, Study, TrainedNetwork, Vector, data_streams,
};
use vitrine_model::{Network, Stop, TrainSettings};

use super::fitting::{EPOCHS, last_accuracy};
use super::measures::measure_under;
use super::pair::{self, Pair, shown, shuffled_training_set};
use crate::thesis::networks::validation_minimum;
use crate::thesis::paper::registered;
use crate::thesis::{Context, Plan};

pub struct TrainingTime;

static ABOUT: About = About {
    id: "6.4-training-time",
    title: "Deviations over training time, with true and with shuffled labels",
    figures: &["6-training-time"],
    tables: &[],
    claims: &["C16"],
};

/// Inner-class cosine deviation of both networks over training time.
#[derive(Serialize, Deserialize)]
pub struct Found {
    /// By seed.
    courses: Pair<Vec<Course>>,
    /// Share of its shuffled labels that the second network fits, by seed.
    fitted: Vec<f64>,
    /// The last hidden layer under the initial weights and at the last epoch that counts, by seed.
    first_and_last: Pair<Vec<[f64; 2]>>,
}

/// Inner-class cosine deviation at the epochs measured.
#[derive(Serialize, Deserialize)]
struct Course {
    epochs: Vector,
    /// `[n_epochs, n_layers]`, of the input and the hidden layers.
    inner_cosine: Matrix,
}

impl Study for TrainingTime {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.seeds.iter().flat_map(|&seed| recipes(&cx.plan, seed).both()).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let mut courses: Pair<Vec<Course>> = Pair::default();
        let mut fitted = Vec::new();
        let mut first_and_last: Pair<Vec<[f64; 2]>> = Pair::default();
        for &seed in &cx.plan.seeds {
            let networks = recipes(&cx.plan, seed).obtain(&cx.zoo)?;
            let shuffled = shuffled_training_set(cx, seed)?;
            let mut rng = data_streams(seed).rng("training time");
            let learning = Course::of(&networks.learning, &shuffled.with_true_labels(), &mut rng)?;
            let memorising = Course::of(&networks.memorising, &shuffled, &mut rng)?;
            // What comes after the validation minimum is no longer learning.
            let end = validation_minimum(&networks.learning.history).unwrap_or(0);
            first_and_last.learning.push(learning.first_and_last(|epoch| epoch <= end));
            first_and_last.memorising.push(memorising.first_and_last(|_| true));
            courses.learning.push(learning);
            courses.memorising.push(memorising);
            fitted.push(last_accuracy(&networks.memorising.history).unwrap_or(f64::NAN));
        }
        Ok(Found { courses, fitted, first_and_last })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let test = |id: &str, ends: &[[f64; 2]]| {
            registered(id).over(&ends.iter().map(|[first, last]| last - first).collect::<Vec<_>>())
        };
        let Pair { learning, memorising } = &found.first_and_last;
        vec![test("C16.learning", learning), test("C16.memorising", memorising)]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let panels = found.courses.named(&found.fitted).map(|(name, courses)| panel(&name, courses)).into();
        gallery.add("6-training-time", Picture { width: 760, height: 300 }, &LineChart { panels })
    }
}

/// The learning network run on after its validation minimum, and the memorising one.
fn recipes(plan: &Plan, seed: u64) -> Pair<Recipe> {
    let Pair { learning, memorising } = pair::recipes(plan, seed);
    let training = TrainSettings {
        max_epochs: learning.training.max_epochs.min(EPOCHS[EPOCHS.len() - 2]),
        stop: Stop::MaxEpochs,
        checkpoints: EPOCHS.to_vec(),
        ..learning.training
    };
    Pair { learning: plan.recipe_with(&shown(), seed, training), memorising }
}

impl Course {
    /// Measures the weights that were kept on the way over a set.
    fn of(trained: &TrainedNetwork, set: &Dataset, rng: &mut impl Rng) -> anyhow::Result<Course> {
        let spec = trained.network.spec();
        let mut inner_cosine = Array2::zeros((trained.checkpoints.len(), spec.layers().len()));
        for ((_, weights), mut row) in trained.checkpoints.iter().zip(inner_cosine.rows_mut()) {
            let network = Network::new(spec.clone(), weights.clone())?;
            let measured = measure_under(&network, set, set.labels(), ClassPairs::Adjacent, rng);
            // The input stands first, and the softmax output is left out.
            let layers = measured.iter().map(|(_, layer)| layer.inner.cosine.interval.mean);
            row.iter_mut().zip(layers).for_each(|(to, value)| *to = value);
        }
        let epochs: Vec<usize> = trained.checkpoints.iter().map(|(epoch, _)| *epoch).collect();
        Ok(Course { epochs: Vector::of_counts(&epochs), inner_cosine: Saved(inner_cosine) })
    }

    /// The last hidden layer at the first epoch measured, and at the last of those that count.
    fn first_and_last(&self, counts: impl Fn(usize) -> bool) -> [f64; 2] {
        let last_hidden = self.inner_cosine.index_axis(Axis(1), self.inner_cosine.ncols() - 1);
        let n_counted = self.epochs.counts().into_iter().take_while(|&epoch| counts(epoch)).count().max(1);
        [last_hidden[0], last_hidden[n_counted - 1]]
    }
}

/// A line per layer: the mean over seeds with its 95 % interval, at the epochs that every seed came to.
fn panel(name: &str, courses: &[Course]) -> Panel {
    let mut panel = Panel {
        title: name.into(),
        x_label: "log₂(epoch + 1)".into(),
        y_label: "inner-class 1 − cos".into(),
        ..Panel::default()
    };
    let Some(first) = courses.first() else { return panel };
    let n_epochs = courses.iter().map(|course| course.epochs.len()).min().unwrap_or(0);
    let is_common = |&e: &usize| courses.iter().all(|course| course.epochs[e] == first.epochs[e]);
    for layer in 0..first.inner_cosine.ncols() {
        let point = |e: usize| {
            let per_seed: Vec<f64> = courses.iter().map(|course| course.inner_cosine[[e, layer]]).collect();
            let Interval { mean, lo, hi, .. } = Interval::of_mean(&per_seed);
            // Epochs on a logarithmic axis; the initial weights stand at its beginning.
            ((first.epochs[e] + 1.0).log2(), mean, lo, hi)
        };
        let name = if layer == 0 { "input".to_string() } else { format!("layer {layer}") };
        panel.add_line(&name, (0..n_epochs).filter(is_common).map(point).collect::<Vec<_>>());
    }
    panel
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_last_hidden_layer_is_read_at_the_last_epoch_that_counts() {
        let inner_cosine = Saved(array![[0.0, 0.5], [0.0, 0.4], [0.0, 0.7]]);
        let course = Course { epochs: Vector::of_counts(&[0, 1, 8]), inner_cosine };
        assert_eq!(course.first_and_last(|epoch| epoch <= 5), [0.5, 0.4]);
        assert_eq!(course.first_and_last(|_| true), [0.5, 0.7]);
        assert_eq!(course.first_and_last(|_| false), [0.5, 0.5]);
    }

    #[test]
    fn courses_are_averaged_over_the_epochs_that_every_seed_came_to() {
        let course = |epochs: &[usize], values: Array2<f64>| Course {
            epochs: Vector::of_counts(epochs),
            inner_cosine: Saved(values),
        };
        let courses =
            [course(&[0, 1, 2], array![[0.5], [0.4], [0.3]]), course(&[0, 1], array![[0.7], [0.2]])];
        let points = &panel("learning", &courses).series[0].points;
        assert_eq!(points.iter().map(|p| p.0).collect::<Vec<_>>(), [0.0, 1.0]);
        assert!((points[0].1 - 0.6).abs() < 1e-12 && (points[1].1 - 0.3).abs() < 1e-12);
    }
}
