//! What the made inputs of one network have in common.

use ndarray::{ArrayView1, Axis};
use serde::{Deserialize, Serialize};
use vitrine_analysis::detectors::GaussianDerivative;
use vitrine_analysis::first_difference::JumpShape;
use vitrine_analysis::statistics::quantile;
use vitrine_data::JumpSettings;
use vitrine_explain::ascent::{Ascended, Ending};

use super::made::Made;
use super::over_seeds::known_mean;
use crate::thesis::detector::bayes;

/// Samples on either side of a jump that belong to it.
const REACH: usize = 10;

/// What the made inputs of one network have in common. What is said of chosen rows is `None` where there are none.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MadeSummary {
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

impl MadeSummary {
    /// Measures the rows of `made` that converged.
    pub fn of(made: &Made, settings: &JumpSettings) -> MadeSummary {
        MadeSummary::of_rows(made, settings, |outcome| outcome.steps_to_target().is_some())
    }

    /// Measures the rows of `made` that are numbers, whether they converged or not.
    pub fn of_finite(made: &Made, settings: &JumpSettings) -> MadeSummary {
        MadeSummary::of_rows(made, settings, |outcome| !matches!(outcome, Ending::Diverged { .. }))
    }

    fn of_rows(made: &Made, settings: &JumpSettings, wanted: fn(&Ending) -> bool) -> MadeSummary {
        let Ascended { inputs, endings, values } = &made.ascended;
        let n_rows = endings.len();
        let share =
            |wanted: fn(&Ending) -> bool| endings.iter().filter(|o| wanted(o)).count() as f64 / n_rows as f64;
        let chosen: Vec<usize> = (0..n_rows).filter(|&row| wanted(&endings[row])).collect();
        let mut steps: Vec<f64> =
            endings.iter().filter_map(|o| o.steps_to_target()).map(|steps| steps as f64).collect();
        steps.sort_unstable_by(f64::total_cmp);
        let inputs = inputs.select(Axis(0), &chosen);
        let jumps: Vec<usize> = chosen.iter().map(|&row| settings.jump_of(made.classes[row])).collect();
        let shape = |(x, &jump): (ArrayView1<f32>, &usize)| JumpShape::of(x, jump, REACH);
        let shapes: Vec<JumpShape> = inputs.rows().into_iter().zip(&jumps).map(shape).collect();
        let of_shapes = |f: fn(&JumpShape) -> f64| known_mean(shapes.iter().map(f));
        let right = |found: &[usize]| known_mean(found.iter().zip(&jumps).map(|(f, j)| one_if(f == j)));
        let positions: Vec<usize> = shapes.iter().map(|shape| shape.position).collect();
        let posterior = bayes(settings).posterior(inputs.view());
        let most_probable = posterior.map();
        let class = |row: usize| jumps[row] - settings.first_jump;
        MadeSummary {
            n_rows,
            converged: share(|o| matches!(o, Ending::Converged { .. })),
            not_converged: share(|o| matches!(o, Ending::NotConverged { .. })),
            stalled: share(|o| matches!(o, Ending::Stalled { .. })),
            diverged: share(|o| matches!(o, Ending::Diverged { .. })),
            probability: known_mean(chosen.iter().map(|&row| f64::from(values[row]))),
            median_steps: (!steps.is_empty()).then(|| quantile(&steps, 0.5)),
            at_jump: right(&positions),
            near_jump: known_mean(positions.iter().zip(&jumps).map(|(p, &j)| one_if(p.abs_diff(j) <= 1))),
            second_ratio: of_shapes(|shape| shape.second_ratio),
            energy_outside: of_shapes(|shape| shape.energy_outside),
            size: of_shapes(|shape| shape.size),
            baseline_at_jump: right(&GaussianDerivative::default().detect(inputs.view())),
            bayes_at_jump: right(&most_probable),
            bayes_probability: known_mean(
                (0..chosen.len()).map(|row| posterior.probabilities[(row, class(row))]),
            ),
            bayes_position: known_mean(most_probable.iter().map(|&position| position as f64)),
        }
    }
}

fn one_if(yes: bool) -> f64 {
    if yes { 1.0 } else { 0.0 }
}
