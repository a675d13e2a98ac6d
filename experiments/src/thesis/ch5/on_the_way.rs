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
        let like_it = if per_seed.first() == Some(&true) { "is like it" } else { "is not like it" };
        let shown = span(&drops[..drops.len().min(1)], 2);
        (per_seed, format!("by {} of it; the network shown {like_it}, with {shown}", span(&drops, 2)))
    };
    let ((made, by_made), (averaged, by_averaged)) = (of(|s| s.drop_behind), of(|s| s.fall_of_averaged));
    let slight = |what: &str, drop: fn(&OnTheWay) -> f64| {
        let slight: Vec<f64> = seeds.iter().map(drop).filter(|&drop| drop <= DROPS).collect();
        let by = span(&slight, 2);
        let n = seeds.len();
        (!slight.is_empty()).then(|| format!("in {} of {n} seeds {what} by {by} only", slight.len()))
    };
    let reasons = [
        slight("the made signal drops", |s| s.drop_behind),
        slight("the averaged activations fall", |s| s.fall_of_averaged),
    ];
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
        .because_of(reasons.into_iter().flatten())
}

/// The figures of more conv layers: each of the first two sharpens the peak, and a third changes nothing.
pub fn sharpens(figure: &str, seeds: &[OnTheWay]) -> Agreement {
    let sharpness = |seed: &OnTheWay, stage: usize| seed.sharpness.get(stage).copied().unwrap_or(f64::NAN);
    let of_seeds = |stage: usize| -> Vec<f64> { seeds.iter().map(|seed| sharpness(seed, stage)).collect() };
    let (input, first, second) = (of_seeds(0), of_seeds(1), of_seeds(2));
    let said = agreement(figure)
        .so(
            "the peak is sharper after the first conv layer than in the input: its distance from the median, over the \
             root mean square of all such distances, grows",
            &grows(&input, &first),
            format!("on average from {:.2} to {:.2}", mean(&input), mean(&first)),
        )
        .so(
            "it is sharper after the second than after the first",
            &grows(&first, &second),
            format!("on average {:.2}, from {:.2}", mean(&second), mean(&first)),
        );
    let steps = [("first", &input, &first), ("second", &first, &second)];
    let falls = steps.into_iter().filter_map(|(layer, before, after)| where_it_falls(layer, before, after));
    let mut reasons: Vec<String> = falls.collect();
    let has_third = |seed: &OnTheWay| 3 < seed.sharpness.len();
    if !seeds.iter().all(has_third) {
        return said.because(&reasons.join("; "));
    }
    let of_third: Vec<f64> = seeds.iter().map(|seed| sharpness(seed, 3) - sharpness(seed, 2)).collect();
    let correlations: Vec<f64> = seeds.iter().map(|s| s.last_with_before).collect();
    reasons.push(format!("the third changes how sharp the peak is by {}", span(&of_third, 2)));
    said.so(
        "the third leaves the signal as it is: its correlation with the one before is beyond 0.9 in size",
        &correlations.iter().map(|correlation| SAME < correlation.abs()).collect::<Vec<_>>(),
        span(&correlations, 2),
    )
    .because(&reasons.join("; "))
}

/// By seed, whether a number grows.
fn grows(before: &[f64], after: &[f64]) -> Vec<bool> {
    before.iter().zip(after).map(|(before, after)| before < after).collect()
}

/// In how many seeds the peak is no sharper after a layer, and how sharp it was before the layer, in these and in the
/// others; `None` where it is sharper in all.
fn where_it_falls(layer: &str, before: &[f64], after: &[f64]) -> Option<String> {
    let grows = grows(before, after);
    let of = |wanted: bool| -> Vec<f64> {
        before.iter().zip(&grows).filter(|&(_, &grows)| grows == wanted).map(|(&before, _)| before).collect()
    };
    let (falling, growing) = (of(false), of(true));
    let in_others =
        if growing.is_empty() { String::new() } else { format!(" ({} in the others)", span(&growing, 2)) };
    (!falling.is_empty()).then(|| {
        format!(
            "after the {layer} layer it does not grow in {} of {} seeds, in which it was {} before it{in_others}",
            falling.len(),
            before.len(),
            span(&falling, 2)
        )
    })
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
        let why = "in 1 of 2 seeds the averaged activations fall by 0.05 only";
        assert_eq!(deep.why.as_deref(), Some(why));
    }

    #[test]
    fn peaks_agree_that_grow_sharper_and_differ_that_do_not() {
        let of = |sharpness: &[f64], correlation| sharpens("5.5", &[seed(sharpness, 0.0, 0.0, correlation)]);
        assert_eq!(of(&[2.0, 3.0, 4.0, 4.0], -0.95).stands(), Stands::Agrees);
        let blunt = of(&[2.0, 3.0, 2.5, 4.0], 0.5);
        assert_eq!(blunt.stands(), Stands::Partly);
        let stand = blunt.parts.iter().map(|part| part.is_so).collect::<Vec<_>>();
        assert_eq!(stand, [true, false, false]);
        let numbers = [0, 1].map(|part: usize| blunt.parts[part].numbers.as_str());
        assert_eq!(numbers, ["on average from 2.00 to 3.00", "on average 2.50, from 3.00"]);
        assert_eq!(
            blunt.why.unwrap(),
            "after the second layer it does not grow in 1 of 1 seeds, in which it was 3.00 before it; the third \
             changes how sharp the peak is by 1.50"
        );
        let two = of(&[2.0, 3.0, 4.0], 0.0);
        assert_eq!((two.parts.len(), two.stands()), (2, Stands::Agrees));
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
