//! What conv filters learned (thesis sec. 3.4): smoothers, differentiators and mixed ones by length and by position,
//! claims C5 and C6.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use vitrine_analysis::filters::{Filter, FilterKind, FilterRule};
use vitrine_analysis::statistics::mean;
use vitrine_lab::activations::unit_activity;
use vitrine_lab::{About, Claim, Recipe, Study, Table};
use vitrine_model::{Activation, NetworkSpec};

use crate::thesis::Context;
use crate::thesis::networks::{CNNS, spec, specs};
use crate::thesis::paper::registered;

pub struct ConvFilters;

static ABOUT: About = About {
    id: "3.4-conv-filters",
    title: "Conv filters: how many smooth, differentiate or do both, by length and position",
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
    seeds: Vec<u64>,
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
        Ok(Found { seeds: cx.plan.seeds.to_vec(), filters })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let shares = |lengths: &[usize], is: fn(FilterKind) -> bool| {
            found.by_seed(|seed| {
                let kinds = lengths.iter().map(|&length| found.kind(&of_length(length), 0, seed));
                let are: Option<Vec<f64>> = kinds.map(|kind| Some(one_if(is(kind?)))).collect();
                Some(mean(&are?))
            })
        };
        let in_order = found.by_seed(|seed| {
            let (first, second) = (found.kind(CNNS[1], 0, seed)?, found.kind(CNNS[1], 1, seed)?);
            Some(one_if(is_smoother(first) && is_derivative(second)))
        });
        vec![
            registered("C5.long").over(&shares(&[7, 9, 11], is_derivative)),
            registered("C5.short").over(&shares(&[3, 5], is_smoother)),
            registered("C6.order").over(&in_order),
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

impl Found {
    /// What is so of each seed: its filters share its signals, and only seeds are independent.
    fn by_seed(&self, of: impl Fn(u64) -> Option<f64>) -> Vec<f64> {
        self.seeds.iter().map(|&seed| of(seed).unwrap_or(f64::NAN)).collect()
    }

    /// The kind of a network's filter of that place in one seed.
    fn kind(&self, network: &str, place: usize, seed: u64) -> Option<FilterKind> {
        let is_it = |l: &&Learned| l.network == network && l.place == place && l.seed == seed;
        self.filters.iter().find(is_it).map(|learned| learned.kind)
    }
}

fn one_if(yes: bool) -> f64 {
    if yes { 1.0 } else { 0.0 }
}

fn is_smoother(kind: FilterKind) -> bool {
    kind == FilterKind::Smoother
}

fn is_derivative(kind: FilterKind) -> bool {
    matches!(kind, FilterKind::Differentiator | FilterKind::Mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Filters of 3 and 5 taps in that order, seed by seed.
    fn found(short: &[[FilterKind; 2]]) -> Found {
        let filters = short.iter().zip(0..).flat_map(|(kinds, seed)| {
            [3, 5].iter().zip(kinds).map(move |(&length, &kind)| Learned {
                network: of_length(length),
                layer: "conv1".into(),
                place: 0,
                seed,
                kind,
                smoothing_share: None,
            })
        });
        Found { seeds: (0..short.len() as u64).collect(), filters: filters.collect() }
    }

    #[test]
    fn filters_of_one_seed_are_one_value_however_many_there_are() {
        use FilterKind::{Mixed, Smoother};
        let found = found(&[[Smoother, Smoother], [Smoother, Mixed], [Mixed, Mixed], [Smoother, Smoother]]);
        let claims = ConvFilters.claims(&found);
        let short = claims.iter().find(|claim| claim.id == "C5.short").unwrap();
        assert_eq!((short.n_seeds, &short.values[..]), (4, &[1.0, 0.5, 0.0, 1.0][..]));
        assert_eq!(short.statistic, 0.625);
    }
}
