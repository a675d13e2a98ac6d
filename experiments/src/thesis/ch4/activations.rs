//! Averaged activations of two-unit bottlenecks (thesis sec. 4.2): figures 4.6 and 4.9.

use ndarray::Array2;
use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::{mean, median};
use vitrine_figures::Picture;
use vitrine_lab::numbers::span;
use vitrine_lab::{About, Agreement, Gallery, Matrix, Recipe, Saved, Study, agreement};

use super::bottlenecks::{ByDepth, Depth, IN_THE_PLANE, recipes_in_the_plane};
use super::outliers::{far_below, nth, nth_of};
use crate::thesis::Context;
use crate::thesis::layers::{self, LayerMeans, means_maps};

pub struct CodeActivations;

static ABOUT: About = About {
    id: "4.2-activations",
    title: "Averaged activations of two-unit bottlenecks",
    figures: &["4.6", "4.9"],
    tables: &[],
    claims: &[],
};

/// A class is not well told apart that gives a neighbour more than this share of its own averaged probability.
const CONFUSED: f64 = 0.5;
/// Classes at either end of the range.
const N_AT_AN_END: usize = 3;
/// Classes at either end that are set beside those between: so many, or a third of all where these are fewer.
const N_TOWARDS_AN_END: usize = 10;

/// Averaged activations of both bottlenecks.
#[derive(Serialize, Deserialize)]
pub struct Found {
    bottlenecks: ByDepth<Averaged>,
    first_jump: usize,
}

/// Averaged activations of one bottleneck.
#[derive(Serialize, Deserialize)]
struct Averaged {
    /// Layer by layer, of the first seed.
    layers: Vec<LayerMeans>,
    /// Averaged probability of the class itself, `[n_seeds, n_classes]`.
    own: Matrix,
    /// Averaged probability of the more probable of its neighbours, `[n_seeds, n_classes]`.
    neighbour: Matrix,
}

impl Study for CodeActivations {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        recipes_in_the_plane(&cx.plan)
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let bottlenecks = ByDepth::try_of(|depth| {
            let of_seed = |&seed: &u64| {
                let trained = cx.network(&depth.spec(IN_THE_PLANE), seed)?;
                Ok(layers::means(&trained.network, &cx.evaluation(seed).dataset))
            };
            Ok(Averaged::of(cx.plan.seeds.iter().map(of_seed).collect::<anyhow::Result<_>>()?))
        })?;
        Ok(Found { bottlenecks, first_jump: cx.plan.settings.signals.first_jump })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let of = |figure: &str, depth: Depth| {
            let averaged = &found.bottlenecks[depth];
            let n_confused = averaged.n_confused();
            let numbers = format!(
                "{} of {} classes; own probability {}",
                span(&n_confused, 0),
                averaged.own.ncols(),
                span(&averaged.own.iter().copied().collect::<Vec<_>>(), 2)
            );
            agreement(figure).so(
                "some classes give an adjacent one more than half of their own averaged probability",
                &n_confused.iter().map(|&n| 0.0 < n).collect::<Vec<_>>(),
                numbers,
            )
        };
        let shallow = &found.bottlenecks[Depth::Shallow];
        let (worst, n_classes) = (shallow.least_told_apart(), shallow.own.ncols());
        let is_at_an_end = |&class: &usize| class < N_AT_AN_END || n_classes <= class + N_AT_AN_END;
        let jumps: Vec<String> = worst.iter().map(|class| (class + found.first_jump).to_string()).collect();
        let shown = jumps.first().map_or("–", String::as_str);
        vec![
            of("4.6", Depth::Shallow)
                .so(
                    "the class told apart worst, with the lowest averaged probability of its own, is one of the three \
                     at either end",
                    &worst.iter().map(is_at_an_end).collect::<Vec<_>>(),
                    format!("the jump at {shown} in the network shown; by seed at {}", jumps.join(", ")),
                )
                .because(&shallow.ends_beside_the_middle(found.first_jump)),
            of("4.9", Depth::Deep),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        for (figure, depth) in [("4.6", Depth::Shallow), ("4.9", Depth::Deep)] {
            let maps = means_maps(&found.bottlenecks[depth].layers, found.first_jump);
            let height = 300 * maps.maps.len().div_ceil(maps.n_columns) as u32;
            gallery.add_raster(figure, Picture { width: 760, height }, &maps)?;
        }
        Ok(())
    }
}

impl Averaged {
    /// Of the averaged activations of every seed.
    fn of(mut seeds: Vec<Vec<LayerMeans>>) -> Averaged {
        let outputs: Vec<&Matrix> = seeds.iter().filter_map(|layers| Some(&layers.last()?.means)).collect();
        let n_classes = outputs.first().map_or(0, |output| output.nrows());
        let shape = (outputs.len(), n_classes);
        let beside = |seed: usize, class: usize| {
            let neighbours = [class.checked_sub(1), (class + 1 < n_classes).then_some(class + 1)];
            neighbours.into_iter().flatten().map(|other| outputs[seed][(class, other)]).fold(0.0, f64::max)
        };
        let own = Saved(Array2::from_shape_fn(shape, |(seed, class)| outputs[seed][(class, class)]));
        let neighbour = Saved(Array2::from_shape_fn(shape, |(seed, class)| beside(seed, class)));
        Averaged { own, neighbour, layers: seeds.swap_remove(0) }
    }

