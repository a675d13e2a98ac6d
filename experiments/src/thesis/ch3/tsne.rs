//! t-SNE of the signals (thesis sec. 3.1): figure 3.2.

use anyhow::Context as _;
use ndarray::{ArrayView2, s};
use serde::{Deserialize, Serialize};
use vitrine_analysis::class_means::class_means;
use vitrine_analysis::smoothness::roughness;
use vitrine_analysis::statistics::median;
use vitrine_figures::{Classes, Picture, Scatter, Scatters};
use vitrine_lab::numbers::span;
use vitrine_lab::{About, Agreement, Gallery, Study, Vector, agreement, data_streams};

use crate::embed::{Embedded, embed};
use crate::thesis::Context;
use crate::thesis::settings::MAX_EMBEDDED;

pub struct SignalMap;

static ABOUT: About = About {
    id: "3.1-tsne",
    title: "t-SNE of the training signals: do signals with close jumps lie close?",
    figures: &["3.2"],
    tables: &[],
    claims: &[],
};

/// The signals of the first seed in the plane, and what the planes of all seeds are like.
#[derive(Serialize, Deserialize)]
pub struct Found {
    order: Vec<Order>,
    signals: Embedded,
    labels: Vector,
    n_classes: usize,
    first_jump: usize,
}

/// How a plane keeps the order of the jump positions.
#[derive(Serialize, Deserialize)]
struct Order {
    /// How far the jump of a signal lies from that of its nearest neighbour, in the median over the signals, in samples.
    neighbours_differ_by: f64,
    /// The same of two signals drawn at random.
    any_two_differ_by: f64,
    /// Roughness of the classes' means along the jump position: 0 on a fine curve, 1 without any order.
    roughness: f64,
}

impl Study for SignalMap {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let settings = &cx.plan.settings;
        let (mut first, mut order) = (None, Vec::new());
        for &seed in &cx.plan.seeds {
            let signals = cx.training(seed).dataset;
            let n = MAX_EMBEDDED.min(signals.n_samples());
            let mut rng = data_streams(seed).rng("tsne");
            let inputs = signals.rows();
            let inputs = inputs.slice(s![..n, ..]);
            let embedded = embed(&cx.zoo, &settings.tsne, &format!("{n} signals"), inputs, &mut rng)?;
            let labels = &signals.labels()[..n];
            order.push(Order::of(embedded.points.view(), labels, signals.n_classes()));
            first.get_or_insert_with(|| (embedded, Vector::of_counts(labels), signals.n_classes()));
        }
        let (signals, labels, n_classes) = first.context("a plan has at least one seed")?;
        Ok(Found { order, signals, labels, n_classes, first_jump: settings.signals.first_jump })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let of = |value: fn(&Order) -> f64| found.order.iter().map(value).collect::<Vec<_>>();
        let neighbours = of(|order| order.neighbours_differ_by);
        let roughness = of(|order| order.roughness);
        vec![
            agreement("3.2")
                .so(
                    "neighbours in the plane jump at close positions: half of the signals within 5 samples of their nearest",
                    &neighbours.iter().map(|&samples| samples <= 5.0).collect::<Vec<_>>(),
                    format!(
                        "within {}; of any two signals half within {}",
                        span(&neighbours, 0),
                        span(&of(|order| order.any_two_differ_by), 0)
                    ),
                )
                .so(
                    "the classes follow each other along a curve: the means of neighbouring classes lie close, with a \
                     roughness below 0.1, where 1 is no order",
                    &roughness.iter().map(|&roughness| roughness < 0.1).collect::<Vec<_>>(),
                    span(&roughness, 3),
                ),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let cloud = Scatter {
            title: String::new(),
            points: found.signals.points.view(),
            labels: &found.labels.counts(),
            axes: None,
            joins_means: false,
        };
        let classes =
            Classes::Ordered { label: "jump position", first: found.first_jump, n_classes: found.n_classes };
        let map = Scatters { clouds: vec![cloud], classes, n_columns: 1 };
        gallery.add_raster("3.2", Picture { width: 640, height: 520 }, &map)
    }
}

impl Order {
    /// Of `points [n_points, 2]` and the classes that they belong to.
    fn of(points: ArrayView2<f64>, labels: &[usize], n_classes: usize) -> Order {
        let apart = |(i, nearest): (usize, usize)| labels[i].abs_diff(labels[nearest]) as f64;
        Order {
            neighbours_differ_by: median(
                &nearest(points).into_iter().enumerate().map(apart).collect::<Vec<_>>(),
            ),
            any_two_differ_by: any_two_differ_by(labels, n_classes),
            roughness: roughness(class_means(points.mapv(|x| x as f32).view(), labels, n_classes).view()),
        }
    }
}

/// The median over all pairs of labels, a label with itself among them.
fn any_two_differ_by(labels: &[usize], n_classes: usize) -> f64 {
    let mut n_pairs = vec![0u64; n_classes];
    let mut counts = vec![0u64; n_classes];
    labels.iter().for_each(|&label| counts[label] += 1);
    for (a, n_a) in counts.iter().enumerate() {
        counts.iter().enumerate().for_each(|(b, n_b)| n_pairs[a.abs_diff(b)] += n_a * n_b);
    }
    let half = n_pairs.iter().sum::<u64>() / 2;
    let mut up_to = 0;
    let is_half = |&n: &u64| {
        up_to += n;
        half <= up_to
    };
    n_pairs.iter().position(is_half).map_or(f64::NAN, |difference| difference as f64)
}

/// The nearest other point of each.
fn nearest(points: ArrayView2<f64>) -> Vec<usize> {
    let places: Vec<[f64; 2]> = points.outer_iter().map(|p| [p[0], p[1]]).collect();
    let of = |i: usize| {
        let distance =
            |j: usize| (places[i][0] - places[j][0]).powi(2) + (places[i][1] - places[j][1]).powi(2);
        let others = (0..places.len()).filter(|&j| j != i).map(|j| (distance(j), j));
        others.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(i, |(_, j)| j)
    };
    (0..places.len()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn points_along_a_line_by_their_class_are_in_order_and_shuffled_ones_are_not() {
        let points = Array2::from_shape_fn((120, 2), |(i, axis)| if axis == 0 { i as f64 } else { 0.0 });
        let sorted: Vec<usize> = (0..120).map(|i| i / 2).collect();
        let order = Order::of(points.view(), &sorted, 60);
        // Of 3 600 pairs 1 794 differ by at most 17, and 1 878 by at most 18.
        assert_eq!((order.neighbours_differ_by, order.any_two_differ_by), (0.0, 18.0));
        assert!(order.roughness < 0.01);
        // 37 is prime to 60: neighbours on the line are 37 or 23 classes apart.
        let mixed: Vec<usize> = (0..120).map(|i| i * 37 % 60).collect();
        let order = Order::of(points.view(), &mixed, 60);
        assert!(20.0 < order.neighbours_differ_by && 0.1 < order.roughness);
    }
}
