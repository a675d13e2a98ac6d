//! What CNNs want to see, and what their conv layers make of it (thesis sec. 5.2): figures 5.3 to 5.5.

use vitrine_figures::{Picture, SignalPanel, SignalPanels};
use vitrine_model::ascent::Outcome;

use super::made::{in_words, make};
use crate::ch3::{CNNS, specs};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::Gallery;
use crate::section::{About, Section};

pub struct CnnInputs;

static ABOUT: About = About {
    id: "5.2-cnn-inputs",
    title: "An input made for jump 50 by gradient ascent, and the signal after every conv layer",
    figures: &["5.3", "5.4", "5.5"],
    tables: &[],
    claims: &[],
};

/// The jump that inputs are made for.
const JUMP: usize = 50;
const FIGURES: [&str; 3] = ["5.3", "5.4", "5.5"];

impl Section for CnnInputs {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        specs(&CNNS).iter().map(|spec| plan.recipe(spec, plan.seeds[0])).collect()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let (settings, seed) = (&cx.plan.settings, cx.plan.seeds[0]);
        let signals = &settings.signals;
        anyhow::ensure!(
            (signals.first_jump..=signals.last_jump).contains(&JUMP),
            "jump {JUMP} is no class: --set signals"
        );
        for (spec, figure) in specs(&CNNS).iter().zip(FIGURES) {
            let network = &cx.zoo.obtain(&[cx.plan.recipe(spec, seed)])?[0].network;
            let made = make(network, seed, &[JUMP - signals.first_jump], 1, &settings.ascent)?;
            findings.value(&format!("outcome {figure}"), made.ascended.outcomes[0])?;
            findings.array(&format!("{figure}_input"), made.ascended.inputs.row(0));
            for layer in network.capture(made.ascended.inputs.view()) {
                if layer.name.starts_with("conv") {
                    findings.array(&format!("{figure}_{}", layer.name), layer.post.row(0));
                }
            }
        }
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (spec, figure) in specs(&CNNS).iter().zip(FIGURES) {
            let outcome: Outcome = findings.get(&format!("outcome {figure}"))?;
            let panel = |name: &str, title: String, y_label| {
                let signal = findings.vector(&format!("{figure}_{name}"))?.to_vec();
                anyhow::Ok(SignalPanel { title, y_label, signal, jump: Some(JUMP), ..SignalPanel::default() })
            };
            let mut panels = vec![panel("input", format!("input: {}", in_words(outcome)), "input x[i]")?];
            for layer in spec.layers().iter().filter(|l| l.name.starts_with("conv")) {
                let taps = layer.weight_shape().1;
                panels.push(panel(&layer.name, format!("after {}, {taps} taps", layer.name), "activation")?);
            }
            let n_columns = panels.len();
            let picture = Picture { width: 290 * n_columns as u32, height: 250 };
            gallery.add(figure, picture, &SignalPanels { panels, n_columns })?;
        }
        Ok(())
    }
}
