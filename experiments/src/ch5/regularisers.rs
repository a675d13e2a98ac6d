//! Made inputs with each regulariser of chapter 2 (thesis eq. 2.8), the one-dimensional form of figure 2.8.

use vitrine_figures::{Picture, SignalPanel, SignalPanels};
use vitrine_model::ascent::{Ascent, Outcome, Regulariser};

use super::made::{Summary, cell, in_words, layers, make};
use crate::ch3::{MLPS, specs};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct Regularisers;

static ABOUT: About = About {
    id: "5.1-regularisers",
    title: "Made inputs of the MLPs with each regulariser of chapter 2",
    figures: &["2.8"],
    tables: &[],
    claims: &[],
};

/// The jump whose inputs are shown.
const JUMP: usize = 40;
/// Starts of each class: with regularisers few rows reach the target, so that most take long.
const N_STARTS: usize = 5;

/// Regularisers by name, as strong as lets most inputs of the shallow networks reach the target; a blur that can be seen
/// never does, since it flattens the jump too.
fn settings() -> Vec<(&'static str, Vec<Regulariser>)> {
    let decay = Regulariser::Decay { share: 0.002 };
    let blur = Regulariser::Blur { tau: 0.5, every: 10 };
    let norm = Regulariser::ClipNorm { share: 0.5 };
    let contribution = Regulariser::ClipContribution { share: 0.5 };
    let variation = Regulariser::TotalVariation { weight: 0.002 };
    vec![
        ("none", vec![]),
        ("decay", vec![decay]),
        ("blur", vec![blur]),
        ("small norm", vec![norm]),
        ("contribution", vec![contribution]),
        ("variation", vec![variation]),
        ("decay + blur", vec![decay, blur]),
    ]
}

impl Section for Regularisers {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        specs(&MLPS).iter().map(|spec| plan.recipe(spec, plan.seeds[0])).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let (plan, seed) = (&cx.plan.settings, cx.plan.seeds[0]);
        let classes: Vec<usize> = (0..plan.signals.n_classes()).collect();
        let n_starts = N_STARTS.min(plan.n_starts);
        let shown = JUMP.clamp(plan.signals.first_jump, plan.signals.last_jump);
        for (spec, depth) in specs(&MLPS).iter().zip(1..) {
            let network = &cx.zoo.obtain(&[cx.plan.recipe(spec, seed)])?[0].network;
            for (number, (name, regularisers)) in settings().into_iter().enumerate() {
                let ascent = Ascent { regularisers, ..plan.ascent.clone() };
                let made = make(network, seed, &classes, n_starts, &ascent)?;
                let row = (shown - plan.signals.first_jump) * n_starts;
                findings.array(&format!("input_{depth}_{number}"), made.ascended.inputs.row(row));
                findings.value(&format!("outcome {depth} {name}"), made.ascended.outcomes[row])?;
                let is_number = |outcome: &Outcome| !matches!(outcome, Outcome::Diverged { .. });
                let summary = Summary::of_rows(&made, &plan.signals, is_number);
                findings.value(&format!("summary {depth} {name}"), summary)?;
            }
        }
        findings.value("jump", shown)?;
        findings.value("regularisers", settings())?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let mut panels = Vec::new();
        let jump: usize = findings.get("jump")?;
        for (number, (name, _)) in settings().into_iter().enumerate() {
            for depth in 1..=MLPS.len() {
                let outcome: Outcome = findings.get(&format!("outcome {depth} {name}"))?;
                panels.push(SignalPanel {
                    title: format!("{}, {name}: {}", layers(depth), in_words(outcome)),
                    y_label: "input x[i]",
                    signal: findings.vector(&format!("input_{depth}_{number}"))?.to_vec(),
                    jump: Some(jump),
                    ..SignalPanel::default()
                });
            }
        }
        let picture = Picture { width: 1_080, height: 1_180 };
        gallery.add("2.8", picture, &SignalPanels { panels, n_columns: MLPS.len() })
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut table = Table::new([
            "regulariser",
            "layers",
            "reached",
            "mean p",
            "at jump",
            "2nd / largest",
            "energy outside",
            "steps",
        ]);
        for (name, _) in settings() {
            for depth in 1..=MLPS.len() {
                let Ok(s) = findings.get::<Summary>(&format!("summary {depth} {name}")) else { continue };
                table.row([
                    name.to_string(),
                    depth.to_string(),
                    cell(Some(s.converged), 3),
                    cell(s.probability, 4),
                    cell(s.at_jump, 3),
                    cell(s.second_ratio, 2),
                    cell(s.energy_outside, 2),
                    cell(s.median_steps, 0),
                ]);
            }
        }
        vec![("-regularisers".into(), table)]
    }
}
