//! Errors of bottlenecks by their width (thesis sec. 4.2): table 4.1, figures 4.2 to 4.4, claim C7.

use serde_json::json;
use vitrine_analysis::statistics::pearson;
use vitrine_figures::{LineChart, Panel, Picture, Series};

use super::{DEPTHS, Depth, WIDTHS, networks};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::diagram;
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::rows::{self, Row};
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct Errors;

static ABOUT: About = About {
    id: "4.2-errors",
    title: "Errors of shallow and deep bottlenecks by width",
    figures: &["4.2", "4.3", "4.4"],
    tables: &["4.1"],
    claims: &["C7"],
};

/// Widths in table 4.1.
const TABULATED: [usize; 3] = [10, 4, 2];

impl Section for Errors {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.recipes(&networks())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let comparison = rows::compare(cx, &networks())?;
        (findings.rows, findings.timings) = (comparison.rows, comparison.seconds);
        for spec in networks() {
            let p99_l1: Vec<f64> = comparison.per_seed[&spec.to_string()].iter().map(|e| e.p99_l1).collect();
            findings.value(&format!("per_seed {spec}"), json!(p99_l1))?;
        }
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let sentence =
            "Bottleneck error falls with its width; deep bottlenecks beat shallow ones of equal width.";
        let widths: Vec<f64> = WIDTHS.map(|width| width as f64).collect();
        // By depth, width and seed.
        let errors = |depth: Depth| -> anyhow::Result<Vec<Vec<f64>>> {
            WIDTHS.map(|width| findings.get(&format!("per_seed {}", depth.spec(width)))).collect()
        };
        let (shallow, deep) = (errors(Depth::Shallow)?, errors(Depth::Deep)?);
        let of_seed =
            |by_width: &[Vec<f64>], seed: usize| -> Vec<f64> { by_width.iter().map(|e| e[seed]).collect() };
        let seeds = 0..findings.seeds.len();
        let trend = |seed: usize| {
            let [a, b] = [&shallow, &deep].map(|family| pearson(&widths, &of_seed(family, seed)));
            a.max(b)
        };
        let gain = |seed: usize| {
            let (shallow, deep) = (of_seed(&shallow, seed), of_seed(&deep, seed));
            deep.iter().zip(&shallow).map(|(d, s)| d - s).sum::<f64>() / widths.len() as f64
        };
        Ok(vec![
            Claim::test(
                "C7.width",
                sentence,
                "correlation of 99 % L1 with the width 2 to 10, the larger of shallow and deep, below 0",
                &seeds.clone().map(trend).collect::<Vec<_>>(),
                Side::Below,
                0.0,
            ),
            Claim::test(
                "C7.depth",
                sentence,
                "99 % L1 of deep less that of shallow bottlenecks, averaged over the widths 2 to 10, below 0",
                &seeds.map(gain).collect::<Vec<_>>(),
                Side::Below,
                0.0,
            ),
        ])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (part, depth) in ["a", "b"].iter().zip(DEPTHS) {
            diagram::draw(gallery, &format!("4.2{part}"), &depth.spec(2))?;
        }
        for (figure, depth) in ["4.3", "4.4"].iter().zip(DEPTHS) {
            let panels = vec![panel(findings, depth, false), panel(findings, depth, true)];
            gallery.add(figure, Picture { width: 720, height: 320 }, &LineChart { panels })?;
        }
        Ok(())
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let wanted: Vec<String> =
            DEPTHS.iter().flat_map(|d| TABULATED.map(|width| d.spec(width).to_string())).collect();
        let rows: Vec<Row> = findings
            .rows
            .iter()
            .filter(|row| !row.detector.starts_with("bottleneck") || wanted.contains(&row.detector))
            .cloned()
            .collect();
        vec![("4.1".into(), rows::table(&rows, &findings.timings))]
    }
}

/// L1 and L2 by width, on all signals or the best 99 %, with the thesis' printed points.
fn panel(findings: &Findings, depth: Depth, p99: bool) -> Panel {
    let mut panel = Panel {
        title: format!("{}, {}", depth.name(), if p99 { "best 99 %" } else { "all signals" }),
        x_label: "width p of the bottleneck (units)".into(),
        y_label: "error (samples)".into(),
        ..Panel::default()
    };
    let find = |width: usize| {
        let name = depth.spec(width).to_string();
        findings.rows.iter().find(|row| row.detector == name)
    };
    for (name, is_l1) in [("L1", true), ("L2", false)] {
        let pick = |row: &Row| match (is_l1, p99) {
            (true, false) => row.l1,
            (false, false) => row.l2,
            (true, true) => row.p99_l1,
            (false, true) => row.p99_l2,
        };
        let ours: Vec<_> = WIDTHS.filter_map(|width| Some((width as f64, pick(find(width)?)))).collect();
        panel.series.push(Series {
            name: format!("{name}, ours"),
            points: ours.iter().map(|(width, error)| (*width, error.mean)).collect(),
        });
        panel.intervals.push(ours.iter().map(|(width, error)| (*width, error.lo, error.hi)).collect());
    }
    for (name, is_l1) in [("L1", true), ("L2", false)] {
        let printed = WIDTHS.filter_map(|width| {
            let thesis = find(width)?.thesis?;
            let value = match (is_l1, p99) {
                (true, false) => thesis.l1,
                (false, false) => thesis.l2,
                (true, true) => thesis.p99_l1,
                (false, true) => thesis.p99_l2,
            };
            Some((width as f64, value))
        });
        panel.series.push(Series { name: format!("{name}, thesis"), points: printed.collect() });
    }
    panel
}
