//! Are two-unit codes a curve that keeps clear of itself, and does it matter? (thesis sec. 4.3.1): figure 4.11.

use std::cmp::Ordering;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use vitrine_analysis::curves::CurveShape;
use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::statistics::pearson;
use vitrine_figures::{Classes, Picture, Scatter, Scatters};
use vitrine_lab::activations::averaged_activations;
use vitrine_lab::numbers::span;
use vitrine_lab::{
    About, Agreement, Gallery, Matrix, Recipe, Study, Table, TrainedNetwork, agreement, data_streams,
};

use super::bottlenecks::{Depth, IN_THE_PLANE};
use crate::thesis::rows::BLOCK;
use crate::thesis::{Context, Plan};

pub struct Curves;

static ABOUT: About = About {
    id: "4.3-curves",
    title: "Curves of codes: self-intersections and clearance, against the network's error",
    figures: &["4.11"],
    tables: &[],
    claims: &[],
};

/// Points are crowded where others come nearer than this share of the usual distance of neighbours.
const CROWDED: f64 = 0.5;
/// Error and clearance have to do with each other where their correlation is below this.
const RELATED: f64 = -0.5;

/// Every network's measures, the curves of two of them, and what the measures have to do with the error.
#[derive(Serialize, Deserialize)]
pub struct Found {
    networks: Vec<Measured>,
    /// What crosses itself most, and of those what lies closest to itself.
    poor: Curve,
    /// The other end.
    good: Curve,
    correlation_of_error_with_self_intersections: Option<f64>,
    correlation_of_error_with_clearance: Option<f64>,
    first_jump: usize,
}

/// One network's curve with its measures.
#[derive(Clone, Serialize, Deserialize)]
struct Curve {
    /// `[n_classes, 2]`.
    points: Matrix,
    measured: Measured,
}

/// Measures of one network's curve, and its error.
#[derive(Clone, Serialize, Deserialize)]
struct Measured {
    seed: u64,
    n_self_intersections: usize,
    /// As of [`CurveShape`]; nothing of too few points.
    neighbour_distance: Option<f64>,
    nearest_others: Option<f64>,
    /// As of [`CurveShape::clearance`]; nothing where all points are one.
    clearance: Option<f64>,
    p99_l1: f64,
}

impl Study for Curves {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        compared(&cx.plan)
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let curves: Vec<Curve> =
            cx.zoo.obtain(&compared(&cx.plan))?.iter().map(|trained| measure(cx, trained)).collect();
        let of_each = |value: fn(&Measured) -> f64| -> Vec<f64> {
            curves.iter().map(|curve| value(&curve.measured)).collect()
        };
        let errors = of_each(|m| m.p99_l1);
        let correlation = |measure| finite(pearson(&of_each(measure), &errors));
        let (poor, good) = (curves.iter().min_by(from_poor_to_good), curves.iter().max_by(from_poor_to_good));
        let (poor, good) = poor.zip(good).context("no networks to compare")?;
        Ok(Found {
            poor: poor.clone(),
            good: good.clone(),
            correlation_of_error_with_self_intersections: correlation(|m| m.n_self_intersections as f64),
            correlation_of_error_with_clearance: correlation(|m| m.clearance.unwrap_or(f64::NAN)),
            first_jump: cx.plan.settings.signals.first_jump,
            networks: curves.into_iter().map(|curve| curve.measured).collect(),
        })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let crosses = |measured: &Measured| 0 < measured.n_self_intersections;
        let of_each =
            |value: fn(&Measured) -> f64| -> Vec<f64> { found.networks.iter().map(value).collect() };
        let clearances = of_each(|m| m.clearance.unwrap_or(f64::NAN));
        let correlation = found.correlation_of_error_with_clearance;
        let poorest = found.poor.measured.clearance.unwrap_or(0.0);
        let said = agreement("4.11")
            .so(
                "the curve of a trained network does not cross itself",
                &found.networks.iter().map(|measured| !crosses(measured)).collect::<Vec<_>>(),
                format!(
                    "crossings {}; clearance {}",
                    span(&of_each(|m| m.n_self_intersections as f64), 0),
                    span(&clearances, 2)
                ),
            )
            .is(
                "the poorest of them crosses itself",
                crosses(&found.poor.measured),
                format!("{} crossings", found.poor.measured.n_self_intersections),
            )
            .is(
                "it crowds its points: its clearance, the smallest distance of two classes that are no neighbours over \
                 the median distance of neighbours, is below a half",
                poorest < CROWDED,
                format!("{poorest:.2}"),
            )
            .is(
                "the error hinges on how clear the curve keeps of itself: over the networks 99 % L1 and clearance have \
                 a correlation below −0.5",
                correlation.is_some_and(|correlation| correlation < RELATED),
                correlation.map_or("–".into(), |c| format!("{c:.2}").replace('-', "−")),
            );
        let is_loose = correlation.is_none_or(|correlation| RELATED <= correlation);
        let nearest = found.poor.nearest(found.first_jump).filter(|_| !crosses(&found.poor.measured));
        vec![said.because_of(nearest.into_iter().chain(found.part_ways().filter(|_| is_loose)))]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let n_classes = found.good.points.nrows();
        let labels: Vec<usize> = (0..n_classes).collect();
        let clouds = vec![found.poor.cloud("least clear", &labels), found.good.cloud("clearest", &labels)];
        let classes = Classes::Ordered { label: "jump position", first: found.first_jump, n_classes };
        gallery.add("4.11", Picture { width: 860, height: 400 }, &Scatters { clouds, classes, n_columns: 2 })
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new(["seed", "self-intersections", "clearance", "99 % L1"]);
        for m in &found.networks {
            table.row([
                m.seed.to_string(),
                m.n_self_intersections.to_string(),
                m.clearance.map_or("–".into(), |clearance| format!("{clearance:.3}")),
                format!("{:.4}", m.p99_l1),
            ]);
        }
        vec![("-curves".into(), table)]
    }
}

