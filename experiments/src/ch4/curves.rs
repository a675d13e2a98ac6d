//! Are two-unit codes a curve that keeps clear of itself, and does it matter? (thesis sec. 4.3.1): figure 4.11.

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use vitrine_analysis::curves::CurveShape;
use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::statistics::pearson;
use vitrine_figures::{Classes, Picture, Scatter, Scatters};

use super::Depth;
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::layers;
use crate::preset::Preset;
use crate::recipe::{Recipe, data_streams};
use crate::rows::BLOCK;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct Curves;

static ABOUT: About = About {
    id: "4.3-curves",
    title: "Curves of codes: self-intersections and clearance, against the network's error",
    figures: &["4.11"],
    tables: &[],
    claims: &[],
};

/// Deep two-unit bottlenecks that are compared, each with a seed of its own; one alone has no correlation.
const N_NETWORKS: u64 = 12;

/// One network's curve and error.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Measured {
    seed: u64,
    shape: CurveShape,
    clearance: f64,
    p99_l1: f64,
}

fn recipes(plan: &Plan) -> Vec<Recipe> {
    let n = if plan.preset == Preset::Smoke { 3 } else { N_NETWORKS };
    (0..n.max(plan.seeds.len() as u64)).map(|seed| plan.recipe(&Depth::Deep.spec(2), seed)).collect()
}

impl Section for Curves {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        recipes(plan)
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let settings = &cx.plan.settings;
        let code = Depth::Deep.spec(2).code_layer().unwrap_or(0);
        let mut measured: Vec<Measured> = Vec::new();
        let mut curves: Vec<Array2<f64>> = Vec::new();
        for trained in cx.zoo.obtain(&recipes(&cx.plan))? {
            let seed = trained.recipe.seed;
            // As many signals as of the other sections, but drawn for each network alone and not kept.
            let streams = data_streams(seed).child("evaluation");
            let signals = settings.signals.draw(settings.n_evaluation, &streams);
            let (_, means) =
                layers::averaged_activations(&trained.network, &signals.dataset).swap_remove(code);
            let labels = trained.network.predict(signals.dataset.inputs.view());
            let estimates: Vec<usize> = labels.iter().map(|&label| settings.signals.jump_of(label)).collect();
            let shape = CurveShape::of(means.view());
            let p99_l1 = DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK).p99_l1;
            measured.push(Measured { seed, shape, clearance: shape.clearance(), p99_l1 });
            curves.push(means);
        }
        let crossings: Vec<f64> = measured.iter().map(|m| m.shape.n_self_intersections as f64).collect();
        let clearances: Vec<f64> = measured.iter().map(|m| m.clearance).collect();
        let errors: Vec<f64> = measured.iter().map(|m| m.p99_l1).collect();
        findings
            .value("correlation_of_error_with_self_intersections", finite(pearson(&crossings, &errors)))?;
        findings.value("correlation_of_error_with_clearance", finite(pearson(&clearances, &errors)))?;
        // Poor is what crosses itself most, and of those what lies closest to itself; good is the other end.
        let order = |a: &&Measured, b: &&Measured| {
            let crossings = b.shape.n_self_intersections.cmp(&a.shape.n_self_intersections);
            crossings.then(a.clearance.total_cmp(&b.clearance))
        };
        for (name, chosen) in
            [("poor", measured.iter().min_by(order)), ("good", measured.iter().max_by(order))]
        {
            if let Some(chosen) = chosen {
                let nth = measured.iter().position(|m| m.seed == chosen.seed).unwrap_or(0);
                findings.array(name, curves[nth].view());
                findings.value(name, chosen)?;
            }
        }
        findings.value("networks", &measured)?;
        findings.value("first_jump", settings.signals.first_jump)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let n_classes = findings.matrix("good")?.nrows();
        let labels: Vec<usize> = (0..n_classes).collect();
        let cloud = |name: &str| {
            let of: Measured = findings.get(name)?;
            let (crossings, clearance, error) = (of.shape.n_self_intersections, of.clearance, of.p99_l1);
            anyhow::Ok(Scatter {
                title: format!("{name}: {crossings} crossings, clearance {clearance:.2}, 99 % L1 {error:.2}"),
                points: findings.matrix(name)?,
                labels: &labels,
                axes: Some(("first unit", "second unit")),
                joins_means: true,
            })
        };
        let clouds = vec![cloud("poor")?, cloud("good")?];
        let classes =
            Classes::Ordered { label: "jump position", first: findings.get("first_jump")?, n_classes };
        gallery.add("4.11", Picture { width: 860, height: 400 }, &Scatters { clouds, classes, n_columns: 2 })
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut table = Table::new(["seed", "self-intersections", "clearance", "99 % L1"]);
        for m in findings.get::<Vec<Measured>>("networks").unwrap_or_default() {
            let numbers = [format!("{:.3}", m.clearance), format!("{:.4}", m.p99_l1)];
            table.row(
                [m.seed.to_string(), m.shape.n_self_intersections.to_string()].into_iter().chain(numbers),
            );
        }
        vec![("-curves".into(), table)]
    }
}

/// JSON has no NaN.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
