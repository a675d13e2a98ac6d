//! What MLPs of one to four layers want to see (thesis sec. 5.1): figures 5.1 and 5.2; and what the posterior wants to.

use ndarray::{Array2, ArrayView1, Axis, s};
use vitrine_figures::{ColourMap, HeatMap, HeatMaps, Picture, SignalPanel, SignalPanels};
use vitrine_model::NetworkSpec;
use vitrine_model::ascent::Outcome;

use super::made::{in_words, layers, make, of_one_length};
use crate::ch3::{MLPS, specs};
use crate::context::{Context, Plan};
use crate::detector::bayes_network;
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};

pub struct MlpInputs;

static ABOUT: About = About {
    id: "5.1-mlp-inputs",
    title: "Inputs that MLPs of one to four layers answer with 99.9 %, made by gradient ascent",
    figures: &["5.1", "5.2"],
    tables: &[],
    claims: &[],
};

/// The jumps that inputs are made for.
const JUMPS: [usize; 4] = [21, 40, 60, 80];

fn shown() -> Vec<NetworkSpec> {
    specs(&MLPS)
}

impl Section for MlpInputs {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        shown().iter().map(|spec| plan.recipe(spec, plan.seeds[0])).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let (settings, seed) = (&cx.plan.settings, cx.plan.seeds[0]);
        let first_jump = settings.signals.first_jump;
        let jumps: Vec<usize> =
            JUMPS.into_iter().filter(|j| (first_jump..=settings.signals.last_jump).contains(j)).collect();
        anyhow::ensure!(!jumps.is_empty(), "no jump of {JUMPS:?} is among the classes: --set signals");
        let all: Vec<usize> = (0..settings.signals.n_classes()).collect();
        let n_starts = settings.n_starts;
        for (spec, depth) in shown().iter().zip(1..) {
            let network = &cx.zoo.obtain(&[cx.plan.recipe(spec, seed)])?[0].network;
            let made = make(network, seed, &all, n_starts, &settings.ascent)?;
            // The thesis shows one input of each of four classes: that of the first start.
            let rows: Vec<usize> = jumps.iter().map(|jump| (jump - first_jump) * n_starts).collect();
            let outcomes: Vec<Outcome> = rows.iter().map(|&row| made.ascended.outcomes[row]).collect();
            findings.value(&format!("outcomes {depth}"), outcomes)?;
            findings.array(&format!("inputs_{depth}"), made.ascended.inputs.select(Axis(0), &rows).view());
            let mean =
                |class: usize| made.ascended.inputs.slice(s![class * n_starts..(class + 1) * n_starts, ..]);
            let mut means = Array2::zeros((all.len(), network.spec.n_inputs()));
            for (class, mut row) in means.rows_mut().into_iter().enumerate() {
                row.assign(&mean(class).mapv(f64::from).mean_axis(Axis(0)).expect("at least one start"));
            }
            findings.array(&format!("means_{depth}"), means.view());
        }
        if let Some(network) = bayes_network(&settings.signals) {
            let classes: Vec<usize> = jumps.iter().map(|jump| jump - first_jump).collect();
            let made = make(&network, seed, &classes, 1, &of_one_length(&settings.ascent))?;
            findings.value("outcomes posterior", &made.ascended.outcomes)?;
            findings.array("inputs_posterior", made.ascended.inputs.view());
        }
        findings.counts("jumps", &jumps);
        findings.value("first_jump", first_jump)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let jumps: Vec<usize> = findings.vector("jumps")?.iter().map(|&jump| jump as usize).collect();
        let mut rows = Vec::new();
        let mut maps = Vec::new();
        let panels = |name: &str, words: &str| {
            let outcomes: Vec<Outcome> = findings.get(&format!("outcomes {name}"))?;
            let inputs = findings.matrix(&format!("inputs_{name}"))?;
            let panel = |((input, outcome), &jump): ((ArrayView1<f64>, &Outcome), &usize)| SignalPanel {
                title: format!("{words}, jump {jump}: {}", in_words(*outcome)),
                y_label: "input x[i]",
                signal: input.to_vec(),
                jump: Some(jump),
                ..SignalPanel::default()
            };
            anyhow::Ok(inputs.rows().into_iter().zip(&outcomes).zip(&jumps).map(panel).collect::<Vec<_>>())
        };
        for depth in 1..=MLPS.len() {
            rows.extend(panels(&depth.to_string(), &layers(depth))?);
            maps.push(HeatMap {
                title: format!("{}: mean made input", layers(depth)),
                x_label: "position i",
                y_label: "jump position",
                value_label: "input x[i]",
                first_column: 1,
                first_row: findings.get("first_jump")?,
                values: findings.matrix(&format!("means_{depth}"))?,
                colours: ColourMap::Signed,
            });
        }
        let first = SignalPanels { panels: rows[..jumps.len()].to_vec(), n_columns: 2 };
        gallery.add("5.1", Picture { width: 640, height: 440 }, &first)?;
        let width = 270 * jumps.len() as u32;
        let grid = SignalPanels { panels: rows, n_columns: jumps.len() };
        gallery.add("5.2", Picture { width, height: 760 }, &grid)?;
        if findings.values.contains_key("outcomes posterior") {
            let posterior = SignalPanels { panels: panels("posterior", "posterior")?, n_columns: 2 };
            gallery.add("5.1-posterior", Picture { width: 640, height: 440 }, &posterior)?;
        }
        gallery.add_raster("5.2-means", Picture { width: 800, height: 680 }, &HeatMaps { maps, n_columns: 2 })
    }
}
