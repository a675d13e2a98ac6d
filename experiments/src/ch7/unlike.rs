//! Signals unlike the training signals that share their largest first difference (thesis fig. 7.1): claim C15.
//!
//! The thesis shows five that its two-layer MLP recognises. Here a family of shapes stands at every position and in
//! many sizes, without and with noise, before every network, the signal-processing baseline and the Bayes posterior.

use ndarray::Array1;
use vitrine_analysis::statistics::mean;
use vitrine_data::Shape;
use vitrine_figures::{LineChart, Panel, Picture, SignalPanel, SignalPanels};
use vitrine_model::NetworkSpec;

use super::BOTTLENECKS;
use super::family::{BAYES, Detector, Family, Recognised, SIZES, stack};
use super::shares::{BIN, array, by_shape, curves, rows};
use crate::ch3::{CNNS, MLPS, specs};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::detector::SIGNAL_PROCESSING;
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct UnlikeSignals;

static ABOUT: About = About {
    id: "7.1-unlike-signals",
    title: "Signals unlike the training signals with the same largest first difference: who recognises them",
    figures: &["7.1"],
    tables: &[],
    claims: &["C15"],
};

/// The jump of the signals shown.
const JUMP: usize = 50;
/// The network that the thesis showed its signals to.
const SHOWN: &str = MLPS[1];

fn networks() -> Vec<NetworkSpec> {
    specs(&[&MLPS[..], &CNNS[..], &BOTTLENECKS[..]].concat())
}

fn detectors() -> Vec<String> {
    let names = networks().into_iter().map(|spec| spec.to_string());
    names.chain([SIGNAL_PROCESSING.to_string(), BAYES.to_string()]).collect()
}

