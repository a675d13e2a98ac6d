//! Made inputs on their way through conv layers, in numbers, beside what the thesis sees: figures 5.3 to 5.5.

use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::{mean, pearson};
use vitrine_lab::numbers::span;
use vitrine_lab::{Agreement, agreement};

use super::peaks::{BehindPeak, sharpness};

/// A signal falls or drops behind its peak where it does so by more than this share of the peak's height.
const DROPS: f64 = 0.1;
/// Two signals are the same but for their size and sign where their correlation is beyond this.
const SAME: f64 = 0.9;

/// A made input on its way through the network of one seed; NaN where something cannot be said.
#[derive(Serialize, Deserialize)]
pub struct OnTheWay {
    /// How sharp the peaks are, of the input and of the signal after each conv layer.
    pub sharpness: Vec<f64>,
    /// How far the signal after the last conv layer drops behind its peak.
    pub drop_behind: f64,
    /// How far the averaged activations of the first conv layer for the same jump fall behind their peak.
    pub fall_of_averaged: f64,
    /// Correlation of the last signal with the one before it.
    pub last_with_before: f64,
}

impl OnTheWay {
    /// Of the input made for `jump` and the signals after each conv layer, and of averaged activations of the first.
    pub fn of<'a>(
        signals: impl Iterator<Item = ArrayView1<'a, f64>>,
        averaged: ArrayView1<f64>,
        jump: usize,
    ) -> OnTheWay {
        let signals: Vec<ArrayView1<f64>> = signals.collect();
        OnTheWay {
            sharpness: signals.iter().map(|signal| sharpness(*signal)).collect(),
            drop_behind: signals.last().map_or(f64::NAN, |last| BehindPeak::of(*last, jump).drops),
            fall_of_averaged: BehindPeak::of(averaged, jump).falls,
            last_with_before: match signals.as_slice() {
                [.., before, last] => pearson(&before.to_vec(), &last.to_vec()),
                _ => f64::NAN,
            },
        }
    }
}

/// The figure of one conv layer: the signal behind it drops below the level that it comes back to.
pub fn drops_behind(figure: &str, seeds: &[OnTheWay]) -> Agreement {
    let of = |drop: fn(&OnTheWay) -> f64| {
        let drops: Vec<f64> = seeds.iter().map(drop).collect();
        let per_seed: Vec<bool> = drops.iter().map(|&drop| DROPS < drop).collect();
        (per_seed, format!("by {} of it", span(&drops, 2)))
    };
    let ((made, by_made), (averaged, by_averaged)) = (of(|s| s.drop_behind), of(|s| s.fall_of_averaged));
    let n_both = made.iter().zip(&averaged).filter(|(made, averaged)| **made && **averaged).count();
    let n_deep = seeds.iter().filter(|seed| 1.0 < seed.drop_behind).count();
    agreement(figure)
        .so(
            "behind its peak the signal after the conv layer drops below the level that it then comes back to (its \
             mean 20 to 29 samples behind the jump), by more than a tenth of the peak's height",
            &made,
            by_made,
        )
        .so(
            "that layer's averaged activations for the same jump fall from their peak to that level by more than a \
             tenth of its height",
            &averaged,
            by_averaged,
        )
        .because(&format!(
            "both are so in {n_both} of {n} seeds; in {n_deep} the made signal drops by more than its peak is high, so \
             that the dip is its larger mark",
            n = seeds.len()
        ))
}

