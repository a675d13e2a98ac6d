//! What conv filters learned (thesis sec. 3.4): smoothers, differentiators and mixed ones by length and by position,
//! claims C5 and C6.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::filters::{Filter, FilterKind, FilterRule};
use vitrine_analysis::unit_activity::UnitActivity;
use vitrine_model::NetworkSpec;

use super::{C6, CNNS, specs};
use crate::claim::Claim;
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::section::{About, Section};
use crate::table::Table;

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

/// One learned filter.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Learned {
    network: String,
    layer: String,
    seed: u64,
    kind: String,
    smoothing_share: Option<f64>,
}

/// One conv layer of each length, without and with ReLU, and the networks of two and three conv layers.
fn networks() -> Vec<NetworkSpec> {
    let ones =
        LENGTHS.iter().flat_map(|n| [format!("cnn:100,conv{n},60"), format!("cnn:100,conv{n}+relu,60")]);
    let names: Vec<String> = ones.chain(CNNS[1..].iter().map(ToString::to_string)).collect();
    specs(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

impl Section for ConvFilters {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.recipes(&networks())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let mut learned = Vec::new();
        for spec in networks() {
            for (network, &seed) in cx.networks(&spec)?.iter().zip(&cx.plan.seeds) {
                let captured = network.network.capture(cx.evaluation(seed).dataset.inputs.view());
                for (layer, activations) in network.network.weights.0.iter().zip(&captured) {
                    if !layer.name.starts_with("conv") {
                        continue;
                    }
                    let filter = Filter::from_kernel(layer.weight.row(0));
                    let has_relu = spec.to_string().contains("+relu");
                    let activity = UnitActivity::of(activations.post.view());
                    let ever_active = !has_relu || activity.ever_active().contains(&true);
                    let share = filter.smoothing_share();
                    learned.push(Learned {
                        network: spec.to_string(),
                        layer: layer.name.clone(),
                        seed,
                        kind: word(FilterRule::default().kind(&filter, ever_active)).to_string(),
                        smoothing_share: share.is_finite().then_some(share),
                    });
                }
            }
        }
        findings.value("filters", learned)?;
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let learned: Vec<Learned> = findings.get("filters")?;
        let of = |network: &str, layer: &str| -> Vec<&Learned> {
            learned.iter().filter(|l| l.network == network && l.layer == layer).collect()
        };
        let of_lengths = |lengths: &[usize], is: fn(&Learned) -> bool| -> Vec<bool> {
            let filters = lengths.iter().flat_map(|n| of(&format!("cnn:100,conv{n},60"), "conv1"));
            filters.map(is).collect()
        };
        let c5 = "Conv filters of length 7 and more learn a derivative, shorter ones a smoother.";
        let in_order = of(CNNS[1], "conv1").into_iter().zip(of(CNNS[1], "conv2"));
        let in_order: Vec<bool> =
            in_order.map(|(first, second)| is_smoother(first) && is_derivative(second)).collect();
        let n_seeds = findings.seeds.len();
        Ok(vec![
            Claim::test_majority(
                "C5.long",
                c5,
                "share of filters of 7, 9 and 11 taps with both signs, above 0.5",
                &of_lengths(&[7, 9, 11], is_derivative),
                n_seeds,
            ),
            Claim::test_majority(
                "C5.short",
                c5,
                "share of filters of 3 and 5 taps that are smoothers, above 0.5",
                &of_lengths(&[3, 5], is_smoother),
                n_seeds,
            ),
            Claim::test_majority(
                "C6.order",
                C6,
                "share of networks whose first filter smooths and second has both signs, above 0.5",
                &in_order,
                n_seeds,
            ),
        ])
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let learned: Vec<Learned> = findings.get("filters").unwrap_or_default();
        let mut counts: BTreeMap<(String, String), BTreeMap<String, usize>> = BTreeMap::new();
        for filter in learned {
            *counts.entry((filter.network, filter.layer)).or_default().entry(filter.kind).or_default() += 1;
        }
        let kinds = ["smoother", "mixed", "differentiator", "dead"];
        let mut table = Table::new(["network", "layer"].into_iter().chain(kinds));
        for ((network, layer), of_kind) in counts {
            let shares = kinds.map(|kind| of_kind.get(kind).copied().unwrap_or(0).to_string());
            table.row([network, layer].into_iter().chain(shares));
        }
        vec![("-filters".into(), table)]
    }
}

fn is_smoother(filter: &Learned) -> bool {
    filter.kind == "smoother"
}

fn is_derivative(filter: &Learned) -> bool {
    filter.kind == "differentiator" || filter.kind == "mixed"
}

fn word(kind: FilterKind) -> &'static str {
    match kind {
        FilterKind::Smoother => "smoother",
        FilterKind::Differentiator => "differentiator",
        FilterKind::Mixed => "mixed",
        FilterKind::Dead => "dead",
    }
}
