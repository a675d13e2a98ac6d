//! Units of bottlenecks that are never active (thesis sec. 4.2): figure 4.5, claim C8.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::{Interval, mean};
use vitrine_figures::{LineChart, Panel, Picture};
use vitrine_lab::numbers::span;
use vitrine_lab::{About, Agreement, Claim, Gallery, Recipe, Study, Table, agreement};
use vitrine_model::NetworkSpec;

use super::bottlenecks::{DEPTHS, Depth, WIDTHS, every_bottleneck, n_dead};
use crate::thesis::Context;
use crate::thesis::paper::registered;

pub struct DeadUnits;

static ABOUT: About = About {
    id: "4.2-dead-units",
    title: "Dead units by layer and width: zero for every signal",
    figures: &["4.5"],
    tables: &[],
    claims: &["C8"],
};

/// Dead units of the hidden layers, by network.
#[derive(Serialize, Deserialize)]
pub struct Found {
    n_seeds: usize,
    networks: BTreeMap<String, Vec<DeadInLayer>>,
}

/// Dead units of one hidden layer, by seed.
#[derive(Serialize, Deserialize)]
struct DeadInLayer {
    layer: String,
    n_units: usize,
    n_dead: Vec<usize>,
}

impl Study for DeadUnits {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&every_bottleneck())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let mut networks = BTreeMap::new();
        for spec in every_bottleneck() {
            networks.insert(spec.to_string(), count(cx, &spec)?);
        }
        Ok(Found { n_seeds: cx.plan.seeds.len(), networks })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let per_seed = |depth: Depth| -> Vec<f64> {
            let of_seed = |seed: usize| {
                mean(&WIDTHS.map(|width| found.in_code(depth, width)[seed] as f64).collect::<Vec<_>>())
            };
            (0..found.n_seeds).map(of_seed).collect()
        };
        DEPTHS.map(|depth| registered(&format!("C8.{}", depth.name())).over(&per_seed(depth))).into()
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let at = |width: usize| found.in_code(Depth::Deep, width);
        let n_alive =
            |width: usize| -> Vec<usize> { at(width).iter().map(|n_dead| width - n_dead).collect() };
        let [nine, ten] = [9, 10].map(n_alive);
        let [shallow, deep] = DEPTHS.map(|depth| found.dead_over_widths(depth));
        let n_units: usize = WIDTHS.sum();
        let of_all = |n_dead: &[usize]| format!("{} of {n_units} units dead", counts(n_dead));
        vec![
            agreement("4.5")
                .so(
                    "deep, p = 6: one unit is dead",
                    &each(at(6), |n| n == 1),
                    format!("{} dead", counts(at(6))),
                )
                .so(
                    "deep, p = 9 and p = 10: eight units are alive",
                    &nine.iter().zip(&ten).map(|both| both == (&8, &8)).collect::<Vec<_>>(),
                    format!("{} alive at p = 9, {} at p = 10", counts(&nine), counts(&ten)),
                )
                .so(
                    "deep: the narrow layer has dead units at some width",
                    &each(&deep, |n| 0 < n),
                    of_all(&deep),
                )
                .so("shallow: there are none", &each(&shallow, |n| n == 0), of_all(&shallow))
                .because(&found.where_units_die()),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let mut panel = Panel {
            title: "dead units in the narrow layer itself".into(),
            x_label: "width p of the bottleneck (units)".into(),
            y_label: "dead units per network".into(),
            ..Panel::default()
        };
        for depth in DEPTHS {
            let over_seeds = |width: usize| {
                let counts: Vec<f64> = found.in_code(depth, width).iter().map(|&n| n as f64).collect();
                let Interval { mean, lo, hi, .. } = Interval::of_mean(&counts);
                // An interval around few units reaches below zero, where no count is.
                (width as f64, mean, lo.max(0.0), hi)
            };
            panel.add_line(depth.name(), WIDTHS.map(over_seeds));
        }
        gallery.add("4.5", Picture { width: 400, height: 300 }, &LineChart { panels: vec![panel] })
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new(["network", "layer", "units", "dead, by seed"]);
        for network in every_bottleneck().iter().map(ToString::to_string) {
            for DeadInLayer { layer, n_units, n_dead } in &found.networks[&network] {
                let dead: Vec<String> = n_dead.iter().map(ToString::to_string).collect();
                table.row([network.clone(), layer.clone(), n_units.to_string(), dead.join(" ")]);
            }
        }
        vec![("-dead-units".into(), table)]
    }
}

impl Found {
    /// Dead units of the bottleneck itself, by seed.
    fn in_code(&self, depth: Depth, width: usize) -> &[usize] {
        &self.networks[&depth.spec(width).to_string()][depth.code_layer()].n_dead
    }

