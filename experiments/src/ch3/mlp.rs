//! MLPs of one to four layers (thesis sec. 3.3): tables 3.2 and 3.3, figures 3.9 and 3.10.

use ndarray::Array1;
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_model::{EpochRecord, Stop, TrainSettings};

use super::{MLPS, histograms, specs};
use crate::context::{Context, Plan};
use crate::detector::SIGNAL_PROCESSING;
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::rows;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct Mlps;

static ABOUT: About = About {
    id: "3.3-mlp",
    title: "MLPs of one to four layers: errors, training session, histogram",
    figures: &["3.9", "3.10"],
    tables: &["3.2", "3.3"],
    claims: &[],
};

/// The network whose training and errors are shown.
const SHOWN: &str = "mlp:100-100-60";

impl Section for Mlps {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        let mut recipes = plan.recipes(&specs(&MLPS));
        recipes.push(session(plan));
        recipes
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let comparison = rows::compare(cx, &specs(&MLPS))?;
        (findings.rows, findings.timings) = (comparison.rows, comparison.seconds);
        let signals = cx.evaluation(cx.plan.seeds[0]);
        let shown = &cx.networks(&specs(&[SHOWN])[0])?[0];
        let labels = shown.network.predict(signals.dataset.inputs.view());
        let estimates: Vec<usize> = labels.iter().map(|&l| cx.plan.settings.signals.jump_of(l)).collect();
        histograms::keep(&mut findings, &estimates, &signals.jumps)?;
        keep_session(&mut findings, &cx.zoo.obtain(&[session(&cx.plan)])?[0].history)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let minimum: f64 = findings.get("validation_minimum_epoch")?;
        let panel = |quantity: &str, y_label: &str| {
            let series = |set: &str| {
                let values = findings.vector(&format!("{set}_{quantity}"))?;
                let points = values.iter().enumerate().map(|(e, &v)| ((e + 1) as f64, v)).collect();
                anyhow::Ok(Series { name: set.to_string(), points })
            };
            anyhow::Ok(Panel {
                x_label: "epoch".into(),
                y_label: y_label.into(),
                series: vec![series("training")?, series("validation")?],
                mark: Some((minimum, format!("epoch {minimum}"))),
                ..Panel::default()
            })
        };
        let panels = vec![panel("loss", "cross-entropy (nats)")?, panel("error", "share classified wrong")?];
        gallery.add("3.9", Picture { width: 640, height: 280 }, &LineChart { panels })?;
        histograms::draw(findings, "3.10", gallery)
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let two: Vec<_> = findings
            .rows
            .iter()
            .filter(|r| r.detector == SIGNAL_PROCESSING || r.detector == SHOWN)
            .cloned()
            .collect();
        vec![
            ("3.2".into(), rows::table(&two, &findings.timings)),
            ("3.3".into(), rows::table(&findings.rows, &findings.timings)),
        ]
    }
}

/// The training session of figure 3.9 runs on after the validation minimum, to its last epoch.
fn session(plan: &Plan) -> Recipe {
    let training = TrainSettings { stop: Stop::MaxEpochs, ..plan.settings.training.clone() };
    plan.recipe_with(&specs(&[SHOWN])[0], plan.seeds[0], training)
}

fn keep_session(findings: &mut Findings, history: &[EpochRecord]) -> anyhow::Result<()> {
    let mut keep = |name: &str, value: fn(&EpochRecord) -> f64| {
        findings.array(name, Array1::from_iter(history.iter().map(value)).view());
    };
    keep("training_loss", |r| r.train_loss);
    keep("training_error", |r| r.train_error);
    keep("validation_loss", |r| r.validation_loss.unwrap_or(f64::NAN));
    keep("validation_error", |r| r.validation_error.unwrap_or(f64::NAN));
    let loss = |r: &&EpochRecord| r.validation_loss.unwrap_or(f64::INFINITY);
    let minimum = history.iter().min_by(|a, b| loss(a).total_cmp(&loss(b))).map(|r| r.epoch);
    findings.value("validation_minimum_epoch", minimum)?;
    findings
        .value("training_error_zero_epoch", history.iter().find(|r| r.train_error == 0.0).map(|r| r.epoch))
}