impl Section for UnlikeSignals {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.recipes(&networks())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let signals = &cx.plan.settings.signals;
        let shown = JUMP.clamp(signals.first_jump, signals.last_jump);
        let examples =
            stack(Shape::ALL.iter().map(|s| s.signal(signals.n_features, shown, signals.jump_size)));
        findings.array("signals", examples.view());
        findings.value("jump", shown)?;
        findings.value("first_jump", signals.first_jump)?;
        findings.value("jump_size", signals.jump_size)?;
        let clean = Family::clean(signals);
        let noisy: Vec<Family> = cx.plan.seeds.iter().map(|&seed| Family::noisy(signals, seed)).collect();
        for name in detectors() {
            let detector = Detector::of(cx, &name)?;
            let seeds = 0..cx.plan.seeds.len();
            let shares: Vec<Array1<f64>> =
                seeds.clone().map(|i| detector.probabilities(i, examples.view(), shown, signals)).collect();
            findings.array(&array(&name, "probabilities"), rows(&shares).view());
            let sure: Vec<Array1<f64>> =
                seeds.clone().map(|i| detector.sure_sizes(i, shown, signals)).collect();
            findings.array(&array(&name, "sure sizes"), rows(&sure).view());
            let of_clean: Vec<Recognised> =
                seeds.clone().map(|i| clean.recognised(&detector, i, signals)).collect();
            let of_noisy: Vec<Recognised> =
                seeds.map(|i| noisy[i].recognised(&detector, i, signals)).collect();
            for (what, recognised) in [("clean", of_clean), ("noisy", of_noisy)] {
                let mut keep = |by: &str, f: fn(&Recognised) -> &Array1<f64>| {
                    let rows = rows(&recognised.iter().map(|r| f(r).clone()).collect::<Vec<_>>());
                    findings.array(&array(&name, &format!("{what} {by}")), rows.view());
                };
                keep("shape", |r| &r.by_shape);
                keep("size", |r| &r.by_size);
                keep("position", |r| &r.by_position);
                let n = recognised.len() as f64;
                let total = recognised.iter().map(|r| &r.by_shape_and_size / n).reduce(|a, b| a + b);
                if let Some(total) = total {
                    findings.array(&array(&name, &format!("{what} shape and size")), total.view());
                }
            }
        }
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let sentence =
            "Signals unlike the training data with the same largest first difference are recognised.";
        let unlike = |name: &str, what: &str| -> anyhow::Result<Vec<f64>> {
            let shares = findings.matrix(&array(name, &format!("{what} shape")))?;
            Ok(shares.rows().into_iter().map(|row| mean(&row.to_vec()[1..])).collect())
        };
        let all = MLPS.iter().chain(&CNNS).map(|n| unlike(n, "clean")).collect::<Result<Vec<_>, _>>()?;
        let worst: Vec<f64> = (0..findings.seeds.len())
            .map(|seed| all.iter().map(|v| v[seed]).fold(f64::INFINITY, f64::min))
            .collect();
        let noisy = findings.matrix(&array(SHOWN, "noisy shape"))?;
        let relative: Vec<f64> =
            unlike(SHOWN, "noisy")?.iter().zip(noisy.column(0)).map(|(share, steps)| share / steps).collect();
        Ok(vec![
            Claim::test(
                "C15",
                sentence,
                "share of eleven shapes at all positions whose jump the 2-layer MLP names exactly, at the training signals' size and without noise, above 0.5",
                &unlike(SHOWN, "clean")?,
                Side::Above,
                0.5,
            ),
            Claim::test(
                "C15.all",
                sentence,
                "the same share of the worst of the MLPs of 1 to 4 and CNNs of 1 to 3 layers, above 0.5",
                &worst,
                Side::Above,
                0.5,
            ),
            Claim::test(
                "C15.noise",
                sentence,
                "with the training signals' noise: share of the same shapes that the 2-layer MLP recognises over that of steps, above 0.5",
                &relative,
                Side::Above,
                0.5,
            ),
        ])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let jump: usize = findings.get("jump")?;
        let probability =
            |detector: &str| anyhow::Ok(findings.matrix(&array(detector, "probabilities"))?.row(0).to_vec());
        let (network, posterior) = (probability(SHOWN)?, probability(BAYES)?);
        let shown = findings.matrix("signals")?;
        let panel = |(i, shape): (usize, &Shape)| SignalPanel {
            title: format!("{}: p = {:.3} (Bayes {:.3})", shape.name(), network[i], posterior[i]),
            y_label: "signal x[i]",
            signal: shown.row(i).to_vec(),
            jump: Some(jump),
            ..SignalPanel::default()
        };
        let grid = SignalPanels { panels: Shape::ALL.iter().enumerate().map(panel).collect(), n_columns: 4 };
        gallery.add("7.1", Picture { width: 1_240, height: 620 }, &grid)?;
        let own: f64 = findings.get("jump_size")?;
        let first: usize = findings.get("first_jump")?;
        let sizes: Vec<f64> = SIZES.iter().map(|size| size * own).collect();
        let positions: Vec<f64> = (first..)
            .take(findings.matrix(&array(BAYES, "clean position"))?.ncols())
            .map(|p| p as f64)
            .collect();
        let means = format!("jump position, means over {BIN}");
        for (by, x_label, x) in [("size", "size of the jump", &sizes), ("position", &means, &positions)] {
            for (what, suffix) in [("clean", ""), ("noisy", "-noise")] {
                let title = if what == "clean" { "without noise" } else { "with noise" };
                let panel = |family: &str, specs: &[&str]| {
                    anyhow::Ok(Panel {
                        title: format!("{family} {title}"),
                        x_label: x_label.into(),
                        y_label: "share recognised".into(),
                        series: curves(findings, what, by, specs, x)?,
                        ..Panel::default()
                    })
                };
                let panels =
                    vec![panel("MLPs", &MLPS)?, panel("CNNs", &CNNS)?, panel("bottlenecks", &BOTTLENECKS)?];
                let picture = Picture { width: 1_620, height: 360 };
                gallery.add(&format!("7.1-{by}{suffix}"), picture, &LineChart { panels })?;
            }
        }
        Ok(())
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        ["probabilities", "sure sizes", "clean shape", "noisy shape"]
            .into_iter()
            .filter_map(|what| {
                Some((format!("-unlike-{}", what.replace(' ', "-")), by_shape(findings, &detectors(), what)?))
            })
            .collect()
    }
}
