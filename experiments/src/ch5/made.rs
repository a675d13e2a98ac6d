//! Inputs made by gradient ascent for many classes and starts at once, and what there is to say of them.

use ndarray::{ArrayView1, Axis};
use serde::{Deserialize, Serialize};
use vitrine_analysis::detectors::GaussianDerivative;
use vitrine_analysis::first_difference::JumpShape;
use vitrine_analysis::statistics::{mean, quantile};
use vitrine_data::JumpSettings;
use vitrine_model::Network;
use vitrine_model::ascent::{Ascended, Ascent, Normalise, Objective, Outcome, Start};

use crate::detector::bayes;
use crate::recipe::data_streams;

/// The thesis starts from elements uniform in ± 0.05.
pub const START: Start = Start::Uniform { bound: 0.05 };
/// Samples on either side of a jump that belong to it.
pub const REACH: usize = 10;

/// Steps of one length, which a flat or saturated softmax does not stop.
pub fn of_one_length(ascent: &Ascent) -> Ascent {
    Ascent { rate: 0.1, normalise: Normalise::Length, ..ascent.clone() }
}

/// Inputs made for classes, one row each.
pub struct Made {
    /// The class that each row was made for.
    pub classes: Vec<usize>,
    /// Where the rows ended.
    pub ascended: Ascended,
}

/// Raises the probability of each of `classes` from `n_starts` random starts, which networks of a seed share.
pub fn make(
    network: &Network,
    seed: u64,
    classes: &[usize],
    n_starts: usize,
    ascent: &Ascent,
) -> anyhow::Result<Made> {
    let classes: Vec<usize> = classes.iter().flat_map(|&c| std::iter::repeat_n(c, n_starts)).collect();
    let mut rng = data_streams(seed).child("ascent").rng("starts");
    let starts = START.rows(&classes, network.spec.n_inputs(), &mut rng);
    let objectives: Vec<Objective> = classes.iter().map(|&class| Objective::probability(class)).collect();
    let ascended = ascent.climb(network, &objectives, starts.view())?;
    Ok(Made { classes, ascended })
}

/// So many layers, in words.
pub fn layers(depth: usize) -> String {
    if depth == 1 { "1 layer".into() } else { format!("{depth} layers") }
}

/// How a row ended, in a few words for a title.
pub fn in_words(outcome: Outcome) -> String {
    match outcome {
        Outcome::Converged { steps } => format!("{steps} steps"),
        Outcome::NotConverged { steps } => format!("not in {steps} steps"),
        Outcome::Stalled { steps } => format!("stalled at {steps}"),
        Outcome::Diverged { steps } => format!("diverged at {steps}"),
    }
}

/// What the made inputs of one network have in common. What is said of chosen rows is `None` where there are none.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// Rows in all.
    pub n_rows: usize,
    /// Share of rows that reached the target.
    pub converged: f64,
    /// Share whose steps were used up.
    pub not_converged: f64,
    /// Share that no longer gained.
    pub stalled: f64,
    /// Share that is no number.
    pub diverged: f64,
    /// Mean of the objective at the end, of chosen rows.
    pub probability: Option<f64>,
    /// Median of the steps to the target, of rows that reached it.
    pub median_steps: Option<f64>,
    /// Share of chosen rows whose largest first difference is exactly at their class' jump.
    pub at_jump: Option<f64>,
    /// The same within one sample.
    pub near_jump: Option<f64>,
    /// Mean of the second largest difference over the largest, of chosen rows.
    pub second_ratio: Option<f64>,
    /// Mean share of the energy outside ± 10 samples of the jump, of chosen rows.
    pub energy_outside: Option<f64>,
    /// Mean size of the largest first difference, of chosen rows.
    pub size: Option<f64>,
    /// Share of chosen rows in which signal processing finds the class' jump.
    pub baseline_at_jump: Option<f64>,
    /// Share of chosen rows whose most probable jump under the Bayes posterior is the class'.
    pub bayes_at_jump: Option<f64>,
    /// Mean posterior probability of the class' jump, of chosen rows.
    pub bayes_probability: Option<f64>,
    /// Mean position that the posterior finds most probable, of chosen rows.
    pub bayes_position: Option<f64>,
}

impl Summary {
    /// Measures the rows of `made` that converged.
    pub fn of(made: &Made, settings: &JumpSettings) -> Summary {
        Summary::of_rows(made, settings, |outcome| outcome.steps_to_target().is_some())
    }

