//! Whether MLPs train and err as the thesis has it in figures 3.9 and 3.10 and in tables 3.2 and 3.3.

use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::statistics::differences;
use vitrine_lab::numbers::{percent_span, span};
use vitrine_lab::{Agreement, agreement, table_agreement};

use super::milestones::{Largest, Milestones};
use crate::thesis::detector::SIGNAL_PROCESSING;
use crate::thesis::extremes::{largest, over_detectors, smallest};
use crate::thesis::networks::MLPS;
use crate::thesis::rows::ErrorsBySeed;

/// Figure 3.9, from the sessions of each seed.
pub fn session(by_seed: &[Milestones]) -> Agreement {
    let reached: Vec<f64> =
        by_seed.iter().filter_map(|seed| seed.training_error_zero).map(|epoch| epoch as f64).collect();
    let last = by_seed.iter().map(|seed| seed.last).max().unwrap_or(0);
    let is_near_1400 =
        |seed: &Milestones| seed.training_error_zero.is_some_and(|e| (1_260..=1_540).contains(&e));
    let minima: Vec<f64> =
        by_seed.iter().filter_map(|seed| seed.validation_minimum).map(|epoch| epoch as f64).collect();
    let is_near_131 = |seed: &Milestones| seed.validation_minimum.is_some_and(|e| (98..=164).contains(&e));
    let numbers = if reached.is_empty() {
        format!("within the {last} epochs trained it does not")
    } else if reached.len() == by_seed.len() {
        format!("epoch {}", span(&reached, 0))
    } else {
        format!(
            "epoch {} in {} of {}, within the {last} trained",
            span(&reached, 0),
            reached.len(),
            by_seed.len()
        )
    };
    agreement("3.9")
        .so(
            "the training error reaches zero around epoch 1400, a tenth more or less",
            &by_seed.iter().map(is_near_1400).collect::<Vec<_>>(),
            numbers,
        )
        .so(
            "the validation loss is smallest around epoch 131, a quarter more or less",
            &by_seed.iter().map(is_near_131).collect::<Vec<_>>(),
            format!("epoch {}", span(&minima, 0)),
        )
        .because("the thesis tells of one session, and its initial weights are not stated")
}

/// Figure 3.10.
pub fn largest_error(by_seed: &[Largest]) -> Agreement {
    let of = |value: fn(&Largest) -> usize| by_seed.iter().map(|l| value(l) as f64).collect::<Vec<_>>();
    let (network, filter) = (of(|l| l.network), of(|l| l.signal_processing));
    agreement("3.10")
        .so(
            "of 6000 signals, as many as the thesis tests on, none is off by more than 20 samples (the thesis: 12)",
            &network.iter().map(|&samples| samples <= 20.0).collect::<Vec<_>>(),
            format!("the largest of these errors {}", span(&network, 0)),
        )
        .so(
            "on the same 6000 signal processing makes exceptionally large errors: more than twice as large",
            &network.iter().zip(&filter).map(|(network, filter)| 2.0 * network < *filter).collect::<Vec<_>>(),
            format!("its largest {}", span(&filter, 0)),
        )
        .because("the largest of many errors hangs on a single signal; the thesis tells of one test set")
}

/// Table 3.2: the errors of `network` beside those of signal processing.
pub fn better_than_signal_processing(by_seed: &ErrorsBySeed, network: &str) -> Agreement {
    let quantities: [fn(&DetectionErrors) -> f64; 4] = [|e| e.l1, |e| e.l2, |e| e.p99_l1, |e| e.p99_l2];
    let gain = |quantity: fn(&DetectionErrors) -> f64| -> Vec<f64> {
        let pairs = by_seed[network].iter().zip(&by_seed[SIGNAL_PROCESSING]);
        pairs.map(|(network, filter)| 1.0 - quantity(network) / quantity(filter)).collect()
    };
    let least_gain = over_detectors(quantities.map(gain), smallest);
    let l1 = gain(quantities[0]);
    table_agreement("3.2")
        .so(
            "the MLP's four errors are all smaller than those of signal processing",
            &least_gain.iter().map(|&gain| 0.0 < gain).collect::<Vec<_>>(),
            format!("the least gain is {}", percent_span(&least_gain)),
        )
        .so(
            "it is clearly better: the L1 error is smaller by a quarter or more",
            &l1.iter().map(|&gain| 0.25 <= gain).collect::<Vec<_>>(),
            format!("by {}", percent_span(&l1)),
        )
}

