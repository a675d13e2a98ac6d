//! Made inputs on their way through conv layers, in numbers, beside what the thesis sees: figures 5.3 to 5.5.

use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::{mean, pearson};
use vitrine_lab::numbers::range;
use vitrine_lab::{Agreement, agreement};

use super::peaks::Peak;

/// A signal drops behind its peak where it does so by more than this share of the peak's height.
const DROPS: f64 = 0.1;
/// Two signals are the same but for their size and sign where their correlation is beyond this.
const SAME: f64 = 0.9;

/// A made input on its way through the network of one seed.
#[derive(Serialize, Deserialize)]
pub struct OnTheWay {
    /// Peaks of the input and of the signal after each conv layer.
    pub peaks: Vec<Peak>,
    /// The peak of the averaged activations of the first conv layer for the same jump.
    pub averaged: Peak,
    /// Correlation of the last signal with the one before it; `None` where one of them stays the same.
    pub last_with_before: Option<f64>,
}

impl OnTheWay {
    /// Of the input and the signals after each conv layer, and of averaged activations of the first of them.
    pub fn of<'a>(signals: impl Iterator<Item = ArrayView1<'a, f64>>, averaged: ArrayView1<f64>) -> OnTheWay {
        let signals: Vec<ArrayView1<f64>> = signals.collect();
        let correlation = match signals.as_slice() {
            [.., before, last] => pearson(&before.to_vec(), &last.to_vec()),
            _ => f64::NAN,
        };
        OnTheWay {
            peaks: signals.iter().map(|signal| Peak::of(*signal)).collect(),
            averaged: Peak::of(averaged),
            last_with_before: Some(correlation).filter(|correlation| correlation.is_finite()),
        }
    }
}

/// The figure of one conv layer: the signal behind it drops below the level that it comes back to.
pub fn drops_behind(figure: &str, seeds: &[OnTheWay]) -> Agreement {
    let drops = |peak: &Peak| peak.drop_behind.is_some_and(|drop| DROPS < drop);
    let after_conv = |seed: &OnTheWay| seed.peaks.last().copied();
    let of_made = |seed: &OnTheWay| after_conv(seed).and_then(|peak| peak.drop_behind).unwrap_or(f64::NAN);
    let of_averaged = |seed: &OnTheWay| seed.averaged.drop_behind.unwrap_or(f64::NAN);
    let numbers = |of: &dyn Fn(&OnTheWay) -> f64| {
        format!("by {} of it", range(&seeds.iter().map(of).collect::<Vec<_>>(), 2))
    };
    agreement(figure)
        .so(
            "behind its peak the signal after the conv layer drops by more than a tenth of the peak's height",
            &seeds.iter().map(|seed| after_conv(seed).is_some_and(|peak| drops(&peak))).collect::<Vec<_>>(),
            numbers(&of_made),
        )
        .so(
            "so do the averaged activations of that layer for the same jump",
            &seeds.iter().map(|seed| drops(&seed.averaged)).collect::<Vec<_>>(),
            numbers(&of_averaged),
        )
}

/// The figures of more conv layers: each of the first two sharpens the peak, and a third changes nothing.
pub fn sharpens(figure: &str, seeds: &[OnTheWay]) -> Agreement {
    /// The input, and the signals after two conv layers.
    const STAGES: [&str; 3] = ["of the input", "after the first", "after the second"];
    let sharpness = |seed: &OnTheWay, stage: usize| {
        seed.peaks.get(stage).and_then(|peak| peak.sharpness).unwrap_or(f64::NAN)
    };
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
    let has_third = |seed: &OnTheWay| STAGES.len() < seed.peaks.len();
    if !seeds.iter().all(has_third) {
        return said;
    }
    let correlations: Vec<f64> = seeds.iter().map(|s| s.last_with_before.unwrap_or(f64::NAN)).collect();
    said.so(
        "the third leaves the signal as it is: its correlation with the one before is beyond 0.9 in size",
        &correlations.iter().map(|correlation| SAME < correlation.abs()).collect::<Vec<_>>(),
        range(&correlations, 2),
    )
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};
    use vitrine_lab::Stands;

    use super::*;

    fn peak(sharpness: f64, drop_behind: f64) -> Peak {
        Peak { sharpness: Some(sharpness), drop_behind: Some(drop_behind) }
    }

    fn seed(peaks: &[(f64, f64)], averaged: f64, last_with_before: f64) -> OnTheWay {
        OnTheWay {
            peaks: peaks.iter().map(|&(sharpness, drop)| peak(sharpness, drop)).collect(),
            averaged: peak(1.0, averaged),
            last_with_before: Some(last_with_before),
        }
    }

    #[test]
    fn the_drop_behind_a_peak_agrees_from_a_tenth_of_its_height_on() {
        let stands =
            |made, averaged| drops_behind("5.3", &[seed(&[(1.0, 0.0), (1.0, made)], averaged, 0.0)]).stands();
        assert_eq!(stands(0.2, 0.11), Stands::Agrees);
        assert_eq!(stands(0.2, 0.1), Stands::Partly);
        assert_eq!(stands(0.05, 0.0), Stands::Differs);
    }

    #[test]
    fn peaks_agree_that_grow_sharper_and_differ_that_do_not() {
        let of = |sharpness: [f64; 4], correlation| {
            sharpens("5.5", &[seed(&sharpness.map(|s| (s, 0.0)), 0.0, correlation)])
        };
        assert_eq!(of([2.0, 3.0, 4.0, 4.0], -0.95).stands(), Stands::Agrees);
        let blunt = of([2.0, 3.0, 2.5, 4.0], 0.5);
        assert_eq!(blunt.stands(), Stands::Differs);
        assert_eq!(
            blunt.parts[0].numbers,
            "on average 2.00 of the input, 3.00 after the first, 2.50 after the second"
        );
        let two = sharpens("5.4", &[seed(&[(2.0, 0.0), (3.0, 0.0), (4.0, 0.0)], 0.0, 0.0)]);
        assert_eq!((two.parts.len(), two.stands()), (1, Stands::Agrees));
    }

    #[test]
    fn a_signal_turned_about_is_the_same() {
        let (signal, turned) = (array![0.0, 1.0, 5.0, 0.0], array![0.0, -2.0, -10.0, 0.0]);
        let flat = Array1::zeros(4);
        let of = |last: &Array1<f64>| OnTheWay::of([signal.view(), last.view()].into_iter(), flat.view());
        assert!((of(&turned).last_with_before.unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(of(&flat).last_with_before, None);
    }
}
