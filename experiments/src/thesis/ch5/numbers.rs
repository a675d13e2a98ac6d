//! Numbers where the thesis has impressions (sec. 5.3): where made inputs jump, and whether depth blurs them; claim C10.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_explain::ascent::Ascent;
use vitrine_figures::{LineChart, Panel, Picture};
use vitrine_lab::{About, Claim, Gallery, Recipe, Study, Table};
use vitrine_model::Network;

use super::made::{make, of_one_length};
use super::made_summary::MadeSummary;
use super::over_seeds::{by_depth, cell, known_mean, slopes};
use crate::thesis::Context;
use crate::thesis::detector::{BAYES_POSTERIOR, bayes_network};
use crate::thesis::extremes::{over_detectors, smallest};
use crate::thesis::networks::{CNNS, MLPS, of_chapter_3};
use crate::thesis::paper::registered;

pub struct Numbers;

static ABOUT: About = About {
    id: "5.3-numbers",
    title: "Made inputs of every class from many starts: position and sharpness of the jump, against depth",
    figures: &[],
    tables: &[],
    claims: &["C10"],
};

/// Summaries of made inputs, by how the ascent steps.
#[derive(Serialize, Deserialize)]
pub struct Found {
    /// With the thesis' steps, α ∂a/∂x.
    by_gradient: ByNetwork,
    /// With steps of length 0.1, which a flat or saturated softmax does not stop.
    by_length: ByNetwork,
}

/// Summaries by network, one per seed; of the posterior one.
type ByNetwork = BTreeMap<String, Vec<MadeSummary>>;

type Number = fn(&MadeSummary) -> Option<f64>;

/// Columns of the table: what they show, and with how many digits.
const COLUMNS: [(&str, Number, usize); 12] = [
    ("reached", |s| Some(s.converged), 4),
    ("stalled", |s| Some(s.stalled), 4),
    ("used up", |s| Some(s.not_converged), 4),
    ("steps", |s| s.median_steps, 0),
    ("at jump", |s| s.at_jump, 3),
    ("2nd / largest", |s| s.second_ratio, 2),
    ("energy outside", |s| s.energy_outside, 2),
    ("size", |s| s.size, 2),
    ("filter agrees", |s| s.baseline_at_jump, 3),
    ("posterior agrees", |s| s.bayes_at_jump, 3),
    ("posterior p", |s| s.bayes_probability, 3),
    ("posterior at", |s| s.bayes_position, 0),
];

impl Study for Numbers {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&of_chapter_3())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let ascent = &cx.plan.settings.ascent;
        Ok(Found { by_gradient: summarise(cx, ascent)?, by_length: summarise(cx, &of_one_length(ascent))? })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let of = |network: &str, number: Number| -> Vec<f64> {
            found.by_gradient[network].iter().map(|s| number(s).unwrap_or(f64::NAN)).collect()
        };
        let at_jump = |network: &str| of(network, |s| s.at_jump);
        let depths = |number: Number| slopes(&MLPS.map(|network| of(network, number)));
        let of_every = MLPS.into_iter().chain(CNNS).map(at_jump);
        vec![
            registered("C10.position_one_layer").over(&at_jump(MLPS[0])),
            registered("C10.position").over(&over_detectors(of_every, smallest)),
            registered("C10.blur").over(&depths(|s| s.second_ratio)),
            registered("C10.noise").over(&depths(|s| s.energy_outside)),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let panel = |title: &str, y_label: &str, number: Number| {
            let mut panel = Panel {
                title: title.into(),
                x_label: "layers".into(),
                y_label: y_label.into(),
                ..Panel::default()
            };
            for (name, networks) in [("MLP, by layers", &MLPS[..]), ("CNN, by conv layers", &CNNS[..])] {
                let at = |network: &&str| found.by_gradient[*network].iter().filter_map(number).collect();
                panel.add_line(name, by_depth(networks.iter().map(at)));
            }
            panel
        };
        let share = |title: &str, y_label: &str, number: Number| {
            let mut panel = panel(title, y_label, number);
            // An interval around a share near an end reaches beyond it, where no share is.
            for (_, lo, hi) in panel.intervals.iter_mut().flatten() {
                (*lo, *hi) = (lo.clamp(0.0, 1.0), hi.clamp(0.0, 1.0));
            }
            panel
        };
        let steps = panel("steps to the target", "steps", |s| s.median_steps);
        let panels = vec![
            share("largest difference at the jump", "share of converged inputs", |s| s.at_jump),
            share("second / largest difference", "ratio", |s| s.second_ratio),
            share("energy outside ± 10 of the jump", "share of the energy", |s| s.energy_outside),
            Panel { log_y: true, ..steps },
        ];
        gallery.add("5-depth", Picture { width: 1_240, height: 300 }, &LineChart { panels })
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new(["network", "step"].into_iter().chain(COLUMNS.map(|(header, ..)| header)));
        for (step, by_network) in [("α ∂a/∂x", &found.by_gradient), ("length 0.1", &found.by_length)] {
            for name in MLPS.into_iter().chain(CNNS).chain([BAYES_POSTERIOR]) {
                let Some(summaries) = by_network.get(name) else { continue };
                let over_seeds = COLUMNS
                    .map(|(_, number, digits)| cell(known_mean(summaries.iter().filter_map(number)), digits));
                table.row([name.to_string(), step.to_string()].into_iter().chain(over_seeds));
            }
        }
        vec![("-made-inputs".into(), table)]
    }
}

/// Makes inputs of every class with the networks of all seeds, and with the posterior where it is a network.
fn summarise(cx: &Context, ascent: &Ascent) -> anyhow::Result<ByNetwork> {
    let settings = &cx.plan.settings;
    let classes: Vec<usize> = (0..settings.signals.n_classes()).collect();
    let of = |network: &Network, seed: u64| {
        let made = make(cx, network, seed, &classes, settings.n_starts, ascent)?;
        anyhow::Ok(MadeSummary::of(&made, &settings.signals))
    };
    let mut by_network = ByNetwork::new();
    for spec in of_chapter_3() {
        let networks = cx.networks(&spec)?;
        let per_seed = networks.iter().zip(&cx.plan.seeds).map(|(trained, &seed)| of(&trained.network, seed));
        by_network.insert(spec.to_string(), per_seed.collect::<anyhow::Result<_>>()?);
    }
    if let Some(network) = bayes_network(&settings.signals) {
        by_network.insert(BAYES_POSTERIOR.into(), vec![of(&network, cx.plan.first_seed())?]);
    }
    Ok(by_network)
}
