//! Trainings made by hand.

use vitrine_lab::Stands;

use super::*;

fn session(epochs: usize, accuracy: f64) -> Session {
    Session { seed: 0, epochs, best_epoch: epochs, training_accuracy: Some(accuracy) }
}

#[test]
fn four_times_the_epochs_are_two_doublings_and_never_is_at_least_the_epochs_allowed() {
    assert_eq!(log_ratio(&session(1_200, 0.999), &session(300, 1.0)), 2.0);
    assert_eq!(log_ratio(&session(2_400, 0.7), &session(300, 1.0)), 3.0);
    assert!(log_ratio(&session(1_200, 1.0), &session(2_500, 0.998)).is_nan());
}

#[test]
fn slow_training_that_fits_all_labels_agrees_and_quick_training_that_does_not_differs() {
    let session = |epochs, best_epoch, accuracy| Session { best_epoch, ..session(epochs, accuracy) };
    let (learning, true_labels) = ([session(80, 50, 0.99)], [session(200, 200, 0.9995)]);
    let stands = |shuffled| training(&learning, &true_labels, &[shuffled]).stands();
    assert_eq!(stands(session(400, 400, 0.9995)), Stands::Agrees);
    assert_eq!(stands(session(300, 300, 0.9995)), Stands::Partly, "slow beside learning alone");
    assert_eq!(stands(session(60, 60, 0.5)), Stands::Differs);
}

#[test]
fn the_tests_of_c11_set_shuffled_labels_against_true_ones_and_half_the_units_against_all() {
    let curves = || Curves::of(&[]);
    let found = Found {
        curves: Pair { learning: curves(), memorising: curves() },
        weights: Vec::new(),
        sessions: Pair { learning: vec![session(80, 0.99)], memorising: vec![session(1_200, 1.0)] },
        true_labels: vec![session(300, 1.0)],
        narrow: vec![session(2_400, 0.999)],
    };
    let claims = Memorising.claims(&found);
    let values: Vec<_> = claims.iter().map(|claim| (claim.id.as_str(), claim.values[0])).collect();
    assert_eq!(values, [("C11.fits", 1.0), ("C11.epochs", 2.0), ("C11.width", 1.0)]);
}
