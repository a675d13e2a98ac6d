//! A network that memorises shuffled labels beside one that learns (thesis sec. 6.2): figures 6.1 and 6.2, claim C11.

use serde_json::json;
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_model::EpochRecord;

use super::{MEMORISED, pair, pair_recipes, shown};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;
use crate::{diagram, layers};

pub struct Memorising;

static ABOUT: About = About {
    id: "6.2-memorising",
    title: "Shuffled labels memorised: learning curves, epochs, weights and biases",
    figures: &["6.1", "6.2"],
    tables: &[],
    claims: &["C11"],
};

/// The two networks, by the names they are kept under.
const NAMES: [&str; 2] = ["learning", "memorising"];

impl Section for Memorising {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        pair_recipes(plan)
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let mut sessions = [Vec::new(), Vec::new()];
        for &seed in &cx.plan.seeds {
            let networks = pair(cx, seed)?;
            if sessions[0].is_empty() {
                for (name, trained) in NAMES.iter().zip(&networks) {
                    keep_curves(&mut findings, name, &trained.history);
                }
                layers::keep_weights(&mut findings, "memorising", &networks[1].network);
            }
            for (sessions, trained) in sessions.iter_mut().zip(&networks) {
                let accuracy = trained.history.last().map(|r| 1.0 - r.train_error);
                sessions.push(json!({
                    "epochs": trained.history.len(),
                    "best_epoch": trained.best_epoch,
                    "training_accuracy": accuracy,
                }));
            }
        }
        for (name, sessions) in NAMES.iter().zip(sessions) {
            findings.value(name, sessions)?;
        }
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let sessions: Vec<serde_json::Value> = findings.get("memorising")?;
        let accuracies: Vec<f64> = sessions.iter().filter_map(|s| s["training_accuracy"].as_f64()).collect();
        Ok(vec![Claim::test(
            "C11",
            "A four-layer MLP fits shuffled labels.",
            "accuracy on the shuffled training labels, above 0.99 (chance: one of the number of classes)",
            &accuracies,
            Side::Above,
            0.99,
        )])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        diagram::draw(gallery, "6.1", &shown())?;
        let panel = |quantity: &str, y_label: &str| {
            let mut panel = Panel {
                title: "training set".into(),
                x_label: "epoch".into(),
                y_label: y_label.into(),
                ..Panel::default()
            };
            for name in NAMES {
                let values = findings.vector(&format!("{name}_{quantity}"))?;
                let points = values.iter().enumerate().map(|(e, &v)| ((e + 1) as f64, v)).collect();
                panel.series.push(Series { name: name.into(), points });
            }
            anyhow::Ok(panel)
        };
        let panels = vec![
            panel("training_loss", "cross-entropy (nats)")?,
            panel("training_error", "share classified wrong")?,
        ];
        gallery.add("6.1-curves", Picture { width: 640, height: 280 }, &LineChart { panels })?;
        let spec = shown();
        let names: Vec<&str> = spec.layers().iter().map(|layer| layer.name.as_str()).collect();
        let maps = layers::weight_maps(findings, "memorising", &names)?;
        gallery.add_raster("6.2", Picture { width: 720, height: 1_300 }, &maps)
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut table = Table::new(["network", "seed", "epochs", "weights of epoch", "training accuracy"]);
        for name in NAMES {
            let sessions: Vec<serde_json::Value> = findings.get(name).unwrap_or_default();
            for (session, seed) in sessions.iter().zip(&findings.seeds) {
                let accuracy = session["training_accuracy"].as_f64().unwrap_or(f64::NAN);
                let reached = if MEMORISED <= accuracy { "" } else { " (stopped before)" };
                table.row([
                    name.to_string(),
                    seed.to_string(),
                    session["epochs"].to_string(),
                    session["best_epoch"].to_string(),
                    format!("{accuracy:.4}{}", if name == NAMES[1] { reached } else { "" }),
                ]);
            }
        }
        vec![("-memorising".into(), table)]
    }
}

fn keep_curves(findings: &mut Findings, name: &str, history: &[EpochRecord]) {
    let mut keep = |quantity: &str, value: fn(&EpochRecord) -> f64| {
        let values = ndarray::Array1::from_iter(history.iter().map(value));
        findings.array(&format!("{name}_{quantity}"), values.view());
    };
    keep("training_loss", |r| r.train_loss);
    keep("training_error", |r| r.train_error);
}
