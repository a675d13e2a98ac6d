//! MLPs of one to four layers (thesis sec. 3.3): tables 3.2 and 3.3, figures 3.9 and 3.10.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use vitrine_analysis::detectors::GaussianDerivative;
use vitrine_analysis::errors::absolute_errors;
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::{About, Agreement, Gallery, Recipe, Study, Table, Vector};
use vitrine_model::{EpochRecord, Stop, TrainSettings};

use super::histograms::ErrorCounts;
use super::milestones::{Largest, Milestones};
use super::mlp_agreements;
use crate::thesis::detector::is_signal_processing;
use crate::thesis::networks::{MLPS, spec, specs, validation_minimum};
use crate::thesis::rows::{BLOCK, Compared, Comparison, ErrorsBySeed, compare};
use crate::thesis::{Context, Plan};

pub struct Mlps;

static ABOUT: About = About {
    id: "3.3-mlp",
    title: "MLPs of one to four layers: errors, training session, histogram",
    figures: &["3.9", "3.10"],
    tables: &["3.2", "3.3"],
    claims: &[],
};

/// The network whose training and errors are shown.
const SHOWN: &str = MLPS[1];

/// Errors of the MLPs, and one of them from its first epoch to its last.
#[derive(Serialize, Deserialize)]
pub struct Found {
    comparison: Comparison,
    /// Errors by detector and seed.
    by_seed: ErrorsBySeed,
    /// Of the first seed.
    errors: ErrorCounts,
    /// By seed.
    largest: Vec<Largest>,
    /// Of the first seed.
    session: Session,
    /// By seed.
    milestones: Vec<Milestones>,
}

/// A training session, epoch by epoch.
#[derive(Serialize, Deserialize)]
struct Session {
    training_loss: Vector,
    training_error: Vector,
    validation_loss: Vector,
    validation_error: Vector,
    /// The epoch of the smallest validation loss, from 1.
    validation_minimum_epoch: Option<usize>,
}

impl Study for Mlps {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        let mut recipes = cx.plan.recipes(&specs(&MLPS));
        recipes.extend(cx.plan.seeds.iter().map(|&seed| session(&cx.plan, seed)));
        recipes
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let (mut errors, mut shown_session) = (None, None);
        let (mut largest, mut milestones) = (Vec::new(), Vec::new());
        for &seed in &cx.plan.seeds {
            let signals = cx.evaluation(seed);
            let shown = cx.network(&spec(SHOWN), seed)?;
            let estimates = cx.estimates(&shown.network, &signals.dataset);
            let by_filter = GaussianDerivative::default().detect(signals.dataset.rows());
            let largest_of = |estimates: &[usize]| {
                let n = BLOCK.min(estimates.len());
                absolute_errors(&estimates[..n], &signals.jumps[..n]).into_iter().max().unwrap_or(0)
            };
            largest
                .push(Largest { network: largest_of(&estimates), signal_processing: largest_of(&by_filter) });
            errors.get_or_insert_with(|| ErrorCounts::of(&estimates, &signals.jumps));
            let trained = cx.zoo.obtain_one(&session(&cx.plan, seed))?;
            milestones.push(Milestones::of(&trained.history));
            shown_session.get_or_insert_with(|| Session::of(&trained.history));
        }
        let Compared { comparison, by_seed } = compare(cx, &specs(&MLPS))?;
        Ok(Found {
            comparison,
            by_seed,
            errors: errors.context("a plan has at least one seed")?,
            largest,
            session: shown_session.context("a plan has at least one seed")?,
            milestones,
        })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let Found { by_seed, largest, milestones, .. } = found;
        vec![
            mlp_agreements::session(milestones),
            mlp_agreements::largest_error(largest),
            mlp_agreements::better_than_signal_processing(by_seed, SHOWN),
            mlp_agreements::by_depth(by_seed),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let Session { training_loss, training_error, validation_loss, validation_error, .. } = &found.session;
        let minimum = found.session.validation_minimum_epoch;
        let panel = |y_label: &str, training: &Vector, validation: &Vector| Panel {
            x_label: "epoch".into(),
            y_label: y_label.into(),
            series: vec![
                Series::counted("training", training.iter()),
                Series::counted("validation", validation.iter()),
            ],
            mark: minimum.map(|epoch| (epoch as f64, format!("epoch {epoch}"))),
            ..Panel::default()
        };
        let panels = vec![
            panel("cross-entropy (nats)", training_loss, validation_loss),
            panel("share classified wrong", training_error, validation_error),
        ];
        gallery.add("3.9", Picture { width: 640, height: 280 }, &LineChart { panels })?;
        found.errors.draw("3.10", gallery)
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let is_shown = |detector: &str| is_signal_processing(detector) || detector == SHOWN;
        vec![("3.2".into(), found.comparison.table_of(is_shown)), ("3.3".into(), found.comparison.table())]
    }
}

/// The training session of figure 3.9 runs on after the validation minimum, to its last epoch.
fn session(plan: &Plan, seed: u64) -> Recipe {
    let training = TrainSettings { stop: Stop::MaxEpochs, ..plan.settings.training.clone() };
    plan.recipe_with(&spec(SHOWN), seed, training)
}

impl Session {
    fn of(history: &[EpochRecord]) -> Session {
        let every = |value: fn(&EpochRecord) -> f64| history.iter().map(value).collect();
        Session {
            training_loss: every(|r| r.train_loss),
            training_error: every(|r| r.train_error),
            validation_loss: every(|r| r.validation_loss.unwrap_or(f64::NAN)),
            validation_error: every(|r| r.validation_error.unwrap_or(f64::NAN)),
            validation_minimum_epoch: validation_minimum(history),
        }
    }
}
