//! Codes of two-unit bottlenecks (thesis sec. 4.2): figures 4.7 and 4.8.

use std::sync::Arc;

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use vitrine_figures::{Classes, Picture, Scatter, Scatters};
use vitrine_lab::activations::{activations, averaged_activations};
use vitrine_lab::numbers::span;
use vitrine_lab::{About, Agreement, Gallery, Matrix, Recipe, Study, TrainedNetwork, Vector, agreement};

use super::bottlenecks::{ByDepth, Depth, IN_THE_PLANE, recipes_in_the_plane};
use super::order::Order;
use super::outliers::nth_of;
use crate::thesis::Context;

pub struct Codes;

static ABOUT: About = About {
    id: "4.2-codes",
    title: "Codes of two-unit bottlenecks: every training signal, and the class means along the jump position",
    figures: &["4.7", "4.8"],
    tables: &[],
    claims: &[],
};

/// The share of classes that lie beside a neighbour from which on they lie in order.
const IN_ORDER: f64 = 0.9;
/// A class lies on an axis where a unit has less than this share of its largest mean.
const ON_AN_AXIS: f64 = 0.05;

/// Codes of the training signals, whose labels stand beside.
#[derive(Serialize, Deserialize)]
pub struct Found {
    bottlenecks: ByDepth<Coded>,
    labels: Vector,
    n_classes: usize,
    first_jump: usize,
}

/// Codes of one bottleneck.
#[derive(Serialize, Deserialize)]
struct Coded {
    /// Of every training signal, `[n_signals, 2]`, by the network of the first seed.
    codes: Matrix,
    /// Of every class, averaged over the evaluation signals, `[n_classes, 2]`, by the same.
    means: Matrix,
    /// How the class means lie, by seed.
    orders: Vec<Order>,
}

impl Study for Codes {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        recipes_in_the_plane(&cx.plan)
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let training = cx.training(cx.plan.first_seed()).dataset;
        let bottlenecks = ByDepth::try_of(|depth| {
            let trained = cx.networks(&depth.spec(IN_THE_PLANE))?;
            let codes = activations(&trained[0].network, training.rows(), depth.code_layer());
            let means_of = |(trained, &seed): (&Arc<TrainedNetwork>, &u64)| {
                let averaged = averaged_activations(&trained.network, &cx.evaluation(seed).dataset);
                averaged.into_iter().nth(depth.code_layer()).map(|(_, means)| means)
            };
            let means: Vec<Array2<f64>> = trained.iter().zip(&cx.plan.seeds).filter_map(means_of).collect();
            Ok(Coded {
                codes: Matrix::of(codes.view()),
                means: Matrix::of(means[0].view()),
                orders: means.iter().map(|means| Order::of(means.view())).collect(),
            })
        })?;
        Ok(Found {
            bottlenecks,
            labels: Vector::of_counts(training.labels()),
            n_classes: training.n_classes(),
            first_jump: cx.plan.settings.signals.first_jump,
        })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let in_order = |figure: &str, depth: Depth| {
            let orders = &found.bottlenecks[depth].orders;
            let n_beside: Vec<f64> = orders.iter().map(|order| order.n_beside_neighbours as f64).collect();
            let per_seed: Vec<bool> =
                n_beside.iter().map(|n| IN_ORDER * found.n_classes as f64 <= *n).collect();
            agreement(figure).so(
                "at least nine in ten classes lie nearest to one that jumps a sample earlier or later",
                &per_seed,
                format!(
                    "{} of {}; {}, with {}",
                    span(&n_beside, 0),
                    found.n_classes,
                    of_the_shown(&per_seed),
                    span(&n_beside[..1], 0)
                ),
            )
        };
        let shallow = &found.bottlenecks[Depth::Shallow].orders;
        let is_on_an_axis = |end: &Option<f64>| end.is_some_and(|share| share < ON_AN_AXIS);
        let at_end = |end: usize| -> Vec<f64> {
            shallow.iter().map(|order| order.at_ends[end].unwrap_or(f64::NAN)).collect()
        };
        let on_axes: Vec<bool> =
            shallow.iter().map(|order| order.at_ends.iter().all(is_on_an_axis)).collect();
        let [first, last] = [0, 1].map(at_end);
        let numbers = format!(
            "first class {}, last {}; {}, with {} and {}",
            span(&first, 2),
            span(&last, 2),
            of_the_shown(&on_axes),
            span(&first[..1], 2),
            span(&last[..1], 2)
        );
        vec![
            in_order("4.7", Depth::Shallow)
                .so(
                    "the first and the last class lie on an axis: a unit has less than 0.05 of its largest mean",
                    &on_axes,
                    numbers,
                )
                .because(&seed_by_seed(shallow, found.n_classes, is_on_an_axis)),
            in_order("4.8", Depth::Deep),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let labels = found.labels.counts();
        let every_class: Vec<usize> = (0..found.n_classes).collect();
        let classes =
            Classes::Ordered { label: "jump position", first: found.first_jump, n_classes: found.n_classes };
        for (figure, depth) in [("4.7", Depth::Shallow), ("4.8", Depth::Deep)] {
            let Coded { codes, means, .. } = &found.bottlenecks[depth];
            let clouds = vec![
                cloud("every training signal", codes, &labels, false),
                cloud("class means", means, &every_class, true),
            ];
            let map = Scatters { clouds, classes, n_columns: 2 };
            gallery.add_raster(figure, Picture { width: 860, height: 400 }, &map)?;
        }
        Ok(())
    }
}

