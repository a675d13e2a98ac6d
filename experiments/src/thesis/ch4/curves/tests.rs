use ndarray::array;
use vitrine_lab::{Saved, Stands};

use super::*;

/// Networks with so many crossings, clearances and errors.
fn found(networks: &[(usize, f64, f64)]) -> Found {
    let of = |(seed, &(n_self_intersections, clearance, p99_l1)): (usize, &(usize, f64, f64))| Measured {
        seed: seed as u64,
        n_self_intersections,
        neighbour_distance: Some(1.0),
        nearest_others: Some(clearance),
        clearance: Some(clearance),
        p99_l1,
    };
    let networks: Vec<Measured> = networks.iter().enumerate().map(of).collect();
    let curve = |measured: &Measured| Curve {
        points: Saved(array![[0.0, 0.0], [0.0, 1.0], [0.6, 0.0]]),
        measured: measured.clone(),
    };
    let clearances: Vec<f64> = networks.iter().filter_map(|m| m.clearance).collect();
    let errors: Vec<f64> = networks.iter().map(|m| m.p99_l1).collect();
    Found {
        poor: curve(&networks[0]),
        good: curve(&networks[1]),
        correlation_of_error_with_self_intersections: None,
        correlation_of_error_with_clearance: finite(pearson(&clearances, &errors)),
        first_jump: 21,
        networks,
    }
}

#[test]
fn curves_agree_in_part_where_none_crosses_itself_and_the_error_does_not_hang_on_it() {
    let agreement = Curves.agreements(&found(&[(0, 0.6, 1.0), (0, 1.5, 1.1)])).remove(0);
    assert_eq!(
        agreement.parts.iter().map(|part| part.is_so).collect::<Vec<_>>(),
        [true, false, false, false]
    );
    assert_eq!(
        agreement.why.unwrap(),
        "the poorest curve is tight without a crossing: the classes of the jumps at 21 and 23 are 0.600 apart, \
         neighbours 1.0 in the median; the largest 99 % L1, 1.100, goes with a clearance of 1.500, the smallest \
         clearance, 0.600, with a 99 % L1 of 1.000"
    );
    let crossing = Curves.agreements(&found(&[(2, 0.1, 1.5), (1, 1.5, 1.0)])).remove(0);
    assert_eq!(crossing.parts.iter().map(|part| part.is_so).collect::<Vec<_>>(), [false, true, true, true]);
    assert_eq!((crossing.stands(), crossing.why), (Stands::Partly, None));
}
