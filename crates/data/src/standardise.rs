//! Features of mean 0 and standard deviation 1.

use crate::columns::columns;
use crate::split::Split;

/// Subtracts from each feature its mean over the training set, and divides by its standard deviation there (that of the
/// population), in all three sets. A feature that is constant in the training set is 0 in all. What is no number is left
/// out of means.
pub fn standardise(split: &mut Split) {
    let columns = columns(split.train.rows());
    for set in [&mut split.train, &mut split.validation, &mut split.test] {
        for mut row in set.rows_mut().rows_mut() {
            for (value, column) in row.iter_mut().zip(&columns) {
                *value = match column.deviation {
                    0.0 => 0.0,
                    deviation => ((f64::from(*value) - column.mean) / deviation) as f32,
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::dataset::Dataset;

    #[test]
    fn the_training_set_s_mean_and_deviation_scale_all_sets_and_constants_become_0() {
        let set = |inputs: Array2<f32>| {
            let n = inputs.nrows();
            Dataset::numbered(inputs, vec![0; n], 1)
        };
        let mut split = Split {
            train: set(array![[1.0, 0.1], [3.0, 0.1]]),
            validation: set(array![[4.0, 0.1]]),
            test: set(array![[2.0, 7.0]]),
        };
        standardise(&mut split);
        assert_eq!(split.train.rows(), array![[-1.0, 0.0], [1.0, 0.0]]);
        assert_eq!(split.validation.rows(), array![[2.0, 0.0]]);
        assert_eq!(split.test.rows(), array![[0.0, 0.0]]);
    }
}
