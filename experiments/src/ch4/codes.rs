//! Codes of two-unit bottlenecks (thesis sec. 4.2): figures 4.7 and 4.8.

use vitrine_figures::{Classes, Picture, Scatter, Scatters};

use super::{DEPTHS, Depth};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::layers;
use crate::recipe::{Recipe, data_streams};
use crate::run_folder::Gallery;
use crate::section::{About, Section};

pub struct Codes;

static ABOUT: About = About {
    id: "4.2-codes",
    title: "Codes of two-unit bottlenecks: every training signal, and the class means along the jump position",
    figures: &["4.7", "4.8"],
    tables: &[],
    claims: &[],
};

impl Section for Codes {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        DEPTHS.iter().map(|depth| plan.recipe(&depth.spec(2), plan.seeds[0])).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let settings = &cx.plan.settings;
        let seed = cx.plan.seeds[0];
        let training = settings.signals.draw(settings.n_train, &data_streams(seed).child("train")).dataset;
        for (depth, trained) in DEPTHS.iter().zip(cx.zoo.obtain(&self.recipes(&cx.plan))?) {
            let code = depth.spec(2).code_layer().unwrap_or(0);
            let codes = layers::activations(&trained.network, training.inputs.view(), code);
            findings.array(&format!("{}_codes", depth.name()), codes.view());
            let (_, means) = layers::averaged_activations(&trained.network, &cx.evaluation(seed).dataset)
                .swap_remove(code);
            findings.array(&format!("{}_means", depth.name()), means.view());
        }
        findings.counts("labels", &training.labels);
        findings.value("n_classes", training.n_classes)?;
        findings.value("first_jump", settings.signals.first_jump)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let labels: Vec<usize> = findings.vector("labels")?.iter().map(|&label| label as usize).collect();
        let n_classes: usize = findings.get("n_classes")?;
        let every_class: Vec<usize> = (0..n_classes).collect();
        let classes =
            Classes::Ordered { label: "jump position", first: findings.get("first_jump")?, n_classes };
        for (figure, depth) in [("4.7", Depth::Shallow), ("4.8", Depth::Deep)] {
            let cloud = |what: &str, title: &str, labels, joins_means| {
                anyhow::Ok(Scatter {
                    title: title.into(),
                    points: findings.matrix(&format!("{}_{what}", depth.name()))?,
                    labels,
                    axes: Some(("first unit", "second unit")),
                    joins_means,
                })
            };
            let clouds = vec![
                cloud("codes", "every training signal", &labels, false)?,
                cloud("means", "class means", &every_class, true)?,
            ];
            let map = Scatters { clouds, classes, n_columns: 2 };
            gallery.add_raster(figure, Picture { width: 860, height: 400 }, &map)?;
        }
        Ok(())
    }
}
