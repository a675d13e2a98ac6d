//! t-SNE of every layer, memorising and learning (thesis sec. 6.3): figures 6.5 and 6.6.

use ndarray::{Array2, ArrayView2, s};
use vitrine_data::Dataset;
use vitrine_figures::{Classes, Picture, Scatter, Scatters};
use vitrine_model::Network;

use super::{pair, shown, shuffled_training_set};
use crate::context::{Context, Plan};
use crate::embed::embed;
use crate::findings::Findings;
use crate::layers;
use crate::recipe::{Recipe, data_streams};
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct LayerMaps;

static ABOUT: About = About {
    id: "6.3-tsne",
    title: "t-SNE of every layer: memorising under both labellings, and beside learning",
    figures: &["6.5", "6.6"],
    tables: &[],
    claims: &[],
};

/// Signals embedded (thesis: the training set).
const N_SIGNALS: usize = 12_000;

impl Section for LayerMaps {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        [super::learning_recipe(plan, plan.seeds[0]), super::memorising_recipe(plan, plan.seeds[0])].into()
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let seed = cx.plan.seeds[0];
        let set = shuffled_training_set(&cx.plan, seed)?;
        let n = N_SIGNALS.min(set.n_samples());
        let inputs = set.inputs.slice(s![..n, ..]);
        let mut embed_layer = |name: &str, activations: ArrayView2<f32>| -> anyhow::Result<()> {
            let mut rng = data_streams(seed).rng(&format!("tsne/{name}"));
            embed(&cx.plan.settings.tsne, name, activations, &mut rng)?.keep(&mut findings, name)
        };
        embed_layer("input", inputs)?;
        for (network, of) in pair(cx, seed)?.iter().zip(["learning", "memorising"]) {
            for (layer, activations) in every_layer(&network.network, inputs) {
                embed_layer(&format!("{of}_{layer}"), activations.view())?;
            }
        }
        keep_labels(&mut findings, &set, n);
        findings.value("n_classes", set.n_classes)?;
        findings.value("first_jump", cx.plan.settings.signals.first_jump)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let labels = |name: &str| -> anyhow::Result<Vec<usize>> {
            Ok(findings.vector(name)?.iter().map(|&label| label as usize).collect())
        };
        let (true_labels, shuffled) = (labels("true_labels")?, labels("shuffled_labels")?);
        let classes = Classes::Ordered {
            label: "jump position",
            first: findings.get("first_jump")?,
            n_classes: findings.get("n_classes")?,
        };
        let mut both_labellings = Vec::new();
        let mut both_networks = Vec::new();
        for layer in layer_names() {
            let cloud = |of: &str, labelling: &str, labels| {
                let name = if layer == "input" { layer.clone() } else { format!("{of}_{layer}") };
                anyhow::Ok(Scatter {
                    title: format!("{layer}: {labelling}"),
                    points: findings.matrix(&format!("{name}_points"))?,
                    labels,
                    axes: None,
                    joins_means: false,
                })
            };
            both_labellings.push(cloud("memorising", "memorising, true labels", &true_labels)?);
            both_labellings.push(cloud("memorising", "memorising, shuffled labels", &shuffled)?);
            both_networks.push(cloud("memorising", "memorising, shuffled labels", &shuffled)?);
            both_networks.push(cloud("learning", "learning, true labels", &true_labels)?);
        }
        let picture = Picture { width: 760, height: 320 * layer_names().len() as u32 };
        for (figure, clouds) in [("6.5", both_labellings), ("6.6", both_networks)] {
            gallery.add_raster(figure, picture, &Scatters { clouds, classes, n_columns: 2 })?;
        }
        Ok(())
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut table = Table::new(["map", "KL divergence", "trustworthiness", "neighbours kept"]);
        for (name, kl_divergence) in &findings.values {
            let Some(name) = name.strip_suffix("_kl_divergence") else { continue };
            let quality: serde_json::Value = findings.get(&format!("{name}_quality")).unwrap_or_default();
            let number = |value: &serde_json::Value| format!("{:.4}", value.as_f64().unwrap_or(f64::NAN));
            let shares = [&quality["trustworthiness"], &quality["neighbour_preservation"]].map(number);
            table.row([name.to_string(), number(kl_divergence)].into_iter().chain(shares));
        }
        vec![("-maps".into(), table)]
    }
}

/// The input and the layers of the network.
fn layer_names() -> Vec<String> {
    let layers = shown().layers().iter().map(|layer| layer.name.clone()).collect::<Vec<_>>();
    std::iter::once("input".to_string()).chain(layers).collect()
}

/// Activations of every layer by name.
fn every_layer(network: &Network, inputs: ArrayView2<f32>) -> Vec<(String, Array2<f32>)> {
    let layers = network.spec.layers().iter().enumerate();
    layers.map(|(l, layer)| (layer.name.clone(), layers::activations(network, inputs, l))).collect()
}

fn keep_labels(findings: &mut Findings, set: &Dataset, n: usize) {
    findings.counts("shuffled_labels", &set.labels[..n]);
    findings.counts("true_labels", &set.true_labels()[..n]);
}
