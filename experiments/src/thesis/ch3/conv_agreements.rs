//! Whether conv layers do what the thesis reads off figures 3.18 to 3.23.

use std::collections::BTreeMap;

use vitrine_analysis::filters::FilterKind;
use vitrine_lab::numbers::{percent_span, span};
use vitrine_lab::{Agreement, agreement};

use super::conv_behaviour::{Behaviour, ConvLayer, NEAR};

/// Samples from the jump in which a peak is near it.
const PEAK_NEAR: isize = 3;
/// Taps smaller than this share of the largest have no sign to speak of.
const NEGLIGIBLE: f64 = 0.1;

/// The agreements on the figures of networks, which are given by figure and seed; their signals jump by `jump_size`.
pub fn agreements(by_figure: &BTreeMap<String, Vec<Behaviour>>, jump_size: f64) -> Vec<Agreement> {
    let of = |figure: &str| by_figure[figure].as_slice();
    vec![
        mixed(of("3.18")),
        smoothing(of("3.19"), jump_size),
        in_order(of("3.21"), jump_size),
        redundant(of("3.23"), of("3.21")),
    ]
}

/// A value of each seed's conv layer at that place, from 0.
fn each<T>(networks: &[Behaviour], place: usize, of: impl Fn(&ConvLayer) -> T) -> Vec<T> {
    networks.iter().map(|network| of(&network.convs[place])).collect()
}

/// Figure 3.18: one filter of seven taps.
fn mixed(networks: &[Behaviour]) -> Agreement {
    let has_both_signs = each(networks, 0, |conv| conv.kind() != FilterKind::Smoother);
    let in_halves = each(networks, 0, |conv| averages_left_and_differentiates_right(&conv.taps));
    let peaks =
        each(networks, 0, |conv| conv.response.has_peak() && conv.response.peak_offset.abs() <= PEAK_NEAR);
    let near: Vec<f64> = networks.iter().map(|network| network.near_the_diagonal).collect();
    let picks_up: Vec<bool> = near.iter().map(|&share| 0.9 <= share).collect();
    let like: Vec<bool> =
        (0..networks.len()).map(|i| has_both_signs[i] && in_halves[i] && peaks[i]).collect();
    agreement("3.18")
        .so(
            "the filter has taps of both signs, the lesser with at least a tenth of all weight",
            &has_both_signs,
            format!("{} of it", percent_span(&each(networks, 0, ConvLayer::lesser_sign))),
        )
        .so(
            "its left averages (the first three taps have one sign) and its right differentiates (the other sign \
             follows)",
            &in_halves,
            "taps below a tenth of the largest left out",
        )
        .so(
            "averaged activations peak within 3 samples of the jump, by more than a fifth of the step between the levels \
             on both sides",
            &peaks,
            peak_and_place(networks, 0),
        )
        .so(
            "the dense layer picks it up: in nine of ten rows the largest weight lies within 5 samples of the jump",
            &picks_up,
            format!("{} of rows within {NEAR} samples", percent_span(&near)),
        )
        .because(&one_network(&like))
}

/// Figure 3.19: one filter of five taps.
fn smoothing(networks: &[Behaviour], jump_size: f64) -> Agreement {
    let smallest = each(networks, 0, ConvLayer::smallest_over_largest);
    let n_smoothers = networks.iter().filter(|net| net.convs[0].kind() == FilterKind::Smoother).count();
    let has_one_sign: Vec<bool> = smallest.iter().map(|&ratio| -0.05 < ratio).collect();
    let stays_between = each(networks, 0, |conv| !conv.response.has_peak());
    let like: Vec<bool> = has_one_sign.iter().zip(&stays_between).map(|(&a, &b)| a && b).collect();
    agreement("3.19")
        .so(
            "all weights have one sign, but for a twentieth of the largest (in a smoother of our table of filters the \
             lesser sign has less than a tenth of all weight)",
            &has_one_sign,
            format!("smallest over largest {}; smoothers of the table: {n_smoothers}", span(&smallest, 2)),
        )
        .so(
            "the filter only smooths: within 9 samples of the jump no peak stands out by more than a fifth of the step \
             between the levels",
            &stays_between,
            peak_over_step(networks, 0),
        )
        .so(
            "it widens the gap between the levels before and after the jump",
            &widens(networks, jump_size),
            widening(networks, jump_size),
        )
        .because(&one_network(&like))
}

