//! Where gradient ascent starts.

use ndarray::{Array1, Array2};
use rand::{Rng, RngExt};

/// The inputs that rows start from.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// Every element uniform in ± `bound`; the thesis has 0.05.
    Uniform {
        /// Half the width.
        bound: f32,
    },
    /// Zeros.
    Zeros,
    /// The same signal for every row, `[n_inputs]`.
    Signal(Array1<f32>),
    /// The mean of each row's class, `[n_classes, n_inputs]`.
    ClassMeans(Array2<f32>),
}

impl Start {
    /// One row per class of `classes`, `[classes.len(), n_inputs]`.
    ///
    /// # Panics
    /// If a signal or the means have another width than `n_inputs`, or a class has no mean.
    pub fn rows(&self, classes: &[usize], n_inputs: usize, rng: &mut impl Rng) -> Array2<f32> {
        let shape = (classes.len(), n_inputs);
        match self {
            Start::Uniform { bound } => {
                Array2::from_shape_simple_fn(shape, || bound * (2.0 * rng.random::<f32>() - 1.0))
            }
            Start::Zeros => Array2::zeros(shape),
            Start::Signal(signal) => {
                assert_eq!(signal.len(), n_inputs, "a signal has the network's width");
                Array2::from_shape_fn(shape, |(_, i)| signal[i])
            }
            Start::ClassMeans(means) => {
                assert_eq!(means.ncols(), n_inputs, "class means have the network's width");
                Array2::from_shape_fn(shape, |(row, i)| means[(classes[row], i)])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn rows(start: &Start) -> Array2<f32> {
        start.rows(&[1, 0, 1], 2, &mut ChaCha8Rng::seed_from_u64(0))
    }

    #[test]
    fn uniform_starts_fill_their_range_and_differ_from_row_to_row() {
        let starts = Start::Uniform { bound: 0.05 };
        let many = starts.rows(&[0; 1_000], 2, &mut ChaCha8Rng::seed_from_u64(0));
        let largest = many.iter().fold(0.0f32, |m, x| m.max(x.abs()));
        assert!(0.0495 < largest && largest <= 0.05);
        assert_ne!(many.row(0), many.row(1));
    }

    #[test]
    fn other_starts_are_the_same_for_every_row_of_a_class() {
        assert_eq!(rows(&Start::Zeros), Array2::<f32>::zeros((3, 2)));
        assert_eq!(rows(&Start::Signal(array![1.0, 2.0])), array![[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]);
        let means = array![[1.0, 2.0], [3.0, 4.0]];
        assert_eq!(rows(&Start::ClassMeans(means)), array![[3.0, 4.0], [1.0, 2.0], [3.0, 4.0]]);
    }
}
