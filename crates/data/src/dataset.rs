//! Samples with their classes, and the split of a set into training, validation and test.

use ndarray::{Array2, Axis};

/// Labelled samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// `[n_samples, n_features]`.
    pub inputs: Array2<f32>,
    /// One class per sample, from 0.
    pub labels: Vec<usize>,
    /// The labels before they were corrupted, where they were.
    pub true_labels: Option<Vec<usize>>,
    /// Number of classes; labels are below it.
    pub n_classes: usize,
}

impl Dataset {
    /// Samples with their labels.
    ///
    /// # Panics
    /// If there is not one label per sample, or a label is not below `n_classes`.
    pub fn new(inputs: Array2<f32>, labels: Vec<usize>, n_classes: usize) -> Dataset {
        assert_eq!(inputs.nrows(), labels.len(), "one label per sample");
        assert!(labels.iter().all(|&label| label < n_classes), "labels are below n_classes");
        Dataset { inputs, labels, true_labels: None, n_classes }
    }

    /// Number of samples.
    pub fn n_samples(&self) -> usize {
        self.labels.len()
    }

    /// Number of features of a sample.
    pub fn n_features(&self) -> usize {
        self.inputs.ncols()
    }

    /// The labels before corruption; the labels themselves where there was none.
    pub fn true_labels(&self) -> &[usize] {
        self.true_labels.as_deref().unwrap_or(&self.labels)
    }

    /// The samples of these indices, in this order.
    ///
    /// # Panics
    /// If an index is out of range.
    pub fn select(&self, indices: &[usize]) -> Dataset {
        let pick = |labels: &[usize]| indices.iter().map(|&i| labels[i]).collect();
        Dataset {
            inputs: self.inputs.select(Axis(0), indices),
            labels: pick(&self.labels),
            true_labels: self.true_labels.as_deref().map(pick),
            n_classes: self.n_classes,
        }
    }
}

/// Sets for training, for choosing when to stop, and for the final errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What weights are fitted to.
    pub train: Dataset,
    /// What decides when to stop; may be empty.
    pub validation: Dataset,
    /// What errors are stated on; may be empty.
    pub test: Dataset,
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn three_samples() -> Dataset {
        Dataset::new(array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], vec![0, 1, 2], 3)
    }

    #[test]
    fn selected_samples_come_in_the_order_asked_for_with_both_labels() {
        let mut set = three_samples();
        set.true_labels = Some(vec![2, 0, 1]);
        let chosen = set.select(&[2, 0, 2]);
        assert_eq!(chosen.inputs, array![[4.0, 5.0], [0.0, 1.0], [4.0, 5.0]]);
        assert_eq!((&chosen.labels[..], chosen.true_labels()), (&[2, 0, 2][..], &[1, 2, 1][..]));
        assert_eq!((chosen.n_samples(), chosen.n_features(), chosen.n_classes), (3, 2, 3));
    }

    #[test]
    fn labels_are_the_true_ones_until_they_are_corrupted() {
        assert_eq!(three_samples().true_labels(), [0, 1, 2]);
    }

    #[test]
    #[should_panic(expected = "labels are below n_classes")]
    fn a_label_without_a_class_is_a_slip() {
        Dataset::new(array![[0.0]], vec![1], 1);
    }
}
