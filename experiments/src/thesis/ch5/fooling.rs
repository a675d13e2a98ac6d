//! How little it takes to fool a network, against its depth (thesis sec. 5.3): claim C17.
//!
//! A signal is changed as little as moves the answer at all, or by more than ten samples; noise without a jump is
//! changed as little as makes the network sure of a class. Networks of a seed are compared on the same signals.

use std::collections::BTreeMap;

use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::mean;
use vitrine_data::{Dataset, JumpSettings};
use vitrine_explain::fooling::Norm;
use vitrine_figures::{LineChart, Panel, Picture, SignalPanels};
use vitrine_lab::numbers::span;
use vitrine_lab::{About, Agreement, Claim, Gallery, Recipe, Study, Table, agreement, data_streams};
use vitrine_model::Network;

use super::changed::FooledSignal;
use super::fooled::{FoolingSizes, FoolingWay, MedianSizes, NORMS, WAYS, answered_by_all, with_depth};
use super::over_seeds::{by_depth, cell, known_mean, slopes};
use crate::thesis::Context;
use crate::thesis::detector::{BAYES_POSTERIOR, bayes_network};
use crate::thesis::networks::{CNNS, MLPS, of_chapter_3};
use crate::thesis::paper::registered;

pub struct FoolingDepth;

static ABOUT: About = About {
    id: "5.3-fooling",
    title: "The smallest change that moves an answer, and that makes noise look like a jump, against depth",
    figures: &[],
    tables: &[],
    claims: &["C17"],
};

/// How easily networks are fooled, and a signal with the changes that fool them.
#[derive(Serialize, Deserialize)]
pub struct Found {
    per_seed: Vec<FooledBySeed>,
    /// Of the first seed; `None` where its networks answer no signal right together.
    example: Option<FooledSignal>,
}

/// How easily the networks of one seed are fooled.
#[derive(Serialize, Deserialize)]
struct FooledBySeed {
    /// Signals that all of them answer right, and are fooled about.
    n_signals: usize,
    networks: BTreeMap<String, FoolingSizes>,
}

impl Study for FoolingDepth {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&of_chapter_3())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let mut found = Found { per_seed: Vec::new(), example: None };
        for &seed in &cx.plan.seeds {
            let networks = networks_to_fool(cx, seed)?;
            let signals = signals_to_change(cx, seed, &networks);
            let noise = noise_to_change(cx, seed);
            if seed == cx.plan.first_seed() && 0 < signals.nrows() {
                found.example = Some(FooledSignal::of(signals.row(0), &networks, &cx.plan.settings.signals)?);
            }
            let sizes = |(name, network): &(String, Network)| {
                anyhow::Ok((name.clone(), FoolingSizes::of(network, cx.zoo.stop(), signals.view(), &noise)?))
            };
            let networks = networks.iter().map(sizes).collect::<anyhow::Result<_>>()?;
            found.per_seed.push(FooledBySeed { n_signals: signals.nrows(), networks });
        }
        Ok(found)
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let mut claims = Vec::new();
        for (norm, _, norm_id) in NORMS {
            for FoolingWay { word, size, .. } in WAYS {
                let logarithms = |network: &str| -> Vec<f64> {
                    found.sizes(network, norm).map(|s| size(s).unwrap_or(f64::NAN).ln()).collect()
                };
                let test = registered(&format!("C17.{word}_{norm_id}"));
                claims.push(test.over(&slopes(&MLPS.map(logarithms))));
            }
        }
        claims
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let mut said = agreement("5-fooling");
        let mut trends = Vec::new();
        for (norm, name, _) in NORMS {
            for FoolingWay { change, size, .. } in WAYS {
                let sizes = |network: &str| -> Vec<f64> {
                    found.sizes(network, norm).map(|s| size(s).unwrap_or(f64::NAN)).collect()
                };
                let [shallow, deep] = [MLPS[0], MLPS[MLPS.len() - 1]].map(sizes);
                let slopes = slopes(&MLPS.map(sizes));
                said = said.so(
                    &format!(
                        "the median {name} change {change} falls with depth, in the trend over all four MLPs"
                    ),
                    &slopes.iter().map(|&slope| slope < 0.0).collect::<Vec<_>>(),
                    format!("{} at one layer, {} at four", span(&shallow, 3), span(&deep, 3)),
                );
                trends.push(slopes);
            }
        }
        let n_measures = trends.len();
        vec![said.because(&format!("{}; claim C17 asks that all {n_measures} shrink", with_depth(&trends)))]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let panels = NORMS.map(|(norm, name, _)| found.depth_panel(norm, name)).to_vec();
        gallery.add("5-fooling", Picture { width: 1_000, height: 340 }, &LineChart { panels })?;
        if let Some(example) = &found.example {
            let shown = MLPS.into_iter().chain([CNNS[1], BAYES_POSTERIOR]);
            let panels = shown.filter_map(|network| example.panel(network)).collect();
            let picture = Picture { width: 1_080, height: 460 };
            gallery.add("5-fooled", picture, &SignalPanels { panels, n_columns: 3 })?;
        }
        Ok(())
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
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
        for network in MLPS.into_iter().chain(CNNS).chain([BAYES_POSTERIOR]) {
            let confidences: Vec<f64> = found.of(network).map(|sizes| sizes.confidence_on_noise).collect();
            if confidences.is_empty() {
                continue;
            }
            for (norm, norm_name, _) in NORMS {
                let over_seeds = |number: fn(&MedianSizes) -> Option<f64>| {
                    cell(known_mean(found.sizes(network, norm).filter_map(number)), 3)
                };
                table.row([
                    network.to_string(),
                    norm_name.to_string(),
                    over_seeds(|s| s.other),
                    over_seeds(|s| s.far),
                    over_seeds(|s| s.unmoved),
                    over_seeds(|s| s.noise),
                    over_seeds(|s| s.unsure),
                    cell(Some(mean(&confidences)), 3),
                ]);
            }
        }
        vec![("-fooling".into(), table)]
    }
}

