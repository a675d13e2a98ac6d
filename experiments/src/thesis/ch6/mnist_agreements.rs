//! Whether MNIST runs as the thesis says under figures 6.10 and 6.12.

use vitrine_lab::{Agreement, agreement};

use super::measure_charts::{Distance, EUCLIDEAN, LEVEL, LEVEL_FREE};
use super::measure_criteria::{path, paths, rises, so, so_by_all};
use super::measures::{Measured, smallest};

/// A network that learned MNIST.
pub struct Learned {
    pub layers: Vec<Measured>,
    pub epochs: usize,
    pub test_accuracy: f64,
    /// Of each digit for the mean image of a class.
    pub probabilities: Vec<f64>,
}

/// One for every statement, on the learning network of every seed; the mean image is one of `digit`.
pub fn all(networks: &[Learned], digit: usize, thesis_accuracy: f64) -> Vec<Agreement> {
    let layers: Vec<Vec<Measured>> = networks.iter().map(|network| network.layers.clone()).collect();
    let reasoned = |agreement: Agreement| agreement.because_of(why_not(networks, thesis_accuracy));
    let mut agreements = vec![reasoned(mean_image(networks, digit))];
    agreements.extend([euclidean(&layers), level(&layers), within(&layers), between(&layers)].map(reasoned));
    agreements
}

/// Figure 6.10.
fn mean_image(networks: &[Learned], digit: usize) -> Agreement {
    let is_read = |network: &Learned| {
        let own = network.probabilities[digit];
        network.probabilities.iter().enumerate().all(|(other, &p)| other == digit || p < own)
    };
    let words: Vec<String> = networks.iter().map(|n| format!("{:.3}", n.probabilities[digit])).collect();
    agreement("6.10").so(
        &format!("the mean image is still recognisable: the network that learns reads a {digit} in it"),
        &networks.iter().map(is_read).collect::<Vec<_>>(),
        format!("with probability {}", words.join(", ")),
    )
}

/// A fifth and more below the input in the first layer.
fn drops_sharply(values: &[f64]) -> bool {
    values[1] <= 0.8 * values[0]
}

/// Figure 6.12, its Euclidean part.
fn euclidean(networks: &[Vec<Measured>]) -> Agreement {
    agreement("6.12a").so(
        "within classes even the Euclidean deviation drops by a fifth or more at the first layer",
        &so(networks, EUCLIDEAN.inner, drops_sharply),
        path(networks, EUCLIDEAN.inner),
    )
}

/// Figure 6.12, the activation level.
fn level(networks: &[Vec<Measured>]) -> Agreement {
    agreement("6.12b").so(
        "the activation level rises from each layer to the next",
        &so(networks, LEVEL, rises),
        path(networks, LEVEL),
    )
}

/// Figure 6.12 within classes.
fn within(networks: &[Vec<Measured>]) -> Agreement {
    let parts = agreement("6.12c");
    LEVEL_FREE.iter().fold(parts, |parts, d| {
        parts.so(
            &format!("within classes the {} distance drops by a fifth or more at the first layer", d.name),
            &so(networks, d.inner, drops_sharply),
            path(networks, d.inner),
        )
    })
}

/// Figure 6.12 between classes.
fn between(networks: &[Vec<Measured>]) -> Agreement {
    let inter = |d: &Distance| d.inter;
    agreement("6.12d")
        .so(
            "between classes it drops at the first layer, by all three distances",
            &so_by_all(networks, &LEVEL_FREE, inter, |v| v[1] < v[0]),
            paths(networks, &LEVEL_FREE, inter),
        )
        .so(
            "and rises again: the last hidden layer lies above the lowest, by a fifth and more, by all three",
            &so_by_all(networks, &LEVEL_FREE, inter, |v| 1.2 * smallest(v) <= v[v.len() - 1]),
            "",
        )
        .so(
            "and above the input, by all three",
            &so_by_all(networks, &LEVEL_FREE, inter, |v| v[0] < v[v.len() - 1]),
            "",
        )
}

/// Ours is another network than the thesis' where it reads fewer images right: by a percent and more.
fn why_not(networks: &[Learned], thesis_accuracy: f64) -> Option<String> {
    let worst = networks.iter().min_by(|a, b| a.test_accuracy.total_cmp(&b.test_accuracy))?;
    let Learned { epochs, test_accuracy, .. } = worst;
    (*test_accuracy < thesis_accuracy - 0.01).then(|| {
        format!(
            "not told apart from shorter training: ours reads {test_accuracy:.3} of the test images right after {epochs} epochs, the thesis' {thesis_accuracy:.3}"
        )
    })
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::*;
    use crate::thesis::ch6::measures::tests::network;

    /// How each statement stands, with what is said of the cause, on one network that gives a 2 that probability.
    fn stand(layers: Vec<Measured>, test_accuracy: f64, two: f64) -> Vec<(String, Stands, Option<String>)> {
        let probabilities = vec![0.0, 1.0 - two, two];
        let learned = Learned { layers, epochs: 15, test_accuracy, probabilities };
        let all = all(&[learned], 2, 0.98);
        all.into_iter().map(|a| (a.exhibit.label(), a.stands(), a.why)).collect()
    }

    #[test]
    fn layers_that_run_as_the_thesis_says_agree_and_reversed_ones_differ_in_all() {
        let agreeing = network([1.0, 2.0, 3.0, 4.0], [0.9, 0.6, 0.5, 0.4], [0.4, 0.3, 0.2, 0.5]);
        let reversed = network([4.0, 3.0, 2.0, 1.0], [0.4, 0.5, 0.6, 0.9], [0.4, 0.5, 0.6, 0.3]);
        let (agreeing, reversed) = (stand(agreeing, 0.98, 0.7), stand(reversed, 0.9, 0.3));
        let figures: Vec<&str> = agreeing.iter().map(|(figure, ..)| figure.as_str()).collect();
        assert_eq!(
            figures,
            ["6.10", "6.12a", "6.12b", "6.12c", "6.12d"].map(|name| format!("Figure {name}"))
        );
        for (figure, stands, why) in &agreeing {
            assert_eq!((*stands, why), (Stands::Agrees, &None), "{figure}");
        }
        for (figure, stands, why) in &reversed {
            assert_eq!(*stands, Stands::Differs, "{figure}");
            assert!(why.as_ref().unwrap().contains("0.900 of the test images"), "{figure}: {why:?}");
        }
    }

    #[test]
    fn a_mean_image_is_recognised_where_its_digit_is_the_likeliest() {
        let network = |probabilities: [f64; 3], test_accuracy| Learned {
            layers: Vec::new(),
            epochs: 15,
            test_accuracy,
            probabilities: probabilities.into(),
        };
        let read = mean_image(&[network([0.2, 0.1, 0.7], 0.98), network([0.4, 0.3, 0.3], 0.98)], 2);
        assert_eq!((read.parts[0].n_so, read.parts[0].n_seeds), (1, 2));
        assert!(why_not(&[network([0.0; 3], 0.902)], 0.9807).unwrap().contains("0.902"));
        assert_eq!(why_not(&[network([0.0; 3], 0.98)], 0.9807), None);
    }

    #[test]
    fn a_drop_is_sharp_from_a_fifth_on() {
        assert!(drops_sharply(&[0.5, 0.4]) && !drops_sharply(&[0.5, 0.45]) && !drops_sharply(&[0.4, 0.5]));
    }
}
