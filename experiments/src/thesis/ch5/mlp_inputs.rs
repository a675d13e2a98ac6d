//! What MLPs of one to four layers want to see (thesis sec. 5.1): figures 5.1 and 5.2; and what the posterior wants to.

use anyhow::Context as _;
use ndarray::{Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};
use vitrine_explain::ascent::{Ascended, Ending};
use vitrine_figures::{ColourMap, HeatMap, HeatMaps, Picture, SignalPanel, SignalPanels};
use vitrine_lab::{About, Agreement, Gallery, Matrix, Recipe, Saved, Study, Vector};

use super::looks::Look;
use super::made::{make, of_one_length};
use super::seen::{blur_with_depth, clarity_of_one_layer};
use super::shown::{made_panel, n_layers};
use crate::thesis::Context;
use crate::thesis::detector::bayes_network;
use crate::thesis::networks::{MLPS, specs};

pub struct MlpInputs;

static ABOUT: About = About {
    id: "5.1-mlp-inputs",
    title: "Inputs that MLPs of one to four layers answer with 99.9 %, made by gradient ascent",
    figures: &["5.1", "5.2"],
    tables: &[],
    claims: &[],
};

/// The jumps that inputs are shown of.
const JUMPS: [usize; 4] = [21, 40, 60, 80];

/// Inputs made by the networks of the first seed, and how those of every seed look.
#[derive(Serialize, Deserialize)]
pub struct Found {
    /// The jumps that inputs are shown of.
    jumps: Vector,
    first_jump: usize,
    /// Of one layer, of two, …
    mlps: Vec<OfMlp>,
    /// Where the posterior is a network of one layer.
    posterior: Option<ShownInputs>,
}

/// Inputs of one MLP.
#[derive(Serialize, Deserialize)]
struct OfMlp {
    shown: ShownInputs,
    /// Means over starts, `[n_classes, n_inputs]`.
    means: Matrix,
    /// How the input of each jump shown looks, by seed.
    looks: Vec<Vec<Look>>,
}

/// One made input of each jump shown.
#[derive(Serialize, Deserialize)]
struct ShownInputs {
    /// `[n_jumps, n_inputs]`.
    inputs: Matrix,
    /// How the ascent of each ended.
    outcomes: Vec<Ending>,
}

impl Study for MlpInputs {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&specs(&MLPS))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let (settings, seed) = (&cx.plan.settings, cx.plan.first_seed());
        let (first_jump, last_jump) = (settings.signals.first_jump, settings.signals.last_jump);
        let jumps: Vec<usize> = JUMPS.into_iter().filter(|j| (first_jump..=last_jump).contains(j)).collect();
        anyhow::ensure!(
            !jumps.is_empty(),
            "no jump of {JUMPS:?} is among the signals' jumps, {first_jump} to {last_jump}"
        );
        let classes: Vec<usize> = jumps.iter().map(|jump| jump - first_jump).collect();
        let all: Vec<usize> = (0..settings.signals.n_classes()).collect();
        let n_starts = settings.n_starts;
        let mut mlps = Vec::new();
        for spec in specs(&MLPS) {
            let networks = cx.networks(&spec)?;
            let made = make(&networks[0].network, seed, &all, n_starts, &settings.ascent)?.ascended;
            let means = means_over_starts(made.inputs.view(), n_starts);
            let (mut shown, mut looks) = (None, Vec::new());
            for (trained, &seed) in networks.iter().zip(&cx.plan.seeds) {
                cx.zoo.stop().check()?;
                // The thesis shows one input of each of four classes.
                let made = make(&trained.network, seed, &classes, 1, &settings.ascent)?.ascended;
                let inputs = made.inputs.rows().into_iter().zip(&made.endings).zip(&jumps);
                looks.push(inputs.map(|((input, &ending), &jump)| Look::of(input, jump, ending)).collect());
                shown.get_or_insert_with(|| ShownInputs::of(&made));
            }
            let shown = shown.context("no seeds")?;
            mlps.push(OfMlp { shown, means: Saved(means), looks });
        }
        let posterior = match bayes_network(&settings.signals) {
            Some(network) => {
                let made = make(&network, seed, &classes, 1, &of_one_length(&settings.ascent))?.ascended;
                Some(ShownInputs::of(&made))
            }
            None => None,
        };
        Ok(Found { jumps: Vector::of_counts(&jumps), first_jump, mlps, posterior })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let by_depth: Vec<&[Vec<Look>]> = found.mlps.iter().map(|mlp| mlp.looks.as_slice()).collect();
        vec![clarity_of_one_layer(by_depth[0]), blur_with_depth(&by_depth)]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let jumps = found.jumps.counts();
        let by_depth = || found.mlps.iter().zip((1..).map(n_layers));
        let panels: Vec<SignalPanel> =
            by_depth().flat_map(|(mlp, depth)| mlp.shown.panels(&depth, &jumps)).collect();
        let first = SignalPanels { panels: panels[..jumps.len()].to_vec(), n_columns: 2 };
        gallery.add("5.1", Picture { width: 640, height: 440 }, &first)?;
        let width = 270 * jumps.len() as u32;
        let grid = SignalPanels { panels, n_columns: jumps.len() };
        gallery.add("5.2", Picture { width, height: 760 }, &grid)?;
        if let Some(posterior) = &found.posterior {
            let panels = posterior.panels("posterior", &jumps);
            let posterior = SignalPanels { panels, n_columns: 2 };
            gallery.add("5.1-posterior", Picture { width: 640, height: 440 }, &posterior)?;
        }
        let maps = by_depth().map(|(mlp, depth)| means_map(depth, mlp.means.view(), found.first_jump));
        let maps = HeatMaps { maps: maps.collect(), n_columns: 2 };
        gallery.add_raster("5.2-means", Picture { width: 800, height: 680 }, &maps)
    }
}

impl ShownInputs {
    fn of(made: &Ascended) -> ShownInputs {
        ShownInputs { inputs: Matrix::of(made.inputs.view()), outcomes: made.endings.clone() }
    }

    fn panels(&self, whose: &str, jumps: &[usize]) -> Vec<SignalPanel> {
        let inputs = self.inputs.rows().into_iter().zip(&self.outcomes).zip(jumps);
        let panel =
            |((input, &outcome), &jump)| made_panel(&format!("{whose}, jump {jump}"), input, outcome, jump);
        inputs.map(panel).collect()
    }
}

/// Means over the rows of each class, `n_starts` one after the other.
fn means_over_starts(inputs: ArrayView2<f32>, n_starts: usize) -> Array2<f64> {
    let mut means = Array2::zeros((inputs.nrows() / n_starts, inputs.ncols()));
    for (mut mean, of_class) in means.rows_mut().into_iter().zip(inputs.axis_chunks_iter(Axis(0), n_starts)) {
        mean.assign(&of_class.mapv(f64::from).mean_axis(Axis(0)).expect("at least one start"));
    }
    means
}

fn means_map(depth: String, means: ArrayView2<'_, f64>, first_jump: usize) -> HeatMap<'_> {
    HeatMap {
        title: format!("{depth}: mean made input"),
        x_label: "position i",
        y_label: "jump position",
        value_label: "input x[i]",
        first_column: 1,
        first_row: first_jump,
        values: means,
        colours: ColourMap::Signed,
    }
}
