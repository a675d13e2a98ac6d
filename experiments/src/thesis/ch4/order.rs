//! Whether class means in the plane lie in the order of their classes, and where the ends of their line lie.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// How the class means of one bottleneck of two units lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Classes.
    pub n_classes: usize,
    /// Classes to whose mean that of an adjacent class is the nearest.
    pub n_beside_neighbours: usize,
    /// Of the first and of the last class: the smaller of what its units have of their largest mean. 0 where one of
    /// them is zero, so that the class lies on an axis; `None` where no unit is ever active.
    pub at_ends: [Option<f64>; 2],
}

impl Order {
    /// The order of `means [n_classes, 2]`.
    pub fn of(means: ArrayView2<f64>) -> Order {
        let n_classes = means.nrows();
        let nearest = |class: usize| {
            let distance = |other: &usize| {
                let difference = &means.row(class) - &means.row(*other);
                difference.dot(&difference)
            };
            let others = (0..n_classes).filter(|other| *other != class);
            others.min_by(|a, b| distance(a).total_cmp(&distance(b)))
        };
        let is_beside = |class: &usize| nearest(*class).is_some_and(|other| other.abs_diff(*class) == 1);
        let share_of_largest = |class: usize| {
            let shares = means.columns().into_iter().filter_map(|unit| {
                let largest = unit.fold(0.0, |a: f64, &b| a.max(b));
                (0.0 < largest).then(|| unit[class] / largest)
            });
            shares.reduce(f64::min)
        };
        Order {
            n_classes,
            n_beside_neighbours: (0..n_classes).filter(is_beside).count(),
            at_ends: [0, n_classes.saturating_sub(1)].map(share_of_largest),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_quarter_of_a_circle_is_in_order_and_ends_on_the_axes() {
        let order = Order::of(array![[2.0, 0.0], [1.7, 1.0], [1.0, 1.7], [0.0, 2.0]].view());
        assert_eq!((order.n_classes, order.n_beside_neighbours), (4, 4));
        assert_eq!(order.at_ends, [Some(0.0), Some(0.0)]);
    }

    #[test]
    fn classes_that_change_places_are_not_beside_their_neighbours() {
        let order = Order::of(array![[1.0, 4.0], [3.0, 4.0], [2.1, 4.0], [4.0, 4.0], [5.0, 1.0]].view());
        assert_eq!(order.n_beside_neighbours, 3, "the two that changed places, side by side, and the last");
        assert_eq!(order.at_ends, [Some(0.2), Some(0.25)]);
    }

    #[test]
    fn a_unit_that_is_never_active_says_nothing_of_the_ends() {
        assert_eq!(Order::of(array![[1.0, 0.0], [4.0, 0.0]].view()).at_ends, [Some(0.25), Some(1.0)]);
        assert_eq!(Order::of(array![[0.0, 0.0], [0.0, 0.0]].view()).at_ends, [None, None]);
    }
}
