//! What CNNs want to see, and what their conv layers make of it (thesis sec. 5.2): figures 5.3 to 5.5.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use vitrine_explain::ascent::{Ascended, Ending};
use vitrine_figures::{Picture, SignalPanel, SignalPanels, edge_before};
use vitrine_lab::activations::averaged_activations;
use vitrine_lab::{About, Agreement, Gallery, Recipe, Study, Vector};
use vitrine_model::Network;

use super::made::make;
use super::on_the_way::{OnTheWay, drops_behind, sharpens};
use super::shown::made_panel;
use crate::thesis::Context;
use crate::thesis::networks::{CNNS, spec, specs};

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
/// Figures with their networks.
const FIGURES: [(&str, &str); 3] = [("5.3", CNNS[0]), ("5.4", CNNS[1]), ("5.5", CNNS[2])];

/// Made inputs on their way through networks, by figure.
#[derive(Serialize, Deserialize)]
pub struct Found {
    figures: BTreeMap<String, Figure>,
}

/// A figure, and what it is about in numbers.
#[derive(Serialize, Deserialize)]
struct Figure {
    /// Of the first seed.
    shown: MadeAndFiltered,
    per_seed: Vec<OnTheWay>,
}

/// A made input, and what the conv layers make of it.
#[derive(Serialize, Deserialize)]
struct MadeAndFiltered {
    input: Vector,
    outcome: Ending,
    convs: Vec<AfterConv>,
}

/// The signal after a conv layer.
#[derive(Serialize, Deserialize)]
struct AfterConv {
    layer: String,
    n_taps: usize,
    signal: Vector,
}

impl Study for CnnInputs {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&specs(&CNNS))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let settings = &cx.plan.settings;
        let (first_jump, last_jump) = (settings.signals.first_jump, settings.signals.last_jump);
        anyhow::ensure!(
            (first_jump..=last_jump).contains(&JUMP),
            "jump {JUMP} is not among the signals' jumps, {first_jump} to {last_jump}"
        );
        let mut figures = BTreeMap::new();
        for (figure, name) in FIGURES {
            let (mut shown, mut per_seed) = (None, Vec::new());
            for (trained, &seed) in cx.networks(&spec(name))?.iter().zip(&cx.plan.seeds) {
                cx.zoo.stop().check()?;
                let (network, class) = (&trained.network, JUMP - first_jump);
                let made = make(network, seed, &[class], 1, &settings.ascent)?;
                let made = MadeAndFiltered::of(network, &made.ascended);
                let signals = std::iter::once(&made.input).chain(made.convs.iter().map(|conv| &conv.signal));
                let averaged = averaged_activations(network, &cx.evaluation(seed).dataset).swap_remove(0).1;
                per_seed.push(OnTheWay::of(signals.map(|signal| signal.view()), averaged.row(class), JUMP));
                shown.get_or_insert(made);
            }
            let shown = shown.context("no seeds")?;
            figures.insert(figure.to_string(), Figure { shown, per_seed });
        }
        Ok(Found { figures })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let [one, two, three] =
            FIGURES.map(|(figure, _)| (figure, found.figures[figure].per_seed.as_slice()));
        vec![drops_behind(one.0, one.1), sharpens(two.0, two.1), sharpens(three.0, three.1)]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (figure, Figure { shown, .. }) in &found.figures {
            let panels = shown.panels();
            let n_columns = panels.len();
            let picture = Picture { width: 290 * n_columns as u32, height: 250 };
            gallery.add(figure, picture, &SignalPanels { panels, n_columns })?;
        }
        Ok(())
    }
}

impl MadeAndFiltered {
    fn of(network: &Network, made: &Ascended) -> MadeAndFiltered {
        let mut convs = Vec::new();
        for (layer, activations) in network.spec().layers().iter().zip(network.capture(made.inputs.view())) {
            if let Some(n_taps) = layer.kernel_size() {
                let signal = Vector::of(activations.post.row(0));
                convs.push(AfterConv { layer: layer.name.clone(), n_taps, signal });
            }
        }
        MadeAndFiltered { input: Vector::of(made.inputs.row(0)), outcome: made.endings[0], convs }
    }

    fn panels(&self) -> Vec<SignalPanel> {
        let mut panels = vec![made_panel("input", self.input.view(), self.outcome, JUMP)];
        panels.extend(self.convs.iter().map(|AfterConv { layer, n_taps, signal }| SignalPanel {
            title: format!("after {layer}, {n_taps} taps"),
            y_label: "activation",
            signal: signal.to_vec(),
            mark: Some(edge_before(JUMP)),
            ..SignalPanel::default()
        }));
        panels
    }
}