/// The networks of a seed by name, and the posterior where it is one.
fn networks_to_fool(cx: &Context, seed: u64) -> anyhow::Result<Vec<(String, Network)>> {
    let mut networks = Vec::new();
    for spec in of_chapter_3() {
        networks.push((spec.to_string(), cx.network(&spec, seed)?.network.clone()));
    }
    let posterior = bayes_network(&cx.plan.settings.signals);
    networks.extend(posterior.map(|network| (BAYES_POSTERIOR.to_string(), network)));
    Ok(networks)
}

/// Signals of a seed that all `networks` answer right.
fn signals_to_change(cx: &Context, seed: u64, networks: &[(String, Network)]) -> Array2<f32> {
    let signals = cx.evaluation(seed);
    let chosen = answered_by_all(networks, &signals.dataset, cx.plan.settings.n_fooled);
    signals.dataset.rows().select(Axis(0), &chosen)
}

/// Noise without a jump, labelled with the classes that networks are to be made sure of.
fn noise_to_change(cx: &Context, seed: u64) -> Dataset {
    let settings = &cx.plan.settings;
    let no_jump = JumpSettings { jump_size: 0.0, ..settings.signals.clone() };
    no_jump.draw(settings.n_fooled, &data_streams(seed).child("fooling")).dataset
}

impl Found {
    /// What was found of a network, seed by seed.
    fn of(&self, network: &str) -> impl Iterator<Item = &FoolingSizes> {
        self.per_seed.iter().filter_map(move |seed| seed.networks.get(network))
    }

    fn sizes(&self, network: &str, norm: Norm) -> impl Iterator<Item = &MedianSizes> {
        self.of(network).map(move |sizes| sizes.in_norm(norm))
    }

    /// Sizes of changes in one norm over the depth of the MLPs.
    fn depth_panel(&self, norm: Norm, norm_name: &str) -> Panel {
        let mut panel = Panel {
            title: format!("median {norm_name} change (thin: Bayes)"),
            x_label: "layers of the MLP".into(),
            y_label: format!("{norm_name} size of the change"),
            log_y: true,
            ..Panel::default()
        };
        for FoolingWay { name, size, .. } in WAYS {
            let at = |network: &str| -> Vec<f64> { self.sizes(network, norm).filter_map(size).collect() };
            panel.add_line(name, by_depth(MLPS.map(at)));
            let ends = [1.0, MLPS.len() as f64];
            let best = known_mean(at(BAYES_POSTERIOR).into_iter());
            panel.bounds.push(best.map_or(Vec::new(), |best| ends.map(|x| (x, best)).to_vec()));
        }
        panel
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use vitrine_lab::Stands;

    use super::*;

    /// One seed, in which MLPs of 1 to 4 layers are fooled by changes of these sizes.
    fn fooled_by(sizes: [f64; 4]) -> Found {
        let of_size = |size: f64| {
            let medians = json!({"other": size, "far": size, "noise": size, "unmoved": 0.0, "unsure": 0.0});
            serde_json::from_value(json!({"l2": medians, "max": medians, "confidence_on_noise": 0.5}))
                .unwrap()
        };
        let networks = MLPS.into_iter().map(String::from).zip(sizes.map(of_size)).collect();
        Found { per_seed: vec![FooledBySeed { n_signals: 1, networks }], example: None }
    }

    #[test]
    fn depth_is_more_easily_fooled_where_the_changes_shrink_and_no_number_is_no_trend() {
        let stands = |sizes: [f64; 4]| FoolingDepth.agreements(&fooled_by(sizes)).remove(0).stands();
        assert_eq!(stands([4.0, 3.0, 3.5, 1.0]), Stands::Agrees);
        assert_eq!(stands([1.0, 2.0, 3.0, 4.0]), Stands::Differs);
        assert_eq!(stands([4.0, 3.0, 2.0, f64::NAN]), Stands::Differs);
    }
}
