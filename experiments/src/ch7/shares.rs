//! Shares recognised as curves and as tables, from the arrays of the findings.

use ndarray::{Array1, Array2, Axis};
use vitrine_analysis::statistics::mean;
use vitrine_data::Shape;
use vitrine_figures::Series;

use super::family::BAYES;
use crate::detector::SIGNAL_PROCESSING;
use crate::files::slug;
use crate::findings::Findings;
use crate::table::Table;

/// Positions that a point of a curve is the mean over.
pub const BIN: usize = 5;

/// The name of a detector's array.
pub fn array(detector: &str, what: &str) -> String {
    slug(&format!("{detector} {what}"))
}

/// Mean over seeds against size or position, of the posterior, the filter and networks.
pub fn curves(
    findings: &Findings,
    what: &str,
    by: &str,
    specs: &[&str],
    x: &[f64],
) -> anyhow::Result<Vec<Series>> {
    let short = |name: &str| match name {
        SIGNAL_PROCESSING => "filter".to_string(),
        BAYES => "Bayes".to_string(),
        spec if spec.contains("conv") => format!("{} conv", spec.matches("conv").count()),
        spec if spec.contains("bottleneck") => {
            spec.trim_start_matches("bottleneck:100-").trim_end_matches("-60").to_string()
        }
        spec => match spec.matches('-').count() {
            1 => "1 layer".to_string(),
            n => format!("{n} layers"),
        },
    };
    let line = |name: &&str| {
        let shares = findings.matrix(&array(name, &format!("{what} {by}")))?;
        let means = shares.mean_axis(Axis(0)).unwrap_or_default().to_vec();
        // Single positions hold a dozen signals each: what they have in common shows in the mean of a few.
        let width = if by == "position" { BIN } else { 1 };
        let points = x.chunks(width).zip(means.chunks(width)).map(|(x, share)| (mean(x), mean(share)));
        Ok(Series { name: short(name), points: points.collect() })
    };
    // Seven colours can be told apart: six networks leave no room for the filter.
    let others = if specs.len() < 6 { &[BAYES, SIGNAL_PROCESSING][..] } else { &[BAYES] };
    others.iter().chain(specs).map(line).collect()
}

/// Detectors by shapes: means over seeds.
pub fn by_shape(findings: &Findings, detectors: &[String], what: &str) -> Option<Table> {
    let mut table = Table::new(std::iter::once("detector").chain(Shape::ALL.map(Shape::name)));
    for name in detectors {
        let values = findings.matrix(&array(name, what)).ok()?;
        let cell = |column: ndarray::ArrayView1<f64>| {
            let mean = mean(&column.to_vec());
            if mean.is_finite() { format!("{mean:.3}") } else { "–".into() }
        };
        table.row(std::iter::once(name.clone()).chain(values.columns().into_iter().map(cell)));
    }
    Some(table)
}

/// Vectors of one length as rows.
pub fn rows(values: &[Array1<f64>]) -> Array2<f64> {
    let width = values.first().map_or(0, |row| row.len());
    Array2::from_shape_fn((values.len(), width), |(row, column)| values[row][column])
}
