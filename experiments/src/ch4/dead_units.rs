//! Units of bottlenecks that are never active (thesis sec. 4.2): figure 4.5, claim C8.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::{Interval, mean};
use vitrine_analysis::unit_activity::UnitActivity;
use vitrine_figures::{LineChart, Panel, Picture, Series};

use super::{DEPTHS, Depth, WIDTHS, networks};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::layers;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct DeadUnits;

static ABOUT: About = About {
    id: "4.2-dead-units",
    title: "Dead units by layer and width: zero for every signal",
    figures: &["4.5"],
    tables: &[],
    claims: &["C8"],
};

/// Dead units of one hidden layer, by seed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct LayerCounts {
    layer: String,
    n_units: usize,
    n_dead: Vec<usize>,
}

impl Section for DeadUnits {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.recipes(&networks())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        for spec in networks() {
            let mut by_layer: BTreeMap<usize, LayerCounts> = BTreeMap::new();
            for (trained, &seed) in cx.networks(&spec)?.iter().zip(&cx.plan.seeds) {
                let signals = cx.evaluation(seed);
                let hidden = spec.layers().len() - 1;
                for (l, layer) in spec.layers()[..hidden].iter().enumerate() {
                    let activations = layers::activations(&trained.network, signals.dataset.inputs.view(), l);
                    let n_dead = UnitActivity::of(activations.view()).dead_units().len();
                    let new = || LayerCounts {
                        layer: layer.name.clone(),
                        n_units: layer.n_units(),
                        n_dead: vec![],
                    };
                    by_layer.entry(l).or_insert_with(new).n_dead.push(n_dead);
                }
            }
            findings.value(&spec.to_string(), by_layer.into_values().collect::<Vec<_>>())?;
        }
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let sentence = "Deep bottlenecks have dead units in the bottleneck, shallow ones none.";
        let per_seed = |depth: Depth| -> anyhow::Result<Vec<f64>> {
            let dead: Vec<Vec<usize>> =
                WIDTHS.map(|w| code_counts(findings, depth, w)).collect::<Result<_, _>>()?;
            let of_seed = |seed: usize| mean(&dead.iter().map(|d| d[seed] as f64).collect::<Vec<_>>());
            Ok((0..findings.seeds.len()).map(of_seed).collect())
        };
        Ok(vec![
            Claim::test(
                "C8.deep",
                sentence,
                "dead units in a deep bottleneck, averaged over the widths 2 to 10, above 0.1",
                &per_seed(Depth::Deep)?,
                Side::Above,
                0.1,
            ),
            Claim::test(
                "C8.shallow",
                sentence,
                "dead units in a shallow bottleneck, averaged over the widths 2 to 10, below 0.1",
                &per_seed(Depth::Shallow)?,
                Side::Below,
                0.1,
            ),
        ])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let mut panel = Panel {
            title: "dead units in the bottleneck".into(),
            x_label: "width p of the bottleneck (units)".into(),
            y_label: "dead units per network".into(),
            ..Panel::default()
        };
        for depth in DEPTHS {
            let (mut points, mut bars) = (Vec::new(), Vec::new());
            for width in WIDTHS {
                let counts: Vec<f64> =
                    code_counts(findings, depth, width)?.iter().map(|&count| count as f64).collect();
                let over_seeds = Interval::of_mean(&counts);
                points.push((width as f64, over_seeds.mean));
                bars.push((width as f64, over_seeds.lo, over_seeds.hi));
            }
            panel.series.push(Series { name: depth.name().into(), points });
            panel.intervals.push(bars);
        }
        gallery.add("4.5", Picture { width: 400, height: 300 }, &LineChart { panels: vec![panel] })
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut table = Table::new(["network", "layer", "units", "dead, by seed"]);
        for spec in networks() {
            for counts in findings.get::<Vec<LayerCounts>>(&spec.to_string()).unwrap_or_default() {
                let dead: Vec<String> = counts.n_dead.iter().map(ToString::to_string).collect();
                table.row([spec.to_string(), counts.layer, counts.n_units.to_string(), dead.join(" ")]);
            }
        }
        vec![("-dead-units".into(), table)]
    }
}

/// Dead units of the bottleneck itself, by seed.
fn code_counts(findings: &Findings, depth: Depth, width: usize) -> anyhow::Result<Vec<usize>> {
    let spec = depth.spec(width);
    let mut layers: Vec<LayerCounts> = findings.get(&spec.to_string())?;
    Ok(layers.swap_remove(spec.code_layer().unwrap_or(0)).n_dead)
}
