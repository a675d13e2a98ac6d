//! Hand-made layers that run as the thesis says, and the other way.

use vitrine_lab::Stands;

use super::*;
use crate::thesis::ch6::measures::tests::network;

/// Networks of one seed: learning, and trained on shuffled labels under these and under the true ones.
struct Seed {
    learning: Vec<Measured>,
    shuffled: Vec<Measured>,
    under_true: Vec<Measured>,
    fitted: f64,
}

impl Seed {
    fn agreements(&self) -> Vec<Agreement> {
        let alone = |network: &Vec<Measured>| vec![network.clone()];
        all(&alone(&self.learning), &alone(&self.shuffled), &alone(&self.under_true), &[self.fitted])
    }
}

fn stands(seed: &Seed) -> Vec<(String, Stands)> {
    seed.agreements().iter().map(|a| (a.exhibit.label(), a.stands())).collect()
}

#[test]
fn hand_made_layers_that_run_as_the_thesis_says_agree_with_every_statement_on_angles() {
    let learning = network([1.0, 2.0, 3.0, 4.0], [0.9, 0.6, 0.5, 0.4], [0.5, 0.3, 0.2, 0.4]);
    let shuffled = network([1.0, 3.0, 4.0, 5.0], [0.4, 0.6, 0.6, 0.6], [0.0, 0.1, 0.2, 0.3]);
    let under_true = network([1.0, 3.0, 4.0, 5.0], [0.4, 0.7, 0.7, 0.7], [0.4, 0.4, 0.4, 0.5]);
    for (figure, stands) in stands(&Seed { learning, shuffled, under_true, fitted: 1.0 }) {
        // Distances are all alike here, and no network's are: Euclidean ones rise where angles fall.
        if !["Figure 6.7", "Figure 6.13a"].contains(&figure.as_str()) {
            assert_eq!(stands, Stands::Agrees, "{figure}");
        }
    }
}

#[test]
fn hand_made_layers_that_run_the_other_way_differ_and_noise_is_named_where_it_is_the_cause() {
    let learning = network([4.0, 3.0, 2.0, 1.0], [0.4, 0.5, 0.6, 0.9], [0.2, 0.3, 0.4, 0.5]);
    let shuffled = network([1.0, 0.5, 0.5, 0.5], [0.4, 0.3, 0.3, 0.3], [0.1, 0.1, 0.1, 0.09]);
    let seed = Seed { learning, under_true: shuffled.clone(), shuffled, fitted: 1.0 };
    for (figure, stands) in stands(&seed) {
        let expected = match figure.as_str() {
            // Euclidean distances are those of angles here, and rise.
            "Figure 6.7" => Stands::Partly,
            _ => Stands::Differs,
        };
        assert_eq!(stands, expected, "{figure}");
    }
    let why = |seed: &Seed| {
        let agreements = seed.agreements();
        agreements.into_iter().find(|a| a.exhibit.label() == "Figure 6.13d").unwrap().why.unwrap()
    };
    assert!(why(&seed).contains("it would be so in 1 more of 1 seed"), "{}", why(&seed));
    let did_not = Seed { fitted: 0.114, ..seed };
    assert!(why(&did_not).contains("in 0 of 1 seed;"), "{}", why(&did_not));
}