/// In which seeds classes do not lie in order, and in how many an end lies off the axes.
fn seed_by_seed(orders: &[Order], n_classes: usize, is_on_an_axis: impl Fn(&Option<f64>) -> bool) -> String {
    let mut reasons = Vec::new();
    for (place, Order { n_beside_neighbours: n, .. }) in orders.iter().enumerate() {
        if (*n as f64) < IN_ORDER * n_classes as f64 {
            let nth = nth_of(place, orders.len());
            reasons.push(format!(
                "the network of {nth} keeps {n} of {n_classes} classes beside a neighbour (figure 4.3 says whether its \
                 error is far above that of the others)"
            ));
        }
    }
    let [first, last] =
        [0, 1].map(|end| orders.iter().filter(|order| !is_on_an_axis(&order.at_ends[end])).count());
    if 0 < first + last {
        reasons.push(format!(
            "an end lies off the axes: the first class in {first} of {n} seeds, the last in {last}",
            n = orders.len()
        ));
    }
    reasons.join("; ")
}

/// Whether a part is so of the network shown, which is that of the first seed.
fn of_the_shown(per_seed: &[bool]) -> &'static str {
    match per_seed.first() {
        Some(true) => "the network shown is like it",
        _ => "the network shown is not like it",
    }
}

fn cloud<'a>(title: &str, points: &'a Matrix, labels: &'a [usize], joins_means: bool) -> Scatter<'a> {
    let axes = Some(("first unit", "second unit"));
    Scatter { title: title.into(), points: points.view(), labels, axes, joins_means }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use vitrine_lab::{Saved, Stands};

    use super::*;

    #[test]
    fn codes_agree_in_order_on_the_axes_and_differ_where_they_are_neither() {
        let of = |means: Array2<f64>| {
            let coded = |_| {
                let saved = || Saved(means.clone());
                Ok(Coded { codes: saved(), means: saved(), orders: vec![Order::of(means.view())] })
            };
            let (bottlenecks, labels) = (ByDepth::try_of(coded).unwrap(), Vector::of_counts(&[]));
            Codes.agreements(&Found { bottlenecks, labels, n_classes: means.nrows(), first_jump: 21 })
        };
        let quarter = of(array![[2.0, 0.0], [1.7, 1.0], [1.0, 1.7], [0.0, 2.0]]);
        assert!(quarter.iter().all(|agreement| agreement.stands() == Stands::Agrees));
        let mixed = of(array![[1.0, 4.0], [3.0, 4.0], [2.1, 4.0], [4.0, 4.0], [5.0, 1.0]]);
        assert!(mixed.iter().all(|agreement| agreement.stands() == Stands::Differs));
        assert_eq!(
            mixed[0].parts[1].numbers,
            "first class 0.20, last 0.25; the network shown is not like it, with 0.20 and 0.25"
        );
        let why = mixed[0].why.as_deref().unwrap();
        assert!(
            why.starts_with("the network of the 1st of 1 seeds keeps 3 of 5 classes beside a neighbour"),
            "{why}"
        );
        assert!(why.ends_with("the first class in 1 of 1 seeds, the last in 1"), "{why}");
    }
}