impl Found {
    /// The network with the largest error, and that whose curve keeps least clear of itself, where they are two.
    fn part_ways(&self) -> Option<String> {
        let clearance = |m: &Measured| m.clearance.unwrap_or(0.0);
        let worst = self.networks.iter().max_by(|a, b| a.p99_l1.total_cmp(&b.p99_l1))?;
        let tightest = self.networks.iter().min_by(|a, b| clearance(a).total_cmp(&clearance(b)))?;
        (worst.seed != tightest.seed).then(|| {
            format!(
                "the largest 99 % L1, {:.3}, goes with a clearance of {:.3}, the smallest clearance, {:.3}, with a 99 % \
                 L1 of {:.3}",
                worst.p99_l1,
                clearance(worst),
                clearance(tightest),
                tightest.p99_l1
            )
        })
    }
}

/// The networks whose curves are compared, each with a seed of its own; one alone has no correlation.
fn compared(plan: &Plan) -> Vec<Recipe> {
    plan.recipes(&[Depth::Deep.spec(IN_THE_PLANE)])
}

fn measure(cx: &Context, trained: &TrainedNetwork) -> Curve {
    let (settings, seed) = (&cx.plan.settings, trained.recipe.seed);
    // As many signals as of the other sections, but drawn for each network alone and not kept.
    let signals = settings.signals.draw(settings.n_evaluation, &data_streams(seed).child("evaluation"));
    let (_, points) =
        averaged_activations(&trained.network, &signals.dataset).swap_remove(Depth::Deep.code_layer());
    let estimates = cx.estimates(&trained.network, &signals.dataset);
    let shape = CurveShape::of(points.view());
    let measured = Measured {
        seed,
        n_self_intersections: shape.n_self_intersections,
        neighbour_distance: finite(shape.neighbour_distance),
        nearest_others: finite(shape.nearest_others),
        clearance: finite(shape.clearance()),
        p99_l1: DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK).p99_l1,
    };
    Curve { points: Matrix::of(points.view()), measured }
}

/// Poor is what crosses itself most, and of those what lies closest to itself, as a single point does.
fn from_poor_to_good(a: &&Curve, b: &&Curve) -> Ordering {
    let (a, b) = (&a.measured, &b.measured);
    let clearance = |m: &Measured| m.clearance.unwrap_or(0.0);
    let by_crossings = b.n_self_intersections.cmp(&a.n_self_intersections);
    by_crossings.then(clearance(a).total_cmp(&clearance(b)))
}

impl Curve {
    /// Where a curve that does not cross itself comes nearest to itself; `None` of fewer than three points.
    fn nearest(&self, first_jump: usize) -> Option<String> {
        let points = self.points.view();
        let distance =
            |i: usize, j: usize| (points[(i, 0)] - points[(j, 0)]).hypot(points[(i, 1)] - points[(j, 1)]);
        let pairs = (2..points.nrows()).flat_map(|j| (0..j - 1).map(move |i| (i, j)));
        let (i, j) = pairs.min_by(|&a, &b| distance(a.0, a.1).total_cmp(&distance(b.0, b.1)))?;
        Some(format!(
            "the poorest curve is tight without a crossing: the classes of the jumps at {} and {} are {:.3} apart, \
             neighbours {:.1} in the median",
            first_jump + i,
            first_jump + j,
            distance(i, j),
            self.measured.neighbour_distance.unwrap_or(f64::NAN)
        ))
    }

    fn cloud<'a>(&'a self, name: &str, labels: &'a [usize]) -> Scatter<'a> {
        let Measured { n_self_intersections: crossings, clearance, p99_l1: error, .. } = self.measured;
        let clearance = clearance.map_or("–".into(), |clearance| format!("{clearance:.2}"));
        Scatter {
            title: format!("{name}: {crossings} crossings, clearance {clearance}, 99 % L1 {error:.2}"),
            points: self.points.view(),
            labels,
            axes: Some(("first unit", "second unit")),
            joins_means: true,
        }
    }
}

/// JSON has no NaN.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests;
