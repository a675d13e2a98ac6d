//! A network trained to memorise shuffled labels beside one that learns (thesis sec. 6.2): figures 6.1 and 6.2, claim C11.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::{
    About, Agreement, Claim, Gallery, Recipe, Study, Table, TrainedNetwork, Vector, agreement, diagram,
};
use vitrine_model::EpochRecord;

use super::fitting::{MEMORISED, NARROW, SHUFFLED, TRUE_LABELS, corrupted, fit_all, last_accuracy};
use super::pair::{Pair, all_recipes, recipes, shown};
use crate::thesis::layers::{LayerWeights, weight_maps, weights};
use crate::thesis::networks::spec;
use crate::thesis::paper::registered;
use crate::thesis::{Context, Plan};

pub struct Memorising;

static ABOUT: About = About {
    id: "6.2-memorising",
    title: "Training on shuffled labels until they are memorised: learning curves, epochs, weights and biases",
    figures: &["6.1", "6.2"],
    tables: &[],
    claims: &["C11"],
};

/// How both networks were trained.
#[derive(Serialize, Deserialize)]
pub struct Found {
    /// Of the first seed.
    curves: Pair<Curves>,
    /// Of the network trained on shuffled labels, of the first seed.
    weights: Vec<LayerWeights>,
    /// Of every seed.
    sessions: Pair<Vec<Session>>,
    /// Trained to fit the true labels, with the settings of the memorising network.
    true_labels: Vec<Session>,
    /// Half as many units, trained to fit the shuffled labels.
    narrow: Vec<Session>,
}

/// The training set, epoch by epoch.
#[derive(Serialize, Deserialize)]
struct Curves {
    training_loss: Vector,
    training_error: Vector,
}

/// How a training ended.
#[derive(Serialize, Deserialize)]
struct Session {
    seed: u64,
    epochs: usize,
    /// The epoch whose weights were kept.
    best_epoch: usize,
    training_accuracy: Option<f64>,
}

impl Study for Memorising {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        all_recipes(&cx.plan).into_iter().chain(true_labels(&cx.plan)).chain(narrow(&cx.plan)).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let mut first = None;
        let mut sessions: Pair<Vec<Session>> = Pair::default();
        for &seed in &cx.plan.seeds {
            let Pair { learning, memorising } = recipes(&cx.plan, seed).obtain(&cx.zoo)?;
            sessions.learning.push(Session::of(&learning));
            sessions.memorising.push(Session::of(&memorising));
            first.get_or_insert(Pair { learning, memorising });
        }
        let Pair { learning, memorising } = first.context("a plan has at least one seed")?;
        let all = |recipes: Vec<Recipe>| -> anyhow::Result<Vec<Session>> {
            Ok(cx.zoo.obtain(&recipes)?.iter().map(|trained| Session::of(trained)).collect())
        };
        Ok(Found {
            curves: Pair {
                learning: Curves::of(&learning.history),
                memorising: Curves::of(&memorising.history),
            },
            weights: weights(&memorising.network),
            sessions,
            true_labels: all(true_labels(&cx.plan))?,
            narrow: all(narrow(&cx.plan))?,
        })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let shuffled = &found.sessions.memorising;
        let fits: Vec<f64> = shuffled.iter().map(|s| if s.fits() { 1.0 } else { 0.0 }).collect();
        let over = |slow: &[Session], fast: &[Session]| -> Vec<f64> {
            slow.iter().zip(fast).map(|(slow, fast)| log_ratio(slow, fast)).collect()
        };
        vec![
            registered("C11.fits").over(&fits),
            registered("C11.epochs").over(&over(shuffled, &found.true_labels)),
            registered("C11.width").over(&over(&found.narrow, shuffled)),
        ]
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let Pair { learning, memorising } = &found.sessions;
        vec![training(learning, &found.true_labels, memorising)]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        diagram::draw(gallery, "6.1", &shown())?;
        let fitted = fitted(&found.sessions.memorising);
        let panel = |y_label: &str, quantity: fn(&Curves) -> &Vector| Panel {
            title: "training set".into(),
            x_label: "epoch".into(),
            y_label: y_label.into(),
            series: found
                .curves
                .named(&fitted[..1])
                .map(|(name, curves)| Series::counted(&name, quantity(curves).iter()))
                .into(),
            ..Panel::default()
        };
        let panels = vec![
            panel("cross-entropy (nats)", |c| &c.training_loss),
            panel("share classified wrong", |c| &c.training_error),
        ];
        gallery.add("6.1-curves", Picture { width: 640, height: 280 }, &LineChart { panels })?;
        gallery.add_raster("6.2", Picture { width: 720, height: 1_300 }, &weight_maps(&found.weights))
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new(["network", "seed", "epochs", "weights of epoch", "training accuracy"]);
        let mut rows = |name: &str, sessions: &[Session], accuracy: fn(f64) -> String| {
            for session in sessions {
                table.row([
                    name.to_string(),
                    session.seed.to_string(),
                    session.epochs.to_string(),
                    session.best_epoch.to_string(),
                    session.training_accuracy.map_or("–".into(), accuracy),
                ]);
            }
        };
        rows("learning", &found.sessions.learning, |accuracy| format!("{accuracy:.4}"));
        let fitted = |accuracy: f64| {
            let reached = if MEMORISED <= accuracy { " (fitted)" } else { " (stopped before)" };
            format!("{accuracy:.4}{reached}")
        };
        rows("shuffled labels", &found.sessions.memorising, fitted);
        rows("the same, true labels", &found.true_labels, fitted);
        rows("shuffled labels, 3 × 50 units", &found.narrow, fitted);
        vec![("-memorising".into(), table)]
    }
}