/// The figures of more conv layers: each of the first two sharpens the peak, and a third changes nothing.
pub fn sharpens(figure: &str, seeds: &[OnTheWay]) -> Agreement {
    /// The input, and the signals after two conv layers.
    const STAGES: [&str; 3] = ["of the input", "after the first", "after the second"];
    let sharpness = |seed: &OnTheWay, stage: usize| seed.sharpness.get(stage).copied().unwrap_or(f64::NAN);
    let is_sharpened =
        |seed: &OnTheWay| (1..STAGES.len()).all(|stage| sharpness(seed, stage - 1) < sharpness(seed, stage));
    let in_the_mean = |(stage, name): (usize, &&str)| {
        let of_seeds: Vec<f64> = seeds.iter().map(|seed| sharpness(seed, stage)).collect();
        format!("{:.2} {name}", mean(&of_seeds))
    };
    let said = agreement(figure).so(
        "the peak is sharper after each of the first two conv layers: its height over the signal's root mean square grows",
        &seeds.iter().map(is_sharpened).collect::<Vec<_>>(),
        format!("on average {}", STAGES.iter().enumerate().map(in_the_mean).collect::<Vec<_>>().join(", ")),
    );
    let falls_in = |stage: usize| {
        seeds.iter().filter(|seed| sharpness(seed, stage) <= sharpness(seed, stage - 1)).count()
    };
    let grows_in_the_mean = |stage: usize| {
        let of = |stage: usize| mean(&seeds.iter().map(|seed| sharpness(seed, stage)).collect::<Vec<_>>());
        of(stage - 1) < of(stage)
    };
    let on_average = match [1, 2].map(grows_in_the_mean) {
        [true, true] => "on average it grows at both layers",
        [true, false] => "on average it grows at the first layer alone",
        [false, true] => "on average it grows at the second layer alone",
        [false, false] => "on average it grows at neither layer",
    };
    let why = format!(
        "{on_average}; it falls after the first in {} of {n} seeds, after the second in {}",
        falls_in(1),
        falls_in(2),
        n = seeds.len()
    );
    let has_third = |seed: &OnTheWay| STAGES.len() < seed.sharpness.len();
    if !seeds.iter().all(has_third) {
        return said.because(&why);
    }
    let of_third: Vec<f64> =
        seeds.iter().map(|seed| sharpness(seed, STAGES.len()) - sharpness(seed, STAGES.len() - 1)).collect();
    let correlations: Vec<f64> = seeds.iter().map(|s| s.last_with_before).collect();
    said.so(
        "the third leaves the signal as it is: its correlation with the one before is beyond 0.9 in size",
        &correlations.iter().map(|correlation| SAME < correlation.abs()).collect::<Vec<_>>(),
        span(&correlations, 2),
    )
    .because(&format!("{why}; the third changes how sharp the peak is by {}", span(&of_third, 2)))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};
    use vitrine_lab::Stands;

    use super::*;

    fn seed(sharpness: &[f64], drop_behind: f64, fall_of_averaged: f64, last_with_before: f64) -> OnTheWay {
        OnTheWay { sharpness: sharpness.to_vec(), drop_behind, fall_of_averaged, last_with_before }
    }

    #[test]
    fn the_drop_behind_a_peak_agrees_from_a_tenth_of_its_height_on() {
        let stands = |made, averaged| drops_behind("5.3", &[seed(&[], made, averaged, 0.0)]).stands();
        assert_eq!(stands(0.2, 0.11), Stands::Agrees);
        assert_eq!(stands(0.2, 0.1), Stands::Partly);
        assert_eq!(stands(0.05, f64::NAN), Stands::Differs);
        let deep = drops_behind("5.3", &[seed(&[], 2.1, 1.9, 0.0), seed(&[], 0.5, 0.05, 0.0)]);
        let why = "both are so in 1 of 2 seeds; in 1 the made signal drops by more than its peak is high, so that the \
                   dip is its larger mark";
        assert_eq!(deep.why.as_deref(), Some(why));
    }

    #[test]
    fn peaks_agree_that_grow_sharper_and_differ_that_do_not() {
        let of = |sharpness: &[f64], correlation| sharpens("5.5", &[seed(sharpness, 0.0, 0.0, correlation)]);
        assert_eq!(of(&[2.0, 3.0, 4.0, 4.0], -0.95).stands(), Stands::Agrees);
        let blunt = of(&[2.0, 3.0, 2.5, 4.0], 0.5);
        assert_eq!(blunt.stands(), Stands::Differs);
        let numbers = "on average 2.00 of the input, 3.00 after the first, 2.50 after the second";
        assert_eq!(blunt.parts[0].numbers, numbers);
        assert_eq!(
            blunt.why.unwrap(),
            "on average it grows at the first layer alone; it falls after the first in 0 of 1 seeds, after the second \
             in 1; the third changes how sharp the peak is by 1.50"
        );
        let two = of(&[2.0, 3.0, 4.0], 0.0);
        assert_eq!((two.parts.len(), two.stands()), (1, Stands::Agrees));
    }

    #[test]
    fn a_signal_turned_about_is_the_same() {
        let (signal, turned) = (array![0.0, 1.0, 5.0, 0.0], array![0.0, -2.0, -10.0, 0.0]);
        let flat = Array1::zeros(4);
        let of = |last: &Array1<f64>| OnTheWay::of([signal.view(), last.view()].into_iter(), flat.view(), 2);
        assert!((of(&turned).last_with_before + 1.0).abs() < 1e-12);
        assert!(of(&flat).last_with_before.is_nan());
    }
}