    /// Measures the rows of `made` that ended in one of the `wanted` ways.
    pub fn of_rows(made: &Made, settings: &JumpSettings, wanted: fn(&Outcome) -> bool) -> Summary {
        let Ascended { inputs, outcomes, values } = &made.ascended;
        let n_rows = outcomes.len();
        let share = |wanted: fn(&Outcome) -> bool| {
            outcomes.iter().filter(|o| wanted(o)).count() as f64 / n_rows as f64
        };
        let chosen: Vec<usize> = (0..n_rows).filter(|&row| wanted(&outcomes[row])).collect();
        let mut steps: Vec<f64> =
            outcomes.iter().filter_map(|o| o.steps_to_target()).map(|steps| steps as f64).collect();
        steps.sort_unstable_by(f64::total_cmp);
        let inputs = inputs.select(Axis(0), &chosen);
        let jumps: Vec<usize> = chosen.iter().map(|&row| settings.jump_of(made.classes[row])).collect();
        let shape = |(x, &jump): (ArrayView1<f32>, &usize)| JumpShape::of(x, jump, REACH);
        let shapes: Vec<JumpShape> = inputs.rows().into_iter().zip(&jumps).map(shape).collect();
        let of_shapes = |f: fn(&JumpShape) -> f64| known(shapes.iter().map(f));
        let right = |found: &[usize]| known(found.iter().zip(&jumps).map(|(f, j)| one_if(f == j)));
        let positions: Vec<usize> = shapes.iter().map(|shape| shape.position).collect();
        let posterior = bayes(settings).posterior(inputs.view());
        let most_probable = posterior.map();
        let class = |row: usize| jumps[row] - settings.first_jump;
        Summary {
            n_rows,
            converged: share(|o| matches!(o, Outcome::Converged { .. })),
            not_converged: share(|o| matches!(o, Outcome::NotConverged { .. })),
            stalled: share(|o| matches!(o, Outcome::Stalled { .. })),
            diverged: share(|o| matches!(o, Outcome::Diverged { .. })),
            probability: known(chosen.iter().map(|&row| f64::from(values[row]))),
            median_steps: known(steps.first().map(|_| quantile(&steps, 0.5)).into_iter()),
            at_jump: right(&positions),
            near_jump: known(positions.iter().zip(&jumps).map(|(p, &j)| one_if(p.abs_diff(j) <= 1))),
            second_ratio: of_shapes(|shape| shape.second_ratio),
            energy_outside: of_shapes(|shape| shape.energy_outside),
            size: of_shapes(|shape| shape.size),
            baseline_at_jump: right(&GaussianDerivative::default().detect(inputs.view())),
            bayes_at_jump: right(&most_probable),
            bayes_probability: known((0..chosen.len()).map(|row| posterior.probabilities[(row, class(row))])),
            bayes_position: known(most_probable.iter().map(|&position| position as f64)),
        }
    }
}

/// The mean, where there is one.
fn known(values: impl Iterator<Item = f64>) -> Option<f64> {
    Some(mean(&values.collect::<Vec<_>>())).filter(|mean| mean.is_finite())
}

fn one_if(yes: bool) -> f64 {
    if yes { 1.0 } else { 0.0 }
}

/// A number of a table; a dash where there is none.
pub fn cell(value: Option<f64>, digits: usize) -> String {
    value.map_or("–".into(), |value| format!("{value:.digits$}"))
}

/// Seed by seed, the least-squares slope of values at depths 1, 2, …; NaN where one of them is.
pub fn slopes(depths: &[Vec<f64>]) -> Vec<f64> {
    let n_seeds = depths.first().map_or(0, Vec::len);
    let centre = (depths.len() as f64 + 1.0) / 2.0;
    let x = |depth: usize| (depth + 1) as f64 - centre;
    let squares: f64 = (0..depths.len()).map(|depth| x(depth) * x(depth)).sum();
    let slope = |seed: usize| depths.iter().enumerate().map(|(d, v)| x(d) * v[seed]).sum::<f64>() / squares;
    (0..n_seeds).map(slope).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_slope_of_a_line_is_its_rise_per_layer() {
        let depths = [vec![1.0, 0.0], vec![3.0, 0.0], vec![5.0, f64::NAN], vec![7.0, 0.0]];
        let slopes = super::slopes(&depths);
        assert!((slopes[0] - 2.0).abs() < 1e-12 && slopes[1].is_nan());
    }
}
