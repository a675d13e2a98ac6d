//! Averaged activations of two-unit bottlenecks (thesis sec. 4.2): figures 4.6 and 4.9.

use vitrine_figures::{HeatMaps, Picture};

use super::{DEPTHS, Depth};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::layers::{averaged_activations, means_map};
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};

pub struct Activations;

static ABOUT: About = About {
    id: "4.2-activations",
    title: "Averaged activations of two-unit bottlenecks",
    figures: &["4.6", "4.9"],
    tables: &[],
    claims: &[],
};

impl Section for Activations {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        DEPTHS.iter().map(|depth| plan.recipe(&depth.spec(2), plan.seeds[0])).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        for (depth, trained) in DEPTHS.iter().zip(cx.zoo.obtain(&self.recipes(&cx.plan))?) {
            let signals = cx.evaluation(cx.plan.seeds[0]);
            for (layer, means) in averaged_activations(&trained.network, &signals.dataset) {
                findings.array(&format!("{}_{layer}_means", depth.name()), means.view());
            }
        }
        findings.value("first_jump", cx.plan.settings.signals.first_jump)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let first_jump: usize = findings.get("first_jump")?;
        for (figure, depth) in [("4.6", Depth::Shallow), ("4.9", Depth::Deep)] {
            let spec = depth.spec(2);
            let mut maps = Vec::new();
            for layer in spec.layers() {
                let means = findings.matrix(&format!("{}_{}_means", depth.name(), layer.name))?;
                maps.push(means_map(&layer.name, means, first_jump, false));
            }
            let height = 300 * maps.len().div_ceil(2) as u32;
            gallery.add_raster(figure, Picture { width: 760, height }, &HeatMaps { maps, n_columns: 2 })?;
        }
        Ok(())
    }
}