/// Table 3.3.
pub fn by_depth(by_seed: &ErrorsBySeed) -> Agreement {
    let l1 = |detector: &str| by_seed[detector].iter().map(|errors| errors.l1).collect::<Vec<f64>>();
    let [one, two, three, four] = MLPS.map(l1);
    let worst = over_detectors([&one, &two, &three, &four].map(Clone::clone), largest);
    let to_filter = differences(&worst, &l1(SIGNAL_PROCESSING));
    let shallow = over_detectors([one, two.clone()], largest);
    let deep = over_detectors([three.clone(), four], smallest);
    let (by_shallow, by_third) = (differences(&deep, &shallow), differences(&three, &two));
    let above_zero = |differences: &[f64]| differences.iter().map(|&d| 0.0 < d).collect::<Vec<_>>();
    table_agreement("3.3")
        .so(
            "every MLP has a smaller L1 error than signal processing",
            &to_filter.iter().map(|&d| d < 0.0).collect::<Vec<_>>(),
            format!("the worst differs by {} samples", span(&to_filter, 3)),
        )
        .so(
            "one and two layers both do better than three and four, in L1",
            &above_zero(&by_shallow),
            format!("the worse of the former by {} samples", span(&by_shallow, 3)),
        )
        .so(
            "a third layer does harm: its L1 error is above that of two",
            &above_zero(&by_third),
            format!("by {} samples", span(&by_third, 3)),
        )
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::*;

    #[test]
    fn a_session_agrees_where_its_two_epochs_are_those_of_the_thesis() {
        let stands = |zero, minimum| {
            let seed =
                Milestones { validation_minimum: Some(minimum), training_error_zero: zero, last: 1_500 };
            session(&[seed]).stands()
        };
        assert_eq!(stands(Some(1_400), 129), Stands::Agrees);
        assert_eq!(stands(None, 154), Stands::Partly);
        assert_eq!(stands(Some(700), 40), Stands::Differs);
    }

    #[test]
    fn an_error_of_thirty_samples_is_exceptionally_large() {
        let stands =
            |network, signal_processing| largest_error(&[Largest { network, signal_processing }]).stands();
        assert_eq!(
            [stands(12, 58), stands(12, 20), stands(30, 58)],
            [Stands::Agrees, Stands::Partly, Stands::Differs]
        );
    }

    /// One seed, with these L1 errors of signal processing and of the MLPs of one to four layers.
    fn errors(l1: [f64; 5]) -> ErrorsBySeed {
        let detectors = [SIGNAL_PROCESSING].into_iter().chain(MLPS);
        let of =
            |l1: f64| DetectionErrors { l1, l2: 2.0 * l1, p99_l1: l1, p99_l2: l1, accuracy: 0.5, max: 9.0 };
        detectors.zip(l1).map(|(detector, l1)| (detector.to_string(), vec![of(l1)])).collect()
    }

    #[test]
    fn tables_3_2_and_3_3_agree_on_the_numbers_of_the_thesis_and_differ_on_the_reverse() {
        let thesis = errors([0.5532, 0.3065, 0.3083, 0.3583, 0.3913]);
        assert_eq!(by_depth(&thesis).stands(), Stands::Agrees);
        assert_eq!(better_than_signal_processing(&thesis, MLPS[1]).stands(), Stands::Agrees);
        let reversed = errors([0.3, 0.9, 0.8, 0.7, 0.6]);
        assert_eq!(by_depth(&reversed).stands(), Stands::Differs);
        assert_eq!(better_than_signal_processing(&reversed, MLPS[1]).stands(), Stands::Differs);
        let hardly = errors([0.5, 0.4, 0.4, 0.4, 0.4]);
        assert_eq!(better_than_signal_processing(&hardly, MLPS[1]).stands(), Stands::Partly);
    }
}
