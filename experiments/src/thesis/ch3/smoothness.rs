//! Do averaged activations vary smoothly with the jump position? (thesis sec. 3.3.2): claim C4.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::smoothness::Smoothness;
use vitrine_lab::activations::averaged_activations;
use vitrine_lab::{About, Claim, Recipe, Study, data_streams};

use crate::thesis::Context;
use crate::thesis::extremes::largest;
use crate::thesis::networks::{MLPS, specs};
use crate::thesis::paper::registered;

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

/// Roughness of the hidden layers, by network and seed.
#[derive(Serialize, Deserialize)]
pub struct Found {
    n_seeds: usize,
    networks: BTreeMap<String, Vec<Vec<LayerRoughness>>>,
}

/// One hidden layer.
#[derive(Serialize, Deserialize)]
struct LayerRoughness {
    layer: String,
    roughness: f64,
    shuffled: f64,
    p_value: f64,
}

impl Study for AveragedSmoothness {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&specs(&MLPS[1..]))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let mut networks = BTreeMap::new();
        for spec in specs(&MLPS[1..]) {
            let mut per_seed = Vec::new();
            for (network, &seed) in cx.networks(&spec)?.iter().zip(&cx.plan.seeds) {
                let mut rng = data_streams(seed).rng(&format!("smoothness/{spec}"));
                let mut layers = averaged_activations(&network.network, &cx.evaluation(seed).dataset);
                layers.pop();
                let of_layers = layers.into_iter().map(|(layer, means)| {
                    let s = Smoothness::of(means.view(), N_SHUFFLES, &mut rng);
                    LayerRoughness {
                        layer,
                        roughness: s.roughness,
                        shuffled: s.shuffled_mean,
                        p_value: s.p_value,
                    }
                });
                per_seed.push(of_layers.collect());
            }
            networks.insert(spec.to_string(), per_seed);
        }
        Ok(Found { n_seeds: cx.plan.seeds.len(), networks })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let worst_of_seed = |seed: usize| {
            let layers = found.networks.values().flat_map(|per_seed| &per_seed[seed]);
            largest(&layers.map(|layer| layer.roughness / layer.shuffled).collect::<Vec<_>>())
        };
        let worst: Vec<f64> = (0..found.n_seeds).map(worst_of_seed).collect();
        vec![registered("C4").over(&worst)]
    }
}
