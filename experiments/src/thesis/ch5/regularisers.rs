//! Made inputs with each regulariser of chapter 2 (thesis eq. 2.8): what figure 2.8 asks of images, asked of signals.

use std::sync::Arc;

use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};
use vitrine_analysis::first_difference::von_neumann_ratio;
use vitrine_analysis::statistics::mean;
use vitrine_explain::ascent::{Ascent, Ending, Regulariser};
use vitrine_figures::{Picture, SignalPanels};
use vitrine_lab::numbers::span;
use vitrine_lab::{About, Agreement, Gallery, Recipe, Study, Table, TrainedNetwork, Vector, agreement};
use vitrine_model::Network;

use super::made::make;
use super::made_summary::MadeSummary;
use super::over_seeds::{cell, signed};
use super::shown::{made_panel, n_layers};
use crate::thesis::Context;
use crate::thesis::networks::{MLPS, specs};

pub struct Regularisers;

static ABOUT: About = About {
    id: "5.1-regularisers",
    title: "Made inputs of the MLPs with each regulariser of chapter 2",
    figures: &["5.1-regularisers"],
    tables: &[],
    claims: &[],
};

/// The jump whose inputs are shown.
const JUMP: usize = 40;
/// Starts of each class: with regularisers few rows reach the target, so that most take long.
const N_STARTS: usize = 5;
/// A regulariser brings out a frequency where it moves the inputs' von Neumann ratio by this share of it.
const CHANGES: f64 = 0.2;

/// Made inputs by regulariser.
#[derive(Serialize, Deserialize)]
pub struct Found {
    jump: usize,
    regularised: Vec<Regularised>,
}

/// Inputs made with one choice of regularisers.
#[derive(Serialize, Deserialize)]
struct Regularised {
    name: String,
    regularisers: Vec<Regulariser>,
    /// Of one layer, of two, …, of the first seed.
    mlps: Vec<MadeByMlp>,
    /// By seed, the mean von Neumann ratio of the inputs made for the jump shown, over all MLPs and starts: low where
    /// low frequencies prevail, 2 of white noise, up to 4.
    roughness: Vec<f64>,
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
        cx.plan.recipes(&specs(&MLPS))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let signals = &cx.plan.settings.signals;
        let jump = JUMP.clamp(signals.first_jump, signals.last_jump);
        let networks = specs(&MLPS).into_iter().map(|spec| cx.networks(&spec));
        let networks = networks.collect::<anyhow::Result<Vec<_>>>()?;
        let mut regularised = Vec::new();
        for (name, regularisers) in choices() {
            let ascent = Ascent { regularisers: regularisers.clone(), ..cx.plan.settings.ascent.clone() };
            let made = networks.iter().map(|of_seeds| made_by_mlp(cx, &of_seeds[0].network, &ascent, jump));
            let mlps = made.collect::<anyhow::Result<_>>()?;
            let of_seed = |(nth, &seed): (usize, &u64)| {
                cx.zoo.stop().check()?;
                let of_mlp = |of_seeds: &Vec<Arc<TrainedNetwork>>| {
                    roughness(cx, &of_seeds[nth].network, seed, &ascent, jump - signals.first_jump)
                };
                Ok(mean(&networks.iter().map(of_mlp).collect::<anyhow::Result<Vec<f64>>>()?))
            };
            let roughness = cx.plan.seeds.iter().enumerate().map(of_seed).collect::<anyhow::Result<_>>()?;
            regularised.push(Regularised { name: name.into(), regularisers, mlps, roughness });
        }
        Ok(Found { jump, regularised })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let Some((without, with)) = found.regularised.split_first() else { return Vec::new() };
        let n_seeds = without.roughness.len();
        let change =
            |choice: &Regularised, seed: usize| choice.roughness[seed] / without.roughness[seed] - 1.0;
        let some = |changes: fn(f64) -> bool| -> Vec<bool> {
            (0..n_seeds).map(|seed| with.iter().any(|choice| changes(change(choice, seed)))).collect()
        };
        let by_name = |choice: &Regularised| {
            let changes: Vec<f64> = (0..n_seeds).map(|seed| 100.0 * change(choice, seed)).collect();
            format!("{} {} %", choice.name, signed(&changes))
        };
        let changes = with.iter().map(by_name).collect::<Vec<_>>().join(", ");
        let most = with.iter().flat_map(|choice| (0..n_seeds).map(move |seed| change(choice, seed)));
        let most = signed(&[100.0 * most.fold(f64::NEG_INFINITY, f64::max)]);
        let reached = |(name, of): (&str, &Regularised)| {
            let shares = of.mlps.iter().map(|made| made.summary.converged).collect::<Vec<_>>();
            format!("{name} {:.0} %", 100.0 * mean(&shares))
        };
        let names = std::iter::once("without any").chain(with.iter().map(|choice| choice.name.as_str()));
        let reached = names.zip(&found.regularised).map(reached).collect::<Vec<_>>().join(", ");
        let rough = span(&without.roughness, 2);
        vec![
            agreement(ABOUT.figures[0])
                .so(
                    "some choice brings out low frequencies: it lowers the von Neumann ratio of the inputs (mean \
                     squared step over variance: low is smooth, 2 is white noise) by a fifth or more",
                    &some(|change| change <= -CHANGES),
                    format!("{rough} without any; change: {changes}; reached the target (first seed): {reached}"),
                )
                .so(
                    "some choice brings out high ones: it raises it by a fifth or more",
                    &some(|change| CHANGES <= change),
                    format!("{most} % at most"),
                )
                .because(&format!("inputs are rough without any ({rough}), and the most that one adds is {most} %")),
        ]
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
        gallery.add(ABOUT.figures[0], picture, &SignalPanels { panels, n_columns: MLPS.len() })
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

/// Mean von Neumann ratio of the inputs that a network makes for a class, whether they reached the target or not.
fn roughness(
    cx: &Context,
    network: &Network,
    seed: u64,
    ascent: &Ascent,
    class: usize,
) -> anyhow::Result<f64> {
    let made = make(cx, network, seed, &[class], N_STARTS, ascent)?.ascended;
    let ratio = |input: ArrayView1<f32>| von_neumann_ratio(input.mapv(f64::from).view());
    Ok(mean(&made.inputs.rows().into_iter().map(ratio).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::*;

    #[test]
    fn choices_agree_where_one_smooths_and_another_roughens_by_a_fifth() {
        let stands = |roughness: [f64; 3]| {
            let of = |roughness: f64| Regularised {
                name: "decay".into(),
                regularisers: Vec::new(),
                mlps: Vec::new(),
                roughness: vec![roughness],
            };
            let found = Found { jump: JUMP, regularised: roughness.map(of).into() };
            Regularisers.agreements(&found)[0].stands()
        };
        assert_eq!(stands([1.0, 0.75, 1.25]), Stands::Agrees);
        assert_eq!(stands([1.0, 0.75, 1.1]), Stands::Partly);
        assert_eq!(stands([1.0, 0.9, 1.1]), Stands::Differs);
    }
}
