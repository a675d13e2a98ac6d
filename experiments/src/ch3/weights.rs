//! Weights, biases and averaged activations of the two-layer MLP (thesis sec. 3.3.2): figures 3.8, 3.11 to 3.13.

use vitrine_figures::{HeatMaps, Picture};

use super::{MLPS, specs};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::{diagram, layers};

pub struct Weights;

static ABOUT: About = About {
    id: "3.3-weights",
    title: "The two-layer MLP: weights, biases and averaged activations; diagrams of the MLPs",
    figures: &["3.8", "3.11", "3.12", "3.13"],
    tables: &[],
    claims: &[],
};

/// The network shown.
const SHOWN: &str = MLPS[1];

impl Section for Weights {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.recipes(&specs(&[SHOWN]))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let network = &cx.networks(&specs(&[SHOWN])[0])?[0].network;
        layers::keep(&mut findings, "mlp", network, &cx.evaluation(cx.plan.seeds[0]).dataset);
        findings.value("first_jump", cx.plan.settings.signals.first_jump)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let first_jump: usize = findings.get("first_jump")?;
        diagram::draw(gallery, "3.8", &specs(&[SHOWN])[0])?;
        let mut means = Vec::new();
        for layer in ["hidden1", "output"] {
            means.push(layers::means_map(
                layer,
                findings.matrix(&format!("mlp_{layer}_means"))?,
                first_jump,
                false,
            ));
        }
        let picture = Picture { width: 720, height: 680 };
        gallery.add_raster(
            "3.11",
            picture,
            &layers::weight_maps(findings, "mlp", &["hidden1", "output"])?,
        )?;
        gallery.add_raster(
            "3.12",
            Picture { width: 760, height: 340 },
            &HeatMaps { maps: means, n_columns: 2 },
        )?;
        for (part, spec) in ["a", "b", "c"].iter().zip(specs(&[MLPS[0], MLPS[2], MLPS[3]])) {
            diagram::draw(gallery, &format!("3.13{part}"), &spec)?;
        }
        Ok(())
    }
}