    /// Dead units of the bottlenecks of all widths together, by seed.
    fn dead_over_widths(&self, depth: Depth) -> Vec<usize> {
        (0..self.n_seeds).map(|seed| WIDTHS.map(|width| self.in_code(depth, width)[seed]).sum()).collect()
    }

    /// At which widths deep bottlenecks have dead units, in how many seeds, and in how many networks other layers have.
    fn where_units_die(&self) -> String {
        let at = |width: usize| {
            let n_seeds = self.in_code(Depth::Deep, width).iter().filter(|&&n| 0 < n).count();
            (0 < n_seeds).then(|| format!("p = {width} in {n_seeds} of {}", self.n_seeds))
        };
        let widths: Vec<String> = WIDTHS.filter_map(at).collect();
        let narrow =
            if widths.is_empty() { "at no width".to_string() } else { format!("at {}", widths.join(", ")) };
        format!(
            "the thesis shows one network of each width; here units of the narrow layer itself are dead in deep ones \
             {narrow}; other hidden layers have dead units in {} of {} deep networks",
            self.n_dead_elsewhere(),
            self.n_seeds * WIDTHS.count()
        )
    }

    /// Deep bottlenecks with dead units in a hidden layer that is not the narrow one.
    fn n_dead_elsewhere(&self) -> usize {
        let is_dead = |width: usize, seed: usize| {
            let layers = self.networks[&Depth::Deep.spec(width).to_string()].iter().enumerate();
            let mut others = layers.filter(|(place, _)| *place != Depth::Deep.code_layer());
            others.any(|(_, layer)| 0 < layer.n_dead[seed])
        };
        WIDTHS.map(|width| (0..self.n_seeds).filter(|&seed| is_dead(width, seed)).count()).sum()
    }
}

fn each(n_dead: &[usize], is_so: impl Fn(usize) -> bool) -> Vec<bool> {
    n_dead.iter().map(|&n| is_so(n)).collect()
}

/// The smallest and the largest of counts.
fn counts(counts: &[usize]) -> String {
    span(&counts.iter().map(|&n| n as f64).collect::<Vec<_>>(), 0)
}

/// Counts the units of each hidden layer that are active for none of the evaluation signals.
fn count(cx: &Context, spec: &NetworkSpec) -> anyhow::Result<Vec<DeadInLayer>> {
    let hidden = &spec.layers()[..spec.layers().len() - 1];
    let mut layers: Vec<DeadInLayer> = hidden
        .iter()
        .map(|l| DeadInLayer { layer: l.name.clone(), n_units: l.n_units, n_dead: Vec::new() })
        .collect();
    for (trained, &seed) in cx.networks(spec)?.iter().zip(&cx.plan.seeds) {
        let n_dead = n_dead(&trained.network, cx.evaluation(seed).dataset.rows());
        layers.iter_mut().zip(n_dead).for_each(|(layer, n_dead)| layer.n_dead.push(n_dead));
    }
    Ok(layers)
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::*;

    /// Bottlenecks without dead units but for so many in the deep one of that width, one seed each.
    fn found(dead_in_deep: &[(usize, usize)], dead_in_shallow: usize) -> Found {
        let layers = |depth: Depth, width: usize| -> Vec<DeadInLayer> {
            let in_deep = dead_in_deep.iter().find(|(at, _)| *at == width).map_or(0, |&(_, n)| n);
            let n_dead = vec![if depth == Depth::Deep { in_deep } else { dead_in_shallow }];
            let layer = |_| DeadInLayer { layer: "".into(), n_units: width, n_dead: n_dead.clone() };
            (0..=depth.code_layer()).map(layer).collect()
        };
        let of =
            |depth: Depth| WIDTHS.map(move |width| (depth.spec(width).to_string(), layers(depth, width)));
        Found { n_seeds: 1, networks: DEPTHS.into_iter().flat_map(of).collect() }
    }

    #[test]
    fn dead_units_agree_where_they_are_as_many_as_in_the_thesis() {
        let one = |found: &Found| DeadUnits.agreements(found).remove(0);
        let as_printed = one(&found(&[(6, 1), (9, 1), (10, 2)], 0));
        assert_eq!((as_printed.stands(), as_printed.why.as_deref()), (Stands::Agrees, None));
        let elsewhere = one(&found(&[(8, 1)], 0));
        assert_eq!(
            elsewhere.parts.iter().map(|part| part.is_so).collect::<Vec<_>>(),
            [false, false, true, true]
        );
        assert!(elsewhere.why.unwrap().ends_with(
            "are dead in deep ones at p = 8 in 1 of 1; other hidden layers have dead units in 1 of 9 deep networks"
        ));
        assert_eq!(one(&found(&[], 1)).stands(), Stands::Differs);
    }
}
