//! Do averaged activations vary smoothly with the jump position? (thesis sec. 3.3.2): claim C4.

use serde_json::json;
use vitrine_analysis::smoothness::Smoothness;

use super::{MLPS, specs};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::layers::averaged_activations;
use crate::recipe::{Recipe, data_streams};
use crate::section::{About, Section};

pub struct AveragedSmoothness;

static ABOUT: About = About {
    id: "3.3-smoothness",
    title: "Averaged hidden activations along the jump position, against shuffled positions",
    figures: &[],
    tables: &[],
    claims: &["C4"],
};

/// Orders that the jump positions are shuffled into.
const N_SHUFFLES: usize = 999;

impl Section for AveragedSmoothness {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.recipes(&specs(&MLPS[1..]))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        for spec in specs(&MLPS[1..]) {
            let mut per_seed = Vec::new();
            for (network, &seed) in cx.networks(&spec)?.iter().zip(&cx.plan.seeds) {
                let mut rng = data_streams(seed).rng(&format!("smoothness/{spec}"));
                let mut layers = averaged_activations(&network.network, &cx.evaluation(seed).dataset);
                layers.pop();
                let of_layers = layers.iter().map(|(layer, means)| {
                    let s = Smoothness::of(means.view(), N_SHUFFLES, &mut rng);
                    json!({ "layer": layer, "roughness": s.roughness, "shuffled": s.shuffled_mean, "p_value": s.p_value })
                });
                per_seed.push(of_layers.collect::<Vec<_>>());
            }
            findings.value(&spec.to_string(), per_seed)?;
        }
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let worst_of_seed = |seed: usize| -> Option<f64> {
            let ratios = findings.values.values().flat_map(|spec| {
                let layers = spec[seed].as_array().cloned().unwrap_or_default();
                layers.into_iter().filter_map(|l| Some(l["roughness"].as_f64()? / l["shuffled"].as_f64()?))
            });
            ratios.reduce(f64::max)
        };
        let worst: Vec<f64> = (0..findings.seeds.len()).filter_map(worst_of_seed).collect();
        Ok(vec![Claim::test(
            "C4",
            "Averaged hidden activations vary smoothly with the jump position.",
            "roughness along the jump position over that with positions shuffled, the worst hidden layer of the MLPs of 2 to 4 layers, below 0.1",
            &worst,
            Side::Below,
            0.1,
        )])
    }
}
