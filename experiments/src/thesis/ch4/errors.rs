//! Errors of bottlenecks by their width (thesis sec. 4.2): table 4.1, figures 4.2 to 4.4, claim C7.

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::{differences, mean, pearson};
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::claim::{Below, Claim, claim};
use vitrine_lab::{About, Agreement, Gallery, Recipe, Study, Table, diagram};
use vitrine_model::NetworkSpec;

use super::bottlenecks::{DEPTHS, Depth, IN_THE_PLANE, WIDTHS, every_bottleneck, n_dead};
use super::errors_by_seed::BySeed;
use crate::thesis::Context;
use crate::thesis::networks::{BOTTLENECKS, spec};
use crate::thesis::rows::{Compared, Comparison, QUANTITIES, Quantity, Row, compare};

pub struct Errors;

static ABOUT: About = About {
    id: "4.2-errors",
    title: "Errors of shallow and deep bottlenecks by width",
    figures: &["4.2", "4.3", "4.4"],
    tables: &["4.1"],
    claims: &["C7"],
};

/// Errors of every bottleneck and of the MLPs beside them: their intervals, and seed by seed.
#[derive(Serialize, Deserialize)]
pub struct Found {
    comparison: Comparison,
    n_seeds: usize,
    by_seed: BySeed,
}

/// What the two errors of a panel are called.
const NORMS: [&str; 2] = ["L1", "L2"];

impl Study for Errors {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&compared())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let Compared { comparison, by_seed } = compare(cx, &compared())?;
        let mut dead_in_deep = Vec::new();
        for width in WIDTHS {
            let networks = cx.networks(&Depth::Deep.spec(width))?;
            let of_seed = networks.iter().zip(&cx.plan.seeds).map(|(trained, &seed)| {
                n_dead(&trained.network, cx.evaluation(seed).dataset.rows())[Depth::Deep.code_layer()]
            });
            dead_in_deep.push(of_seed.collect());
        }
        let by_seed = BySeed { errors: by_seed, dead_in_deep };
        Ok(Found { n_seeds: cx.plan.seeds.len(), comparison, by_seed })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let widths: Vec<f64> = WIDTHS.map(|width| width as f64).collect();
        let trend = |seed: usize| {
            let [shallow, deep] = DEPTHS.map(|depth| pearson(&widths, &found.by_width(depth, seed)));
            shallow.max(deep)
        };
        let gain = |seed: usize| {
            let [shallow, deep] = DEPTHS.map(|depth| found.by_width(depth, seed));
            mean(&differences(&deep, &shallow))
        };
        let seeds = 0..found.n_seeds;
        vec![
            claim(
                "C7.width",
                "correlation of 99 % L1 with the width 2 to 10, the larger of shallow and deep",
            )
            .mean_of(&seeds.clone().map(trend).collect::<Vec<_>>())
            .is(Below(0.0)),
            claim(
                "C7.depth",
                "99 % L1 of deep less that of shallow bottlenecks, averaged over the widths 2 to 10",
            )
            .mean_of(&seeds.map(gain).collect::<Vec<_>>())
            .is(Below(0.0)),
        ]
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        vec![found.by_seed.table(), found.by_seed.shallow(), found.by_seed.deep()]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (part, depth) in ["a", "b"].iter().zip(DEPTHS) {
            diagram::draw(gallery, &format!("4.2{part}"), &depth.spec(IN_THE_PLANE))?;
        }
        for (figure, depth) in ["4.3", "4.4"].iter().zip(DEPTHS) {
            let panel = |signals: &str, quantities| Panel {
                title: format!("{}, {signals}", depth.name()),
                ..by_width(&found.comparison, depth, quantities)
            };
            let (of_all, of_the_best) = QUANTITIES.split_at(NORMS.len());
            let panels = vec![panel("all signals", of_all), panel("best 99 %", of_the_best)];
            gallery.add(figure, Picture { width: 720, height: 320 }, &LineChart { panels })?;
        }
        Ok(())
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        // Of the bottlenecks the thesis tabulates those of table 7.1.
        let left_out: Vec<String> = every_bottleneck()
            .iter()
            .map(ToString::to_string)
            .filter(|network| !BOTTLENECKS.contains(&network.as_str()))
            .collect();
        let is_tabulated = |detector: &str| !left_out.iter().any(|network| network == detector);
        vec![("4.1".into(), found.comparison.table_of(is_tabulated))]
    }
}

impl Found {
    /// 99 % L1 of one seed, narrow bottlenecks first.
    fn by_width(&self, depth: Depth, seed: usize) -> Vec<f64> {
        self.by_seed.by_width(depth, seed, |e| e.p99_l1)
    }
}

/// The networks of table 4.1: every bottleneck, and the MLPs of as many layers.
fn compared() -> Vec<NetworkSpec> {
    every_bottleneck().into_iter().chain(DEPTHS.map(|depth| spec(depth.mlp()))).collect()
}

/// Errors by width with the thesis' printed points.
fn by_width(comparison: &Comparison, depth: Depth, quantities: &[Quantity]) -> Panel {
    let rows: Vec<(f64, &Row)> = WIDTHS
        .filter_map(|width| Some((width as f64, comparison.row(&depth.spec(width).to_string())?)))
        .collect();
    let mut panel = Panel {
        x_label: "width p of the bottleneck (units)".into(),
        y_label: "error (samples)".into(),
        ..Panel::default()
    };
    for (norm, Quantity { ours, .. }) in NORMS.iter().zip(quantities) {
        // An interval that one failed network makes wide reaches below zero, where no error is.
        let errors = rows.iter().map(|&(width, row)| (width, ours(row)));
        panel.add_line(
            &format!("{norm}, ours"),
            errors.map(|(width, e)| (width, e.mean, e.lo.max(0.0), e.hi)),
        );
    }
    for (norm, Quantity { thesis, .. }) in NORMS.iter().zip(quantities) {
        let points = rows.iter().filter_map(|(width, row)| Some((*width, thesis(&row.thesis?)))).collect();
        panel.series.push(Series { name: format!("{norm}, thesis"), points });
    }
    panel
}
