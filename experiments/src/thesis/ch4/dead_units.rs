//! Units of bottlenecks that are never active (thesis sec. 4.2): figure 4.5, claim C8.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::{Interval, mean};
use vitrine_figures::{LineChart, Panel, Picture};
use vitrine_lab::activations::unit_activity;
use vitrine_lab::{About, Claim, Gallery, Recipe, Study, Table};
use vitrine_model::NetworkSpec;

use super::bottlenecks::{DEPTHS, Depth, WIDTHS, every_bottleneck};
use crate::thesis::Context;
use crate::thesis::paper::registered;

pub struct DeadUnits;

static ABOUT: About = About {
    id: "4.2-dead-units",
    title: "Dead units by layer and width: zero for every signal",
    figures: &["4.5"],
    tables: &[],
    claims: &["C8"],
};

/// Dead units of the hidden layers, by network.
#[derive(Serialize, Deserialize)]
pub struct Found {
    n_seeds: usize,
    networks: BTreeMap<String, Vec<DeadInLayer>>,
}

/// Dead units of one hidden layer, by seed.
#[derive(Serialize, Deserialize)]
struct DeadInLayer {
    layer: String,
    n_units: usize,
    n_dead: Vec<usize>,
}

impl Study for DeadUnits {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&every_bottleneck())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let mut networks = BTreeMap::new();
        for spec in every_bottleneck() {
            networks.insert(spec.to_string(), count(cx, &spec)?);
        }
        Ok(Found { n_seeds: cx.plan.seeds.len(), networks })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let per_seed = |depth: Depth| -> Vec<f64> {
            let of_seed = |seed: usize| {
                mean(&WIDTHS.map(|width| found.in_code(depth, width)[seed] as f64).collect::<Vec<_>>())
            };
            (0..found.n_seeds).map(of_seed).collect()
        };
        DEPTHS.map(|depth| registered(&format!("C8.{}", depth.name())).over(&per_seed(depth))).into()
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let mut panel = Panel {
            title: "dead units in the bottleneck".into(),
            x_label: "width p of the bottleneck (units)".into(),
            y_label: "dead units per network".into(),
            ..Panel::default()
        };
        for depth in DEPTHS {
            let over_seeds = |width: usize| {
                let counts: Vec<f64> = found.in_code(depth, width).iter().map(|&n| n as f64).collect();
                let Interval { mean, lo, hi, .. } = Interval::of_mean(&counts);
                (width as f64, mean, lo, hi)
            };
            panel.add_line(depth.name(), WIDTHS.map(over_seeds));
        }
        gallery.add("4.5", Picture { width: 400, height: 300 }, &LineChart { panels: vec![panel] })
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new(["network", "layer", "units", "dead, by seed"]);
        for network in every_bottleneck().iter().map(ToString::to_string) {
            for DeadInLayer { layer, n_units, n_dead } in &found.networks[&network] {
                let dead: Vec<String> = n_dead.iter().map(ToString::to_string).collect();
                table.row([network.clone(), layer.clone(), n_units.to_string(), dead.join(" ")]);
            }
        }
        vec![("-dead-units".into(), table)]
    }
}

impl Found {
    /// Dead units of the bottleneck itself, by seed.
    fn in_code(&self, depth: Depth, width: usize) -> &[usize] {
        &self.networks[&depth.spec(width).to_string()][depth.code_layer()].n_dead
    }
}

/// Counts the units of each hidden layer that are active for none of the evaluation signals.
fn count(cx: &Context, spec: &NetworkSpec) -> anyhow::Result<Vec<DeadInLayer>> {
    let hidden = &spec.layers()[..spec.layers().len() - 1];
    let mut layers: Vec<DeadInLayer> = hidden
        .iter()
        .map(|l| DeadInLayer { layer: l.name.clone(), n_units: l.n_units, n_dead: Vec::new() })
        .collect();
    for (trained, &seed) in cx.networks(spec)?.iter().zip(&cx.plan.seeds) {
        let signals = cx.evaluation(seed);
        let activity = unit_activity(&trained.network, signals.dataset.rows());
        layers.iter_mut().zip(&activity).for_each(|(layer, of)| layer.n_dead.push(of.dead_units().len()));
    }
    Ok(layers)
}
