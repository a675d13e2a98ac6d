//! Signals unlike the training signals that share their largest first difference (thesis fig. 7.1): claim C15.
//!
//! The thesis shows five that its two-layer MLP recognises. Here a family of shapes stands at every position and in
//! many sizes, without and with noise, before every network, the signal-processing baseline and the Bayes posterior.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_data::Shape;
use vitrine_figures::{LineChart, Panel, Picture, SignalPanel, SignalPanels, edge_before};
use vitrine_lab::{About, Agreement, Claim, Gallery, Matrix, Recipe, Study, Table};

use super::asked::Detector;
use super::family::SIZES;
use super::questions::Questions;
use super::recognised::all_recognised;
use super::shares::{Answers, Quantity, Shares, by_shape, curves};
use crate::thesis::Context;
use crate::thesis::detector::BAYES_POSTERIOR;
use crate::thesis::extremes::{over_detectors, smallest};
use crate::thesis::networks::{BOTTLENECKS, CNNS, MLPS, of_table_7_1, specs};
use crate::thesis::paper::registered;

pub struct UnlikeSignals;

static ABOUT: About = About {
    id: "7.1-unlike-signals",
    title: "Signals unlike the training signals with the same largest first difference: who recognises them",
    figures: &["7.1"],
    tables: &[],
    claims: &["C15"],
};

/// The network that the thesis showed its signals to.
const SHOWN: &str = MLPS[1];
/// Positions that a point of a curve is the mean over: single ones hold a dozen signals each, and what they have in
/// common shows in the mean of a few.
const BIN: usize = 5;

/// The signals shown, one of each shape, and what detectors make of the family.
#[derive(Serialize, Deserialize)]
pub struct Found {
    n_seeds: usize,
    /// `[n_shapes, n_features]`.
    signals: Matrix,
    jump: usize,
    first_jump: usize,
    jump_size: f64,
    detectors: BTreeMap<String, Answers>,
}

type Noise = fn(&Answers) -> &Shares;

/// Without noise and with it: end of a figure's name, words, field.
const NOISES: [(&str, &str, Noise); 2] =
    [("", "without noise", |a| &a.clean), ("-noise", "with noise", |a| &a.noisy)];

/// Tables by shape: part of the name, field.
const TABLES: [(&str, Quantity); 4] = [
    ("probabilities", |a| &a.probabilities),
    ("sure-sizes", |a| &a.sure_sizes),
    ("clean-shape", |a| &a.clean.shape),
    ("noisy-shape", |a| &a.noisy.shape),
];

/// The networks, the filter and the posterior.
fn detectors() -> Vec<Detector> {
    let networks = of_table_7_1().into_iter().map(Detector::Network);
    networks.chain([Detector::SignalProcessing, Detector::Posterior]).collect()
}

impl Study for UnlikeSignals {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&of_table_7_1())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let signals = &cx.plan.settings.signals;
        let questions = Questions::new(signals, &cx.plan.seeds);
        let mut found = Found {
            n_seeds: cx.plan.seeds.len(),
            signals: Matrix::of(questions.shown.view()),
            jump: questions.jump,
            first_jump: signals.first_jump,
            jump_size: signals.jump_size,
            detectors: BTreeMap::new(),
        };
        for detector in detectors() {
            cx.zoo.stop().check()?;
            let asked = cx.plan.seeds.iter().map(|&seed| detector.of_seed(cx, seed));
            let answers = questions.answers(&asked.collect::<anyhow::Result<Vec<_>>>()?);
            found.detectors.insert(detector.name(), answers);
        }
        Ok(found)
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let shown = &found.detectors[SHOWN];
        let of_networks = MLPS.iter().chain(&CNNS).map(|&network| found.detectors[network].clean.unlike());
        let worst = over_detectors(of_networks, smallest);
        let steps = shown.noisy.shape.column(0);
        let relative: Vec<f64> =
            shown.noisy.unlike().iter().zip(steps).map(|(share, steps)| share / steps).collect();
        vec![
            registered("C15").over(&shown.clean.unlike()),
            registered("C15.all").over(&worst),
            registered("C15.noise").over(&relative),
        ]
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let Answers { named, probabilities, .. } = &found.detectors[SHOWN];
        vec![all_recognised(named.view(), probabilities.view(), found.jump)]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        gallery.add("7.1", Picture { width: 1_240, height: 620 }, &found.shown())?;
        for axis in [found.by_size(), found.by_position()] {
            for (suffix, title, shares) in NOISES {
                let panel = |family: &str, networks: &[&str]| Panel {
                    title: format!("{family} {title}"),
                    x_label: axis.label.clone(),
                    y_label: "share recognised".into(),
                    series: curves(
                        &found.detectors,
                        &with_others(networks),
                        |answers| (axis.of)(shares(answers)),
                        &axis.x,
                        axis.width,
                    ),
                    ..Panel::default()
                };
                let panels =
                    vec![panel("MLPs", &MLPS), panel("CNNs", &CNNS), panel("bottlenecks", &BOTTLENECKS)];
                let picture = Picture { width: 1_620, height: 360 };
                gallery.add(&format!("7.1-{}{suffix}", axis.name), picture, &LineChart { panels })?;
            }
        }
        Ok(())
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let table = |(name, of)| (format!("-unlike-{name}"), by_shape(&found.detectors, &detectors(), of));
        TABLES.map(table).into()
    }
}

/// What shares are drawn against.
struct Against {
    /// Part of the figure's name.
    name: &'static str,
    label: String,
    x: Vec<f64>,
    /// Columns that a point is the mean over.
    width: usize,
    of: fn(&Shares) -> &Matrix,
}

impl Found {
    /// The signals shown, with what the network and the posterior of the first seed give to their jump, and which of
    /// them the network misses: it names another position.
    fn shown(&self) -> SignalPanels {
        let [network, posterior] =
            [SHOWN, BAYES_POSTERIOR].map(|name| self.detectors[name].probabilities.row(0));
        let named = self.detectors[SHOWN].named.row(0);
        let missed = |i: usize| if named[i] == self.jump as f64 { "" } else { ", missed" };
        let panel = |(i, shape): (usize, &Shape)| SignalPanel {
            title: format!(
                "{}: p = {:.3} (Bayes {:.3}){}",
                shape.name(),
                network[i],
                posterior[i],
                missed(i)
            ),
            y_label: "signal x[i]",
            signal: self.signals.row(i).to_vec(),
            mark: Some(edge_before(self.jump)),
            ..SignalPanel::default()
        };
        SignalPanels { panels: Shape::ALL.iter().enumerate().map(panel).collect(), n_columns: 4 }
    }

    fn by_size(&self) -> Against {
        Against {
            name: "size",
            label: "size of the jump".into(),
            x: SIZES.iter().map(|size| size * self.jump_size).collect(),
            width: 1,
            of: |shares| &shares.size,
        }
    }

    fn by_position(&self) -> Against {
        let n_positions = self.detectors[BAYES_POSTERIOR].clean.position.ncols();
        Against {
            name: "position",
            label: format!("jump position, means over {BIN}"),
            x: (self.first_jump..).take(n_positions).map(|position| position as f64).collect(),
            width: BIN,
            of: |shares| &shares.position,
        }
    }
}

/// The networks of these specifications after the posterior and the filter.
fn with_others(networks: &[&str]) -> Vec<Detector> {
    // Seven colours can be told apart: six networks leave no room for the filter.
    let filter = (networks.len() < 6).then_some(Detector::SignalProcessing);
    let networks = specs(networks).into_iter().map(Detector::Network);
    std::iter::once(Detector::Posterior).chain(filter).chain(networks).collect()
}
