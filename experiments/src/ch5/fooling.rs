//! How little it takes to fool a network, against its depth (thesis sec. 5.3): claim C17.
//!
//! A signal is changed as little as moves the answer at all, or by more than ten samples; noise without a jump is
//! changed as little as makes the network sure of a class. Networks of a seed are compared on the same signals.

use std::collections::BTreeMap;

use ndarray::Axis;
use vitrine_analysis::statistics::{Interval, mean};
use vitrine_data::JumpSettings;
use vitrine_figures::{LineChart, Panel, Picture, Series, SignalPanel, SignalPanels};
use vitrine_model::NetworkSpec;
use vitrine_model::ascent::Fooling;

use super::fooled::{FAR, Kind, PerSeed, Sizes, answered_by_all, confidence, kinds, norms};
use super::made::{cell, slopes};
use crate::ch3::{CNNS, MLPS, specs};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::detector::bayes_network;
use crate::files::slug;
use crate::findings::Findings;
use crate::recipe::{Recipe, data_streams};
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct FoolingDepth;

static ABOUT: About = About {
    id: "5.3-fooling",
    title: "The smallest change that moves an answer, and that makes noise look like a jump, against depth",
    figures: &[],
    tables: &[],
    claims: &["C17"],
};

const BAYES: &str = "bayes posterior";
fn networks() -> Vec<NetworkSpec> {
    specs(&[&MLPS[..], &CNNS[..]].concat())
}