    /// By seed, how many classes are not well told apart from a neighbour.
    fn n_confused(&self) -> Vec<f64> {
        let is_confused = |(own, neighbour): (&f64, &f64)| CONFUSED * own < *neighbour;
        let seeds = self.own.rows().into_iter().zip(self.neighbour.rows());
        seeds
            .map(|(own, neighbour)| {
                own.iter().zip(neighbour).filter(|&pair| is_confused(pair)).count() as f64
            })
            .collect()
    }

    /// What classes towards the ends have of their own probability, beside those between, in the network shown; and
    /// which networks tell classes apart far worse than those of other seeds.
    fn ends_beside_the_middle(&self, first_jump: usize) -> String {
        let means: Vec<f64> = self.own.rows().into_iter().map(|own| mean(&own.to_vec())).collect();
        let own = self.own.row(0).to_vec();
        let n_ends = N_TOWARDS_AN_END.min(own.len() / 3);
        let (lower, rest) = own.split_at(n_ends);
        let (between, upper) = rest.split_at(rest.len() - n_ends);
        let [at_lower, at_upper, between] = [lower, upper, between].map(mean);
        let is_worst = if at_lower < at_upper.min(between) {
            "the lower end is told apart worst"
        } else if at_upper < at_lower.min(between) {
            "the upper end is told apart worst"
        } else {
            "neither end is told apart worst"
        };
        let worst = self.least_told_apart()[0];
        let from_upper = own.len() - 1 - worst;
        let (place, end) = if worst <= from_upper { (worst, "lower") } else { (from_upper, "upper") };
        let mut said = format!(
            "in the network shown {is_worst}: own probability {at_lower:.2} on average over the {n_ends} classes at \
             the lower end, {between:.2} between, {at_upper:.2} over the {n_ends} at the upper end; the single worst \
             class, the jump at {}, is the {} from the {end} end",
            worst + first_jump,
            nth(place)
        );
        for place in far_below(&means) {
            said += &format!(
                "; the network of {} tells all classes apart far worse: {:.2} on average, less than half of the median \
                 over seeds, {:.2}",
                nth_of(place, means.len()),
                means[place],
                median(&means)
            );
        }
        said
    }

    /// By seed, the class whose own averaged probability is smallest.
    fn least_told_apart(&self) -> Vec<usize> {
        let of_seed = |own: ndarray::ArrayView1<f64>| {
            (0..own.len()).min_by(|&a, &b| own[a].total_cmp(&own[b])).unwrap_or_default()
        };
        self.own.rows().into_iter().map(of_seed).collect()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use vitrine_lab::Stands;

    use super::*;

    /// A bottleneck whose classes have these averaged probabilities, by class.
    fn averaged(output: Array2<f64>) -> Averaged {
        Averaged::of(vec![vec![LayerMeans { layer: "output".into(), means: Saved(output) }]])
    }

    #[test]
    fn a_class_is_confused_with_a_neighbour_that_has_more_than_half_of_its_probability() {
        let found = averaged(array![[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.35, 0.15, 0.5]]);
        assert_eq!(
            (found.own.row(0).to_vec(), found.neighbour.row(0).to_vec()),
            (vec![0.5, 0.8, 0.5], vec![0.3, 0.1, 0.15])
        );
        assert_eq!((found.n_confused(), found.least_told_apart()), (vec![1.0], vec![0]));
    }

    #[test]
    fn bottlenecks_that_tell_all_classes_apart_differ_from_the_thesis() {
        let of = |output: fn() -> Array2<f64>| {
            let bottlenecks = ByDepth::try_of(|_| Ok(averaged(output()))).unwrap();
            CodeActivations.agreements(&Found { bottlenecks, first_jump: 21 })
        };
        let clear =
            of(|| Array2::eye(8) - 0.1 * Array2::from_diag(&array![0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]));
        assert!(clear.iter().all(|agreement| agreement.stands() == Stands::Differs));
        assert_eq!(clear[0].parts[1].numbers, "the jump at 25 in the network shown; by seed at 25");
        assert_eq!(
            clear[0].why.as_deref(),
            Some(
                "in the network shown neither end is told apart worst: own probability 1.00 on average over the 2 \
                 classes at the lower end, 0.97 between, 1.00 over the 2 at the upper end; the single worst class, \
                 the jump at 25, is the 4th from the upper end"
            )
        );
        let mixed = of(|| {
            let mut output = Array2::eye(8);
            (output[(7, 7)], output[(7, 6)]) = (0.6, 0.4);
            output
        });
        assert!(mixed.iter().all(|agreement| agreement.stands() == Stands::Agrees));
    }
}
