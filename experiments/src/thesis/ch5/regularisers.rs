//! Made inputs with each regulariser of chapter 2 (thesis eq. 2.8), the one-dimensional form of figure 2.8.

use serde::{Deserialize, Serialize};
use vitrine_explain::ascent::{Ascent, Ending, Regulariser};
use vitrine_figures::{Picture, SignalPanels};
use vitrine_lab::{About, Gallery, Recipe, Study, Table, Vector};
use vitrine_model::Network;

use super::made::make;
use super::made_summary::MadeSummary;
use super::over_seeds::cell;
use super::shown::{made_panel, n_layers};
use crate::thesis::Context;
use crate::thesis::networks::{MLPS, specs};

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

/// Made inputs by regulariser, of the networks of the first seed.
#[derive(Serialize, Deserialize)]
pub struct Found {
    /// The jump whose inputs are shown.
    jump: usize,
    regularised: Vec<Regularised>,
}

/// Inputs made with one choice of regularisers.
#[derive(Serialize, Deserialize)]
struct Regularised {
    name: String,
    regularisers: Vec<Regulariser>,
    /// Of one layer, of two, …
    mlps: Vec<MadeByMlp>,
}

/// Inputs of one MLP: one of them, and all in numbers.
#[derive(Serialize, Deserialize)]
struct MadeByMlp {
    input: Vector,
    outcome: Ending,
    summary: MadeSummary,
}

/// Choices of regularisers by name, as strong as lets most inputs of the shallow networks reach the target; a blur that
/// can be seen never does, since it flattens the jump too.
fn choices() -> [(&'static str, Vec<Regulariser>); 7] {
    let decay = Regulariser::Decay { share: 0.002 };
    let blur = Regulariser::Blur { tau: 0.5, every: 10 };
    let norm = Regulariser::ClipNorm { share: 0.5 };
    let contribution = Regulariser::ClipContribution { share: 0.5 };
    let variation = Regulariser::TotalVariation { weight: 0.002 };
    [
        ("none", vec![]),
        ("decay", vec![decay]),
        ("blur", vec![blur]),
        ("small norm", vec![norm]),
        ("contribution", vec![contribution]),
        ("variation", vec![variation]),
        ("decay + blur", vec![decay, blur]),
    ]
}

impl Study for Regularisers {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes_of_first_seed(&specs(&MLPS))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let signals = &cx.plan.settings.signals;
        let jump = JUMP.clamp(signals.first_jump, signals.last_jump);
        let networks = specs(&MLPS).into_iter().map(|spec| cx.network(&spec, cx.plan.first_seed()));
        let networks = networks.collect::<anyhow::Result<Vec<_>>>()?;
        let mut regularised = Vec::new();
        for (name, regularisers) in choices() {
            let ascent = Ascent { regularisers: regularisers.clone(), ..cx.plan.settings.ascent.clone() };
            let made = networks.iter().map(|trained| made_by_mlp(cx, &trained.network, &ascent, jump));
            let mlps = made.collect::<anyhow::Result<_>>()?;
            regularised.push(Regularised { name: name.into(), regularisers, mlps });
        }
        Ok(Found { jump, regularised })
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let mut panels = Vec::new();
        for Regularised { name, mlps, .. } in &found.regularised {
            for (made, depth) in mlps.iter().zip((1..).map(n_layers)) {
                let what = format!("{depth}, {name}");
                panels.push(made_panel(&what, made.input.view(), made.outcome, found.jump));
            }
        }
        let picture = Picture { width: 1_080, height: 1_180 };
        gallery.add("2.8", picture, &SignalPanels { panels, n_columns: MLPS.len() })
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
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
        for Regularised { name, mlps, .. } in &found.regularised {
            for (MadeByMlp { summary, .. }, depth) in mlps.iter().zip(1..) {
                table.row([
                    name.clone(),
                    depth.to_string(),
                    cell(Some(summary.converged), 3),
                    cell(summary.probability, 4),
                    cell(summary.at_jump, 3),
                    cell(summary.second_ratio, 2),
                    cell(summary.energy_outside, 2),
                    cell(summary.median_steps, 0),
                ]);
            }
        }
        vec![("-regularisers".into(), table)]
    }
}

/// Makes inputs of every class, and keeps the first of the class that jumps at `jump`.
fn made_by_mlp(cx: &Context, network: &Network, ascent: &Ascent, jump: usize) -> anyhow::Result<MadeByMlp> {
    let settings = &cx.plan.settings;
    let signals = &settings.signals;
    let classes: Vec<usize> = (0..signals.n_classes()).collect();
    let n_starts = N_STARTS.min(settings.n_starts);
    let made = make(cx, network, cx.plan.first_seed(), &classes, n_starts, ascent)?;
    let row = (jump - signals.first_jump) * n_starts;
    Ok(MadeByMlp {
        input: Vector::of(made.ascended.inputs.row(row)),
        outcome: made.ascended.endings[row],
        summary: MadeSummary::of_finite(&made, signals),
    })
}
