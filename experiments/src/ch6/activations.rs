//! Averaged activations of the memorising network, under the labels it was trained on and under the true ones
//! (thesis sec. 6.2.4): figures 6.3 and 6.4.

use vitrine_figures::{HeatMaps, Picture};

use super::{memorising_recipe, pair, shown, shuffled_training_set};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::layers::{averaged_activations, means_map};
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};

pub struct Activations;

static ABOUT: About = About {
    id: "6.2-activations",
    title: "The memorising network: averaged activations under the shuffled and under the true labels",
    figures: &["6.3", "6.4"],
    tables: &[],
    claims: &[],
};

/// Figure and labelling.
const CASES: [(&str, &str); 2] = [("6.3", "shuffled"), ("6.4", "true")];

impl Section for Activations {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.seeds.first().map(|&seed| memorising_recipe(plan, seed)).into_iter().collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let seed = cx.plan.seeds[0];
        let [_, memorising] = pair(cx, seed)?;
        let sets = [&shuffled_training_set(&cx.plan, seed)?, &cx.evaluation(seed).dataset];
        for ((_, labelling), set) in CASES.iter().zip(sets) {
            for (layer, means) in averaged_activations(&memorising.network, set) {
                findings.array(&format!("{labelling}_{layer}_means"), means.view());
            }
        }
        findings.value("first_jump", cx.plan.settings.signals.first_jump)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let first_jump: usize = findings.get("first_jump")?;
        for (figure, labelling) in CASES {
            let mut maps = Vec::new();
            for layer in shown().layers() {
                let means = findings.matrix(&format!("{labelling}_{}_means", layer.name))?;
                let mut map = means_map(&layer.name, means, first_jump, false);
                if labelling == "shuffled" {
                    map.x_label = "shuffled label (jump position)";
                }
                maps.push(map);
            }
            gallery.add_raster(
                figure,
                Picture { width: 760, height: 660 },
                &HeatMaps { maps, n_columns: 2 },
            )?;
        }
        Ok(())
    }
}
