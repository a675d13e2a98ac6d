//! Averaged activations: the mean and spread of every unit over the samples of each class (thesis eq. 3.6, 3.7).

use ndarray::{Array2, ArrayView2, Axis, azip};

/// Mean activation of each unit per class (thesis eq. 3.6): `m[c, u] = mean of a[i, u] over labels[i] = c`.
///
/// `activations` is `[n_samples, n_units]`; the result `[n_classes, n_units]`, the transpose of A of eq. 3.7, whose
/// columns are the classes. A class without samples yields a row of NaN.
///
/// # Panics
/// If there is not one label per sample, or a label is not below `n_classes`.
pub fn class_means(activations: ArrayView2<f32>, labels: &[usize], n_classes: usize) -> Array2<f64> {
    let mut moments = ClassMoments::new(n_classes, activations.ncols());
    moments.add_batch(activations, labels);
    moments.means()
}

/// Mean and variance of each unit per class, gathered batch by batch: for sets whose activations would not fit.
///
/// Batches are merged by the rule of Chan, Golub and LeVeque (1979), which loses no digits however far the mean lies
/// from zero. Sums are taken in f64 in the order of the samples: the same batches give the same bits.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassMoments {
    counts: Vec<u64>,
    means: Array2<f64>,
    /// Sums of squared deviations from the mean.
    squares: Array2<f64>,
}

impl ClassMoments {
    /// Nothing seen yet.
    pub fn new(n_classes: usize, n_units: usize) -> ClassMoments {
        let zeros = || Array2::zeros((n_classes, n_units));
        ClassMoments { counts: vec![0; n_classes], means: zeros(), squares: zeros() }
    }

    /// Takes in `activations [n_samples, n_units]` of samples with these labels.
    ///
    /// # Panics
    /// If there is not one label per sample, a label is not below the number of classes, or the units differ.
    pub fn add_batch(&mut self, activations: ArrayView2<f32>, labels: &[usize]) {
        assert_eq!(labels.len(), activations.nrows(), "one label per sample");
        assert_eq!(activations.ncols(), self.means.ncols(), "one column per unit");
        let mut batch = ClassMoments::new(self.counts.len(), activations.ncols());
        for (sample, &label) in activations.rows().into_iter().zip(labels) {
            batch.counts[label] += 1;
            azip!((sum in batch.means.row_mut(label), &a in sample) *sum += f64::from(a));
        }
        for (mut row, &count) in batch.means.rows_mut().into_iter().zip(&batch.counts) {
            row /= count.max(1) as f64;
        }
        for (sample, &label) in activations.rows().into_iter().zip(labels) {
            let means = batch.means.row(label);
            azip!((square in batch.squares.row_mut(label), &a in sample, &mean in means) {
                *square += (f64::from(a) - mean).powi(2);
            });
        }
        self.merge(&batch);
    }

    /// Takes in what `other` has seen.
    ///
    /// # Panics
    /// If the numbers of classes or units differ.
    pub fn merge(&mut self, other: &ClassMoments) {
        assert_eq!(self.means.dim(), other.means.dim(), "the same classes and units");
        for (class, (count, &added)) in self.counts.iter_mut().zip(&other.counts).enumerate() {
            if added == 0 {
                continue;
            }
            let (before, added) = (*count as f64, added as f64);
            let share = added / (before + added);
            azip!((mean in self.means.row_mut(class), square in self.squares.row_mut(class),
                   &other_mean in other.means.row(class), &other_square in other.squares.row(class)) {
                let shift = other_mean - *mean;
                *mean += shift * share;
                *square += other_square + shift * shift * before * share;
            });
            *count += other.counts[class];
        }
    }

    /// Number of samples seen of each class.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// `[n_classes, n_units]`: mean activation; NaN for a class without samples.
    pub fn means(&self) -> Array2<f64> {
        self.over_counts(&self.means, |mean, count| if count == 0 { f64::NAN } else { mean })
    }

    /// `[n_classes, n_units]`: variance of the activation over the samples of a class (divided by their number).
    ///
    /// NaN for a class without samples.
    pub fn variances(&self) -> Array2<f64> {
        self.over_counts(&self.squares, |squares, count| squares / count as f64)
    }

    fn over_counts(&self, values: &Array2<f64>, value: impl Fn(f64, u64) -> f64) -> Array2<f64> {
        let mut values = values.clone();
        for (mut row, &count) in values.axis_iter_mut(Axis(0)).zip(&self.counts) {
            row.mapv_inplace(|v| value(v, count));
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array, s};

    use super::*;
    use crate::reference;

    fn activations() -> (Array2<f32>, Vec<usize>) {
        let labels = reference::vector("labels").iter().map(|&label| label as usize).collect();
        (reference::matrix("activations"), labels)
    }

    fn largest_difference(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
        (a - b).iter().fold(0.0, |largest, d| largest.max(d.abs()))
    }

    #[test]
    fn class_means_of_three_samples_by_hand() {
        let means = class_means(array![[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]].view(), &[0, 2, 0], 3);
        assert_eq!(means.row(0), array![3.0, 5.5]);
        assert_eq!(means.row(2), array![3.0, 4.0]);
        assert!(means.row(1).iter().all(|mean| mean.is_nan()));
    }

    /// NumPy: `activations[labels == c].mean(axis=0)` and `.var(axis=0)` in f64.
    #[test]
    fn class_means_and_variances_are_numpy_s() {
        let (activations, labels) = activations();
        let mut moments = ClassMoments::new(4, activations.ncols());
        moments.add_batch(activations.view(), &labels);
        assert!(largest_difference(&moments.means(), &reference::matrix("class_means")) < 1e-9);
        assert!(largest_difference(&moments.variances(), &reference::matrix("class_variances")) < 1e-9);
    }

    #[test]
    fn batches_and_merged_halves_agree_with_the_whole() {
        let (activations, labels) = activations();
        let of_batches = |from: usize, to: usize, batch: usize| {
            let mut moments = ClassMoments::new(4, activations.ncols());
            for start in (from..to).step_by(batch) {
                let rows = start..(start + batch).min(to);
                moments.add_batch(activations.slice(s![rows.clone(), ..]), &labels[rows]);
            }
            moments
        };
        let n = labels.len();
        let whole = of_batches(0, n, n);
        let mut halves = of_batches(0, n / 2, 3);
        halves.merge(&of_batches(n / 2, n, 5));
        assert_eq!(halves.counts(), whole.counts());
        assert!(largest_difference(&halves.means(), &whole.means()) < 1e-12);
        assert!(largest_difference(&halves.variances(), &whole.variances()) < 1e-12);
    }

    #[test]
    fn a_variance_far_from_zero_keeps_its_digits() {
        let mut moments = ClassMoments::new(1, 1);
        for batch in [[4_000_000.0f32, 4_000_001.0], [4_000_002.0, 4_000_003.0]] {
            moments.add_batch(Array2::from_shape_fn((2, 1), |(i, _)| batch[i]).view(), &[0, 0]);
        }
        assert_eq!(moments.variances()[(0, 0)], 1.25);
    }
}
