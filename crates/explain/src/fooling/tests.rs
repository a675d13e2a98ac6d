//! Changes known by hand, and the same ones on any number of threads.

use ndarray::{Array3, array};

use super::*;
use crate::testing::{affine, inputs, linear, network};

#[test]
fn the_smallest_change_of_a_linear_answer_is_its_distance_to_the_boundary() {
    // The boundary of the two classes is 6 x + 8 y = 0, ten units of logit per unit of length.
    let network = linear(array![[3.0, 4.0], [-3.0, -4.0]]);
    let input = array![[1.0f32, 0.5]];
    let l2 = Fooling::default().search(&network, input.view()).unwrap();
    assert_eq!((l2.before[0], l2.after[0]), (0, 1));
    assert!((l2.sizes[0].unwrap() - 1.0).abs() < 1e-4, "{:?}", l2.sizes);
    assert!((&l2.inputs - &array![[0.4f32, -0.3]]).iter().all(|d| d.abs() < 1e-4), "{}", l2.inputs);
    let max = Fooling { norm: Norm::Max, ..Fooling::default() }.search(&network, input.view()).unwrap();
    assert!((max.sizes[0].unwrap() - 10.0 / 14.0).abs() < 1e-4, "{:?}", max.sizes);
}

#[test]
fn an_answer_must_move_further_than_the_tolerance() {
    // Answers 0 to 3 by the sign and size of x: from far below zero to far above.
    let network = affine(array![[-2.0], [-1.0], [1.0], [2.0]], array![-1.0, 0.0, 0.0, -1.0]);
    let input = array![[-2.0f32]];
    let size = |tolerance| {
        Fooling { tolerance, ..Fooling::default() }.search(&network, input.view()).unwrap().sizes[0].unwrap()
    };
    // The boundaries lie at −1, 0 and 1.
    assert!((size(0) - 1.0).abs() < 1e-3 && (size(1) - 2.0).abs() < 1e-3 && (size(2) - 3.0).abs() < 1e-3);
}

#[test]
fn an_answer_that_nothing_moves_is_reported() {
    let network = linear(array![[1.0, 1.0], [1.0, 1.0]]);
    let fooled = Fooling::default().search(&network, array![[1.0f32, 2.0]].view()).unwrap();
    assert_eq!((fooled.sizes, fooled.inputs), (vec![None], array![[1.0f32, 2.0]]));
}

#[test]
fn deep_answers_are_moved_and_the_search_is_the_same_on_any_number_of_threads() {
    let network = network("mlp:20-16-12-8");
    let x = inputs(50, 20);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Fooling::default().search(&network, x.view()).unwrap())
    };
    let fooled = run(1);
    assert_eq!(fooled, run(3));
    assert!(fooled.sizes.iter().all(Option::is_some));
    assert_eq!(network.predict(fooled.inputs.view()), fooled.after);
    assert!(fooled.before.iter().zip(&fooled.after).all(|(before, after)| before != after));
}

#[test]
fn what_cannot_be_searched_from_is_refused() {
    let network = linear(array![[1.0, 0.0], [0.0, 1.0]]);
    let careless = Fooling { overshoot: f32::NAN, ..Fooling::default() };
    let error = careless.search(&network, array![[0.0f32, 1.0]].view()).unwrap_err().to_string();
    assert!(error.contains("overshoot = NaN"), "{error}");
    let error = Fooling::default().search(&network, Array3::zeros((0, 1, 2)).view()).unwrap_err().to_string();
    assert!(error.contains("[0, 1, 2]"), "{error}");
}