impl Section for FoolingDepth {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.recipes(&networks())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let settings = &cx.plan.settings;
        let (mut per_seed, mut sure) = (PerSeed::new(), BTreeMap::<String, Vec<f64>>::new());
        for (place, &seed) in cx.plan.seeds.iter().enumerate() {
            let mut all = Vec::new();
            for spec in networks() {
                all.push((spec.to_string(), cx.networks(&spec)?[place].network.clone()));
            }
            all.extend(bayes_network(&settings.signals).map(|network| (BAYES.to_string(), network)));
            let signals = cx.evaluation(seed);
            let chosen = answered_by_all(
                &all,
                signals.dataset.inputs.view(),
                &signals.dataset.labels,
                settings.n_fooled,
            );
            let inputs = signals.dataset.inputs.select(Axis(0), &chosen);
            let no_jump = JumpSettings { jump_size: 0.0, ..settings.signals.clone() };
            let noise = no_jump.draw(settings.n_fooled, &data_streams(seed).child("fooling"));
            for (name, network) in &all {
                for (norm, norm_name, ascent) in norms() {
                    let sizes = Sizes::of(network, norm, &ascent, inputs.view(), &noise.dataset)?;
                    let of_norm = per_seed.entry(name.clone()).or_default();
                    of_norm.entry(norm_name.into()).or_default().push(sizes);
                }
                let on_noise = confidence(network, noise.dataset.inputs.view());
                sure.entry(name.clone()).or_default().push(on_noise);
                if place == 0 && !chosen.is_empty() {
                    let one = inputs.select(Axis(0), &[0]);
                    let fooled = Fooling { tolerance: FAR, ..Fooling::default() }.search(network, one.view());
                    findings.array(&format!("fooled_{}", slug(name)), fooled.inputs.row(0));
                    findings.array("signal", one.row(0));
                    let jump = |class: usize| settings.signals.jump_of(class);
                    findings
                        .value(&format!("answers {name}"), [jump(fooled.before[0]), jump(fooled.after[0])])?;
                }
            }
            findings.value(&format!("signals of seed {seed}"), chosen.len())?;
        }
        findings.value("per_seed", per_seed)?;
        findings.value("confidence_on_noise", sure)?;
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let per_seed: PerSeed = findings.get("per_seed")?;
        let mut claims = Vec::new();
        for (_, norm, _) in norms() {
            for Kind { word, change, size, .. } in kinds() {
                let logarithms = |network: &str| -> Vec<f64> {
                    per_seed[network][norm].iter().map(|s| size(s).unwrap_or(f64::NAN).ln()).collect()
                };
                claims.push(Claim::test(
                    &format!("C17.{word}_{}", if norm == "L2" { "l2" } else { "max" }),
                    "Deeper networks are more easily fooled.",
                    &format!("logarithm of the median {norm} change {change}, change per layer over MLPs of 1 to 4 layers, below 0"),
                    &slopes(&MLPS.map(logarithms)),
                    Side::Below,
                    0.0,
                ));
            }
        }
        Ok(claims)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let per_seed: PerSeed = findings.get("per_seed")?;
        let panels = norms().map(|(_, norm, _)| {
            let lines = kinds().map(|Kind { name, size, .. }| {
                let at = |network: &str| {
                    Interval::of_mean(&per_seed[network][norm].iter().filter_map(size).collect::<Vec<_>>())
                };
                let of_depths: Vec<(f64, Interval)> = (1..).map(f64::from).zip(MLPS.map(at)).collect();
                let points = of_depths.iter().map(|(x, v)| (*x, v.mean)).collect();
                let bars = of_depths.iter().map(|(x, v)| (*x, v.lo, v.hi)).collect::<Vec<_>>();
                let best = per_seed.get(BAYES).map(|_| at(BAYES).mean);
                let bound = best.map_or(Vec::new(), |best| vec![(1.0, best), (MLPS.len() as f64, best)]);
                (Series { name: name.into(), points }, bars, bound)
            });
            Panel {
                title: format!("median {norm} change (thin: Bayes)"),
                x_label: "layers of the MLP".into(),
                y_label: format!("{norm} size of the change"),
                series: lines.iter().map(|line| line.0.clone()).collect(),
                intervals: lines.iter().map(|line| line.1.clone()).collect(),
                log_y: true,
                bounds: lines.into_iter().map(|line| line.2).collect(),
                ..Panel::default()
            }
        });
        gallery.add(
            "5-fooling",
            Picture { width: 1_000, height: 340 },
            &LineChart { panels: panels.to_vec() },
        )?;
        let Ok(signal) = findings.vector("signal") else { return Ok(()) };
        let mut examples = Vec::new();
        for name in MLPS.into_iter().chain([CNNS[1], BAYES]) {
            let Ok(fooled) = findings.vector(&format!("fooled_{}", slug(name))) else { continue };
            let [before, after]: [usize; 2] = findings.get(&format!("answers {name}"))?;
            examples.push(SignalPanel {
                title: format!("{name}: {before} to {after}"),
                y_label: "signal x[i]",
                signal: fooled.to_vec(),
                beneath: signal.to_vec(),
                jump: Some(before),
            });
        }
        let picture = Picture { width: 1_080, height: 460 };
        gallery.add("5-fooled", picture, &SignalPanels { panels: examples, n_columns: 3 })
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut table = Table::new([
            "network",
            "norm",
            "other answer",
            "far answer",
            "unmoved",
            "noise to sure",
            "unsure",
            "p on noise",
        ]);
        let per_seed: PerSeed = findings.get("per_seed").unwrap_or_default();
        let sure: BTreeMap<String, Vec<f64>> = findings.get("confidence_on_noise").unwrap_or_default();
        for name in networks().iter().map(ToString::to_string).chain([BAYES.to_string()]) {
            for (norm, sizes) in per_seed.get(&name).into_iter().flatten() {
                let over_seeds = |f: fn(&Sizes) -> Option<f64>| {
                    let values: Vec<f64> = sizes.iter().filter_map(f).collect();
                    cell(Some(mean(&values)).filter(|mean| mean.is_finite()), 3)
                };
                table.row([
                    name.clone(),
                    norm.clone(),
                    over_seeds(|s| s.other),
                    over_seeds(|s| s.far),
                    over_seeds(|s| s.unmoved),
                    over_seeds(|s| s.noise),
                    over_seeds(|s| s.unsure),
                    cell(sure.get(&name).map(|c| mean(c)), 3),
                ]);
            }
        }
        vec![("-fooling".into(), table)]
    }
}
