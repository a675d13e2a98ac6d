//! CNNs layer by layer (thesis sec. 3.4): figures 3.17 to 3.23.

use ndarray::{ArrayView1, Axis, s};
use vitrine_figures::{ColourMap, HeatMap, HeatMaps, Picture};
use vitrine_model::NetworkSpec;

use super::{CNNS, specs};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::{diagram, layers};

pub struct ConvLayers;

static ABOUT: About = About {
    id: "3.4-conv",
    title: "CNNs layer by layer: weights, averaged activations, the slice at jump 50",
    figures: &["3.17", "3.18", "3.19", "3.20", "3.21", "3.22", "3.23"],
    tables: &[],
    claims: &[],
};

/// Figures with their networks.
const SHOWN: [(&str, &str); 4] =
    [("3.18", CNNS[0]), ("3.19", "cnn:100,conv5,60"), ("3.21", CNNS[1]), ("3.23", CNNS[2])];
/// The jump of the slice.
const JUMP: usize = 50;

fn shown() -> Vec<NetworkSpec> {
    specs(&SHOWN.map(|(_, spec)| spec))
}

impl Section for ConvLayers {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        shown().iter().map(|spec| plan.recipe(spec, plan.seeds[0])).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let signals = cx.evaluation(cx.plan.seeds[0]);
        let single = signals.jumps.iter().position(|&jump| jump == JUMP).unwrap_or(0);
        for (spec, (figure, _)) in shown().iter().zip(SHOWN) {
            let network = &cx.zoo.obtain(&[cx.plan.recipe(spec, cx.plan.seeds[0])])?[0].network;
            layers::keep(&mut findings, figure, network, &signals.dataset);
            for layer in network.capture(signals.dataset.inputs.slice(s![single..single + 1, ..])) {
                findings.array(&format!("{figure}_{}_single", layer.name), layer.post.row(0));
            }
        }
        findings.value("first_jump", cx.plan.settings.signals.first_jump)?;
        findings.value("single_signal_jump", signals.jumps[single])?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let first_jump: usize = findings.get("first_jump")?;
        for (figure, spec) in ["3.17", "3.20", "3.22"].iter().zip(specs(&CNNS)) {
            diagram::draw(gallery, figure, &spec)?;
        }
        for (spec, (figure, _)) in shown().iter().zip(SHOWN) {
            let mut maps = Vec::new();
            for layer in spec.layers() {
                let array = |what: &str| format!("{figure}_{}_{what}", layer.name);
                let mut weight = layers::weight_map(&layer.name, findings.matrix(&array("weight"))?);
                let means = findings.matrix(&array("means"))?;
                if layer.name.starts_with("conv") {
                    (weight.x_label, weight.y_label) = ("tap", "");
                }
                maps.push(weight);
                let is_signed = layer.name != "output";
                maps.push(layers::means_map(&layer.name, means, first_jump, is_signed));
                let slice = means.index_axis_move(Axis(0), JUMP.saturating_sub(first_jump));
                maps.push(strip(format!("{}: mean, jump at {JUMP}", layer.name), slice));
                maps.push(strip(
                    format!("{}: one signal, jump at {JUMP}", layer.name),
                    findings.vector(&array("single"))?,
                ));
            }
            let picture = Picture { width: 1_200, height: 250 * spec.layers().len() as u32 };
            gallery.add_raster(figure, picture, &HeatMaps { maps, n_columns: 4 })?;
        }
        Ok(())
    }
}

/// One vector of activations as a column of colours.
fn strip(title: String, values: ArrayView1<'_, f64>) -> HeatMap<'_> {
    HeatMap {
        title,
        x_label: "",
        y_label: "unit",
        value_label: "activation",
        first_column: 1,
        first_row: 1,
        values: values.insert_axis(Axis(1)),
        colours: ColourMap::Signed,
    }
}
