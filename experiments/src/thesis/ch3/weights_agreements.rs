//! Whether the two-layer MLP is as the thesis reads off figures 3.11 and 3.12.

use vitrine_lab::numbers::{percent_span, span};
use vitrine_lab::{Agreement, agreement};

use super::hidden_layer::HiddenLayer;

/// Figure 3.11.
pub fn weights(by_seed: &[HiddenLayer]) -> Agreement {
    let ratios: Vec<f64> = by_seed.iter().map(|seed| seed.outside_over_inside).collect();
    agreement("3.11").so(
        "weights from inputs where no signal jumps are clearly smaller, on average by a quarter or more",
        &ratios.iter().map(|&ratio| ratio <= 0.75).collect::<Vec<_>>(),
        format!("{} times the size of the others", span(&ratios, 2)),
    )
}

/// Figure 3.12.
pub fn activations(by_seed: &[HiddenLayer]) -> Agreement {
    let of = |value: fn(&HiddenLayer) -> f64| by_seed.iter().map(value).collect::<Vec<f64>>();
    let so = |values: &[f64], is: fn(f64) -> bool| values.iter().map(|&value| is(value)).collect::<Vec<_>>();
    let (roughness, width) = (of(|seed| seed.roughness), of(|seed| seed.width));
    let (between, diagonal) = (of(|seed| seed.between_units), of(|seed| seed.on_the_diagonal));
    let rare = of(|seed| seed.n_rarely_active as f64);
    agreement("3.12")
        .so(
            "hidden units vary gradually with the jump position: roughness below 0.1, where 1 is no order",
            &so(&roughness, |roughness| roughness < 0.1),
            span(&roughness, 3),
        )
        .so(
            "over wide ranges: the median unit is above half of its largest over ten positions in a row or more",
            &so(&width, |width| 10.0 <= width),
            format!("{} positions", span(&width, 0)),
        )
        .so(
            "in stripes, here horizontal bands: units differ more from each other than each along the jump position",
            &so(&between, |share| 0.5 < share),
            format!("{} of the variance is between units", percent_span(&between)),
        )
        .so(
            "some units are almost never active, in less than 1 % of the signals",
            &so(&rare, |n| 1.0 <= n),
            format!("{} units", span(&rare, 0)),
        )
        .so(
            "the output is a nearly perfect diagonal: at each jump position its own unit has the largest probability",
            &so(&diagonal, |share| 1.0 <= share),
            format!("at {} of them", percent_span(&diagonal)),
        )
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::*;

    #[test]
    fn stripes_with_resting_units_and_a_diagonal_agree_and_noise_differs() {
        let striped = HiddenLayer {
            outside_over_inside: 0.3,
            roughness: 0.01,
            width: 25.0,
            between_units: 0.6,
            n_rarely_active: 4,
            on_the_diagonal: 1.0,
        };
        assert_eq!(activations(std::slice::from_ref(&striped)).stands(), Stands::Agrees);
        assert_eq!(weights(&[striped]).stands(), Stands::Agrees);
        let noise = HiddenLayer {
            outside_over_inside: 0.9,
            roughness: 1.0,
            width: 2.0,
            between_units: 0.1,
            n_rarely_active: 0,
            on_the_diagonal: 0.1,
        };
        assert_eq!(activations(std::slice::from_ref(&noise)).stands(), Stands::Differs);
        assert_eq!(weights(&[noise]).stands(), Stands::Differs);
    }
}
