//! What conv filters learned (thesis sec. 3.4): smoothers, differentiators and mixed ones by length and by position,
//! claims C5 and C6.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use vitrine_analysis::filters::{Filter, FilterKind, FilterRule};
use vitrine_lab::activations::unit_activity;
use vitrine_lab::claim::{Above, Claim, claim};
use vitrine_lab::{About, Recipe, Study, Table};
use vitrine_model::{Activation, NetworkSpec};

use crate::thesis::Context;
use crate::thesis::networks::{CNNS, spec, specs};

pub struct ConvFilters;

static ABOUT: About = About {
    id: "3.4-conv-filters",
    title: "Conv filters: the share of smoothers, differentiators and mixed ones by length and position",
    figures: &[],
    tables: &[],
    claims: &["C5", "C6"],
};

/// Lengths of the one filter.
const LENGTHS: [usize; 5] = [3, 5, 7, 9, 11];
/// Kinds of filters in the order of the table.
const KINDS: [FilterKind; 4] =
    [FilterKind::Smoother, FilterKind::Mixed, FilterKind::Differentiator, FilterKind::Dead];

/// Every learned filter.
#[derive(Serialize, Deserialize)]
pub struct Found {
    n_seeds: usize,
    filters: Vec<Learned>,
}

/// One learned filter.
#[derive(Serialize, Deserialize)]
struct Learned {
    network: String,
    layer: String,
    /// Its place among the conv layers, from 0.
    place: usize,
    seed: u64,
    kind: FilterKind,
    smoothing_share: Option<f64>,
}

/// The network of one conv layer of that length.
fn of_length(length: usize) -> String {
    format!("cnn:100,conv{length},60")
}

/// One conv layer of each length, without and with ReLU, and the networks of two and three conv layers.
fn networks() -> Vec<NetworkSpec> {
    let ones = LENGTHS.iter().flat_map(|&n| [spec(&of_length(n)), spec(&format!("cnn:100,conv{n}+relu,60"))]);
    ones.chain(specs(&CNNS[1..])).collect()
}

impl Study for ConvFilters {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&networks())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let mut filters = Vec::new();
        for spec in networks() {
            for (trained, &seed) in cx.networks(&spec)?.iter().zip(&cx.plan.seeds) {
                let network = &trained.network;
                let local = spec.layers().iter().enumerate().filter(|(_, layer)| layer.op.is_local());
                for (place, (layer_idx, layer)) in local.enumerate() {
                    let kernel = network.weights().matrix(&layer.name, "weight").context("a conv layer")?;
                    let filter = Filter::from_kernel(kernel.row(0));
                    let is_active = || {
                        let activity = unit_activity(network, cx.evaluation(seed).dataset.rows());
                        activity[layer_idx].dead_units().len() < layer.n_units
                    };
                    let ever_active = layer.activation != Some(Activation::Relu) || is_active();
                    let share = filter.smoothing_share();
                    filters.push(Learned {
                        network: spec.to_string(),
                        layer: layer.name.clone(),
                        place,
                        seed,
                        kind: FilterRule::default().kind(&filter, ever_active),
                        smoothing_share: share.is_finite().then_some(share),
                    });
                }
            }
        }
        Ok(Found { n_seeds: cx.plan.seeds.len(), filters })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let of = |network: &str, place: usize| -> Vec<&Learned> {
            found.filters.iter().filter(|l| l.network == network && l.place == place).collect()
        };
        let of_lengths = |lengths: &[usize], is: fn(FilterKind) -> bool| -> Vec<bool> {
            lengths.iter().flat_map(|&n| of(&of_length(n), 0)).map(|filter| is(filter.kind)).collect()
        };
        let in_order: Vec<bool> = of(CNNS[1], 0)
            .into_iter()
            .zip(of(CNNS[1], 1))
            .map(|(first, second)| first.kind == FilterKind::Smoother && is_derivative(second.kind))
            .collect();
        let is_smoother = |kind| kind == FilterKind::Smoother;
        let share = |id: &str, of_what: &str, outcomes: &[bool]| {
            claim(id, format!("share of {of_what}")).share_of(outcomes, found.n_seeds).is(Above(0.5))
        };
        vec![
            share(
                "C5.long",
                "filters of 7, 9 and 11 taps with both signs",
                &of_lengths(&[7, 9, 11], is_derivative),
            ),
            share(
                "C5.short",
                "filters of 3 and 5 taps that are smoothers",
                &of_lengths(&[3, 5], is_smoother),
            ),
            share("C6.order", "networks whose first filter smooths and second has both signs", &in_order),
        ]
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut counts: BTreeMap<(&str, &str), [usize; KINDS.len()]> = BTreeMap::new();
        for filter in &found.filters {
            let counts = counts.entry((&filter.network, &filter.layer)).or_default();
            counts[KINDS.iter().position(|kind| *kind == filter.kind).unwrap_or(0)] += 1;
        }
        let mut table = Table::new(["network", "layer"].into_iter().chain(KINDS.map(FilterKind::word)));
        for ((network, layer), counts) in counts {
            let counts = counts.map(|count| count.to_string());
            table.row([network.to_string(), layer.to_string()].into_iter().chain(counts));
        }
        vec![("-filters".into(), table)]
    }
}

fn is_derivative(kind: FilterKind) -> bool {
    matches!(kind, FilterKind::Differentiator | FilterKind::Mixed)
}
