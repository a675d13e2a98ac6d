//! Whether the one-layer network is as the thesis reads off figures 3.14 and 3.15.

use vitrine_lab::numbers::{percent_span, span};
use vitrine_lab::{Agreement, agreement};

use super::learned_rows::{Pattern, Rows};

/// The agreements, from the rows of each seed's network and those of the best linear detector.
pub fn agreements(by_seed: &[Rows], best_linear: &Pattern) -> Vec<Agreement> {
    let each = |value: fn(&Rows) -> f64| by_seed.iter().map(value).collect::<Vec<f64>>();
    let so = |values: &[f64], is: fn(f64) -> bool| values.iter().map(|&v| is(v)).collect::<Vec<bool>>();
    let far = each(|rows| rows.pattern.far_from_the_jump);
    let losses = each(|rows| rows.l1_of_near_weights / rows.l1 - 1.0);
    let regular = each(|rows| rows.pattern.like_their_average);
    let correlations = each(|rows| rows.correlation.unwrap_or(f64::NAN));
    let two_taps = each(|rows| rows.pattern.at_the_jump);
    let gains = each(|rows| rows.gaussian_derivative.l1 - rows.profile.l1);
    vec![
        agreement("3.14")
            .so(
                "only weights near the diagonal matter: those more than 10 samples from the jump have less than a tenth \
                 of all squared weight",
                &so(&far, |share| share < 0.1),
                percent_span(&far),
            )
            .so(
                "without those the L1 error grows by less than a tenth",
                &losses.iter().map(|&loss| loss < 0.1).collect::<Vec<_>>(),
                format!("by {}", percent_span(&losses)),
            )
            .so(
                "the pattern along the diagonal is regular: rows aligned on their jump correlate with their average by \
                 0.8 or more in the mean",
                &so(&regular, |correlation| 0.8 <= correlation),
                span(&regular, 2),
            )
            .because(&format!(
                "the best linear detector, too, has {} of its squared weight far from the jump",
                percent_span(&[best_linear.far_from_the_jump])
            )),
        agreement("3.15")
            .so(
                "the weights are a smoothed first derivative: their average over rows correlates with a Gaussian \
                 derivative of fitted width (not drawn) by more than 0.8",
                &so(&correlations, |correlation| 0.8 < correlation),
                span(&correlations, 2),
            )
            .so(
                "they smooth around the jump, too: the two weights beside the jump are less than half of the absolute \
                 weight within 10 samples",
                &so(&two_taps, |share| share < 0.5),
                percent_span(&two_taps),
            )
            .so(
                "that average is a better filter than the one made by hand, in L1",
                &so(&gains, |gain| 0.0 < gain),
                format!("by {} samples", span(&gains, 3)),
            ),
    ]
}

#[cfg(test)]
mod tests {
    use vitrine_analysis::errors::DetectionErrors;
    use vitrine_lab::Stands;

    use super::*;

    fn stands(pattern: Pattern, correlation: f64, [l1, near, profile, by_hand]: [f64; 4]) -> [Stands; 2] {
        let of = |l1| DetectionErrors { l1, l2: l1, p99_l1: l1, p99_l2: l1, accuracy: 0.5, max: 9.0 };
        let rows = Rows {
            profile: of(profile),
            gaussian_derivative: of(by_hand),
            tau: Some(2.0),
            correlation: Some(correlation),
            pattern,
            l1,
            l1_of_near_weights: near,
        };
        let found = agreements(&[rows], &pattern);
        [found[0].stands(), found[1].stands()]
    }

    #[test]
    fn rows_along_the_diagonal_agree_and_scattered_ones_differ() {
        let along = Pattern { far_from_the_jump: 0.05, like_their_average: 0.9, at_the_jump: 0.3 };
        assert_eq!(stands(along, 0.9, [0.3, 0.31, 0.3, 0.5]), [Stands::Agrees; 2]);
        let scattered = Pattern { far_from_the_jump: 0.7, like_their_average: 0.2, at_the_jump: 0.9 };
        assert_eq!(stands(scattered, 0.1, [0.3, 0.9, 0.6, 0.5]), [Stands::Differs; 2]);
        assert_eq!(stands(along, 0.9, [0.3, 0.31, 0.6, 0.5]), [Stands::Agrees, Stands::Partly]);
    }
}