/// Figure 3.21: filters of five and nine taps.
fn in_order(networks: &[Behaviour], jump_size: f64) -> Agreement {
    let lesser = |place| percent_span(&each(networks, place, ConvLayer::lesser_sign));
    let first_smooths = each(networks, 0, |conv| conv.kind() == FilterKind::Smoother);
    let second_differentiates = each(networks, 1, |conv| conv.kind() == FilterKind::Differentiator);
    let is_reversed = |network: &&Behaviour| {
        network.convs[0].kind() != FilterKind::Smoother && network.convs[1].kind() == FilterKind::Smoother
    };
    let n_reversed = networks.iter().filter(is_reversed).count();
    let like: Vec<bool> = first_smooths.iter().zip(&second_differentiates).map(|(&a, &b)| a && b).collect();
    let mut why = one_network(&like);
    if 0 < n_reversed {
        why += &format!(", and in {n_reversed} it is the other way round, the second filter smooths");
        // The figure shows the first seed.
        if networks.first().as_ref().is_some_and(is_reversed) {
            why += ": so in the one shown";
        }
    }
    agreement("3.21")
        .so(
            "the first filter smooths: the lesser sign has less than a tenth of all weight",
            &first_smooths,
            format!("{} of it", lesser(0)),
        )
        .so(
            "it widens the gap between the levels before and after the jump",
            &widens(networks, jump_size),
            widening(networks, jump_size),
        )
        .so(
            "the second extracts the first derivative: its taps nearly cancel, the lesser sign has more than a third",
            &second_differentiates,
            format!("{} of all weight", lesser(1)),
        )
        .so(
            "averaged activations after it peak within 9 samples of the jump, by more than a fifth of the step between \
             the levels",
            &each(networks, 1, |conv| conv.response.has_peak()),
            peak_and_place(networks, 1),
        )
        .because(&why)
}

/// Figure 3.23: a third filter, beside the network of two.
fn redundant(networks: &[Behaviour], of_two: &[Behaviour]) -> Agreement {
    let alike: Vec<f64> = networks.iter().map(|network| network.last_two_alike.unwrap_or(f64::NAN)).collect();
    let gains: Vec<f64> = of_two.iter().zip(networks).map(|(two, three)| two.p99_l1 - three.p99_l1).collect();
    agreement("3.23")
        .so(
            "averaged activations after the third layer look like those after the second: they correlate by more than 0.9, \
             in either sign",
            &alike.iter().map(|&r| 0.9 < r).collect::<Vec<_>>(),
            format!("by {}", span(&alike, 2)),
        )
        .so(
            "the third layer is redundant: in another network, of two layers (5, 9), the error of the best 99 % is no \
             hundredth of a sample larger",
            &gains.iter().map(|&gain| gain < 0.01).collect::<Vec<_>>(),
            format!("larger by {} samples", span(&gains, 3)),
        )
        .because(&one_network(&alike.iter().map(|&r| 0.9 < r).collect::<Vec<_>>()))
}

/// Whether the layer after the input draws the levels of a step of that size further apart.
fn widens(networks: &[Behaviour], jump_size: f64) -> Vec<bool> {
    each(networks, 0, |conv| jump_size.abs() < conv.response.step.abs())
}

fn widening(networks: &[Behaviour], jump_size: f64) -> String {
    let times = each(networks, 0, |conv| (conv.response.step / jump_size).abs());
    format!("{} times that of the input", span(&times, 2))
}

fn peak_over_step(networks: &[Behaviour], place: usize) -> String {
    let ratios = each(networks, place, |conv| conv.response.peak.max(0.0) / conv.response.step.abs());
    format!("by {} times that step", span(&ratios, 2))
}

fn peak_and_place(networks: &[Behaviour], place: usize) -> String {
    let offsets = each(networks, place, |conv| conv.response.peak_offset as f64);
    format!("{}, {} samples from the jump", peak_over_step(networks, place), span(&offsets, 0))
}