/// The memorising network trained until it fits the true labels.
fn true_labels(plan: &Plan) -> Vec<Recipe> {
    plan.seeds.iter().map(|&seed| corrupted(plan, &shown(), seed, TRUE_LABELS, fit_all(plan))).collect()
}

/// A narrower network trained until it fits the shuffled labels.
fn narrow(plan: &Plan) -> Vec<Recipe> {
    plan.seeds.iter().map(|&seed| corrupted(plan, &spec(NARROW), seed, SHUFFLED, fit_all(plan))).collect()
}

/// log₂ of the epochs that fitting took, slow over fast. A slow training that did not get there counts with the epochs that
/// it was given, so the ratio is larger in truth; without a fast one that did there is no number.
fn log_ratio(slow: &Session, fast: &Session) -> f64 {
    if fast.fits() { (slow.epochs as f64 / fast.epochs as f64).log2() } else { f64::NAN }
}

/// Shares of the shuffled labels that networks fit; NaN before the first epoch.
fn fitted(sessions: &[Session]) -> Vec<f64> {
    sessions.iter().map(|session| session.training_accuracy.unwrap_or(f64::NAN)).collect()
}

/// What the thesis says of the training on shuffled labels, beside that on true ones: of the network that learns, and
/// of one that is to fit them as far.
fn training(learning: &[Session], true_labels: &[Session], shuffled: &[Session]) -> Agreement {
    let words = |values: Vec<String>| values.join(", ");
    let epochs = |sessions: &[Session]| words(sessions.iter().map(|s| s.epochs.to_string()).collect());
    let is_twice = |(own, other): (&Session, &Session)| 2 * other.epochs <= own.epochs;
    let is_slower = |(own, other): (&Session, &Session)| 2 * other.best_epoch <= own.epochs;
    let all_fitted = fitted(shuffled);
    agreement("6.1-curves")
        .so(
            &format!("all shuffled labels are fitted: training accuracy {MEMORISED} and more"),
            &all_fitted.iter().map(|&share| MEMORISED <= share).collect::<Vec<_>>(),
            words(all_fitted.iter().map(|share| format!("{share:.4}")).collect()),
        )
        .so(
            "training on them is slow: twice the epochs that the same network takes to fit the true labels as far, and more",
            &shuffled.iter().zip(true_labels).map(is_twice).collect::<Vec<_>>(),
            format!("{} against {}", epochs(shuffled), epochs(true_labels)),
        )
        .so(
            "and twice those that learning takes to its validation minimum, where it ends, and more",
            &shuffled.iter().zip(learning).map(is_slower).collect::<Vec<_>>(),
            format!("against {}", words(learning.iter().map(|s| s.best_epoch.to_string()).collect())),
        )
}

impl Curves {
    fn of(history: &[EpochRecord]) -> Curves {
        Curves {
            training_loss: history.iter().map(|r| r.train_loss).collect(),
            training_error: history.iter().map(|r| r.train_error).collect(),
        }
    }
}

impl Session {
    fn of(trained: &TrainedNetwork) -> Session {
        Session {
            seed: trained.recipe.seed,
            epochs: trained.history.len(),
            best_epoch: trained.best_epoch,
            training_accuracy: last_accuracy(&trained.history),
        }
    }

    /// Whether it got to the share of the training labels that counts as fitted.
    fn fits(&self) -> bool {
        self.training_accuracy.is_some_and(|accuracy| MEMORISED <= accuracy)
    }
}

#[cfg(test)]
mod tests;
