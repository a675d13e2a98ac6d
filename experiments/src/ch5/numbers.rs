//! Numbers where the thesis has impressions (sec. 5.3): where made inputs jump, and whether depth blurs them; claim C10.

use std::collections::BTreeMap;

use vitrine_analysis::statistics::{Interval, mean};
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_model::{Network, NetworkSpec};

use super::made::{Summary, cell, make, of_one_length, slopes};
use crate::ch3::{CNNS, MLPS, specs};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::detector::bayes_network;
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct Numbers;

static ABOUT: About = About {
    id: "5.3-numbers",
    title: "Made inputs of every class from many starts: position and sharpness of the jump, against depth",
    figures: &[],
    tables: &[],
    claims: &["C10"],
};

/// The posterior as a network of one layer, among the others.
const BAYES: &str = "bayes posterior";

fn networks() -> Vec<NetworkSpec> {
    specs(&[&MLPS[..], &CNNS[..]].concat())
}

/// The thesis' steps, and steps of one length, which a flat or saturated softmax does not stop.
const WAYS: [&str; 2] = ["α ∂a/∂x", "length 0.1"];

/// Summaries by way and network, one per seed.
type PerSeed = BTreeMap<String, BTreeMap<String, Vec<Summary>>>;

type Measure = fn(&Summary) -> Option<f64>;

/// Columns of the table: what they show, and with how many digits.
const COLUMNS: [(&str, Measure, usize); 12] = [
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

impl Section for Numbers {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.recipes(&networks())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let settings = &cx.plan.settings;
        let classes: Vec<usize> = (0..settings.signals.n_classes()).collect();
        let normalised = of_one_length(&settings.ascent);
        let ways = WAYS.into_iter().zip([&settings.ascent, &normalised]);
        let mut per_seed = PerSeed::new();
        let mut add = |name: &str, network: &Network, seed: u64| {
            for (way, ascent) in ways.clone() {
                let made = make(network, seed, &classes, settings.n_starts, ascent)?;
                let of_way = per_seed.entry(way.into()).or_default();
                of_way.entry(name.into()).or_default().push(Summary::of(&made, &settings.signals));
            }
            anyhow::Ok(())
        };
        for spec in networks() {
            for (network, &seed) in cx.networks(&spec)?.iter().zip(&cx.plan.seeds) {
                add(&spec.to_string(), &network.network, seed)?;
            }
        }
        if let Some(network) = bayes_network(&settings.signals) {
            add(BAYES, &network, cx.plan.seeds[0])?;
        }
        findings.value("per_seed", per_seed)?;
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let per_seed: PerSeed = findings.get("per_seed")?;
        let of = |name: &str, f: Measure| -> Vec<f64> {
            per_seed[WAYS[0]][name].iter().map(|summary| f(summary).unwrap_or(f64::NAN)).collect()
        };
        let position = "Gradient-ascent inputs have their largest first difference at the class' jump.";
        let blur = "Gradient-ascent inputs blur with depth.";
        let all: Vec<Vec<f64>> = networks().iter().map(|spec| of(&spec.to_string(), |s| s.at_jump)).collect();
        let worst: Vec<f64> = (0..findings.seeds.len())
            .map(|seed| all.iter().map(|v| v[seed]).fold(f64::INFINITY, f64::min))
            .collect();
        let depths = |f: Measure| slopes(&MLPS.map(|name| of(name, f)));
        Ok(vec![
            Claim::test(
                "C10.position_one_layer",
                position,
                "share of the 1-layer network's converged inputs whose largest first difference is exactly at the jump, above 0.95",
                &all[0],
                Side::Above,
                0.95,
            ),
            Claim::test(
                "C10.position",
                position,
                "the same share of the worst network of MLPs of 1 to 4 and CNNs of 1 to 3 layers, above 0.5",
                &worst,
                Side::Above,
                0.5,
            ),
            Claim::test(
                "C10.blur",
                blur,
                "second largest over largest first difference, change per layer over MLPs of 1 to 4 layers, above 0",
                &depths(|s| s.second_ratio),
                Side::Above,
                0.0,
            ),
            Claim::test(
                "C10.noise",
                blur,
                "share of the energy outside ± 10 samples of the jump, change per layer over MLPs of 1 to 4 layers, above 0",
                &depths(|s| s.energy_outside),
                Side::Above,
                0.0,
            ),
        ])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let per_seed: PerSeed = findings.get("per_seed")?;
        let measures: [(&str, &str, Measure); 4] = [
            ("largest difference at the jump", "share of converged inputs", |s| s.at_jump),
            ("second / largest difference", "ratio", |s| s.second_ratio),
            ("energy outside ± 10 of the jump", "share of the energy", |s| s.energy_outside),
            ("steps to the target", "steps", |s| s.median_steps),
        ];
        let panels = measures.map(|(title, y_label, f)| {
            let families = [("MLP, by layers", &MLPS[..]), ("CNN, by conv layers", &CNNS[..])];
            let lines = families.map(|(name, networks)| {
                let at = |network: &&str| {
                    let values: Vec<f64> = per_seed[WAYS[0]][*network].iter().filter_map(f).collect();
                    Interval::of_mean(&values)
                };
                let intervals: Vec<Interval> = networks.iter().map(at).collect();
                let x = |i: usize| (i + 1) as f64;
                let points = intervals.iter().enumerate().map(|(i, v)| (x(i), v.mean)).collect();
                let bars = intervals.iter().enumerate().map(|(i, v)| (x(i), v.lo, v.hi)).collect();
                (Series { name: name.into(), points }, bars)
            });
            let (series, intervals) = lines.into_iter().unzip();
            Panel {
                title: title.into(),
                x_label: "layers".into(),
                y_label: y_label.into(),
                log_y: y_label == "steps",
                series,
                intervals,
                ..Panel::default()
            }
        });
        gallery.add("5-depth", Picture { width: 1_240, height: 300 }, &LineChart { panels: panels.to_vec() })
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut table = Table::new(["network", "step"].into_iter().chain(COLUMNS.map(|(header, ..)| header)));
        let per_seed: PerSeed = findings.get("per_seed").unwrap_or_default();
        let names: Vec<String> =
            networks().iter().map(ToString::to_string).chain([BAYES.to_string()]).collect();
        for way in WAYS {
            for name in &names {
                let Some(summaries) = per_seed.get(way).and_then(|of_way| of_way.get(name)) else { continue };
                let over_seeds = COLUMNS.map(|(_, f, digits)| {
                    let values: Vec<f64> = summaries.iter().filter_map(f).collect();
                    cell(Some(mean(&values)).filter(|mean| mean.is_finite()), digits)
                });
                table.row([name.clone(), way.to_string()].into_iter().chain(over_seeds));
            }
        }
        vec![("-made-inputs".into(), table)]
    }
}