/// How many networks are like the one that the thesis shows, by seed; ours shows that of the first.
fn one_network(like: &[bool]) -> String {
    let n_like_it = like.iter().filter(|&&like| like).count();
    let shown = match like.first() {
        _ if n_like_it == 0 || n_like_it == like.len() => "",
        Some(true) => ", the one shown among them",
        _ => ", the one shown is not",
    };
    format!(
        "the thesis shows one network; {n_like_it} of {} here {} like it{shown}",
        like.len(),
        if n_like_it == 1 { "is" } else { "are" }
    )
}

/// Whether the first three taps have one sign and a tap of the other follows.
fn averages_left_and_differentiates_right(taps: &[f64]) -> bool {
    let largest = taps.iter().fold(0.0, |largest: f64, tap| largest.max(tap.abs()));
    let signs: Vec<f64> =
        taps.iter().map(|tap| if tap.abs() < NEGLIGIBLE * largest { 0.0 } else { tap.signum() }).collect();
    let (left, right) = signs.split_at(signs.len().min(3));
    let Some(&sign) = left.iter().find(|&&sign| sign != 0.0) else { return false };
    left.iter().all(|&other| other != -sign) && right.contains(&-sign)
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::super::conv_behaviour::Response;
    use super::*;

    fn network(convs: &[(&[f64], Response)], alike: Option<f64>, p99_l1: f64) -> Behaviour {
        let convs =
            convs.iter().map(|&(taps, response)| ConvLayer { taps: taps.to_vec(), response }).collect();
        Behaviour { convs, near_the_diagonal: 1.0, p99_l1, last_two_alike: alike }
    }

    const SMOOTHER: [f64; 5] = [0.2, 0.5, 0.9, 0.5, 0.2];
    const DERIVATIVE: [f64; 4] = [-0.5, -1.0, 1.0, 0.5];
    const WIDER: Response = Response { step: 6.0, peak: -0.5, peak_offset: 9 };
    const PEAK: Response = Response { step: 0.3, peak: 4.0, peak_offset: 1 };

    #[test]
    fn a_mixed_filter_is_as_figure_3_18_has_it_and_a_smoother_as_figure_3_19() {
        let mixed_taps = [0.3, 0.6, 0.4, 0.01, -0.9, -0.7, 0.2];
        let seven = network(&[(&mixed_taps, PEAK)], None, 0.3);
        let five = network(&[(&SMOOTHER, WIDER)], None, 0.3);
        assert_eq!(mixed(std::slice::from_ref(&seven)).stands(), Stands::Agrees);
        assert_eq!(smoothing(std::slice::from_ref(&five), 3.0).stands(), Stands::Agrees);
        let other = mixed(std::slice::from_ref(&five));
        assert_eq!(other.parts.iter().map(|p| p.is_so).collect::<Vec<_>>(), [false, false, false, true]);
        assert_eq!(other.why.as_deref(), Some("the thesis shows one network; 0 of 1 here are like it"));
        assert_eq!(smoothing(std::slice::from_ref(&seven), 3.0).stands(), Stands::Differs);
    }

    #[test]
    fn a_derivative_before_a_smoother_is_the_other_way_round() {
        let in_this_order = network(&[(&SMOOTHER, WIDER), (&DERIVATIVE, PEAK)], None, 0.3);
        assert_eq!(in_order(std::slice::from_ref(&in_this_order), 3.0).stands(), Stands::Agrees);
        let reversed = network(&[(&DERIVATIVE, PEAK), (&SMOOTHER, WIDER)], None, 0.3);
        let found = in_order(&[reversed.clone(), reversed], 3.0);
        assert_eq!(found.stands(), Stands::Differs);
        let why = "the thesis shows one network; 0 of 2 here are like it, and in 2 it is the other way round";
        let found = found.why.unwrap();
        assert!(found.starts_with(why) && found.ends_with("so in the one shown"), "{found}");
    }

    #[test]
    fn a_third_layer_is_redundant_where_it_changes_little_and_gains_nothing() {
        let of_two = [network(&[], None, 0.30)];
        let stands = |alike, p99_l1| redundant(&[network(&[], Some(alike), p99_l1)], &of_two).stands();
        assert_eq!(stands(0.95, 0.295), Stands::Agrees);
        assert_eq!(stands(0.5, 0.295), Stands::Partly);
        assert_eq!(stands(0.5, 0.2), Stands::Differs);
    }
}
