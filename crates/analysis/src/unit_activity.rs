//! Which units of a layer are ever active? A unit that is active for no sample is dead (claim C8).

use ndarray::ArrayView2;

/// For how many samples each unit's activation is above zero, gathered batch by batch.
///
/// Meant for what comes out of a ReLU; elsewhere a unit can matter without ever being positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitActivity {
    n_samples: u64,
    n_active: Vec<u64>,
}

impl UnitActivity {
    /// Nothing seen yet.
    pub fn new(n_units: usize) -> UnitActivity {
        UnitActivity { n_samples: 0, n_active: vec![0; n_units] }
    }

    /// The activity over a whole set, `activations [n_samples, n_units]`.
    pub fn of(activations: ArrayView2<f32>) -> UnitActivity {
        let mut activity = UnitActivity::new(activations.ncols());
        activity.add_batch(activations);
        activity
    }

    /// Takes in `activations [n_samples, n_units]`.
    ///
    /// # Panics
    /// If the number of units differs.
    pub fn add_batch(&mut self, activations: ArrayView2<f32>) {
        assert_eq!(activations.ncols(), self.n_active.len(), "one column per unit");
        self.n_samples += activations.nrows() as u64;
        for sample in activations.rows() {
            self.n_active.iter_mut().zip(sample).for_each(|(count, &a)| *count += u64::from(0.0 < a));
        }
    }

    /// Share of the samples for which each unit is active; NaN without samples.
    pub fn shares(&self) -> Vec<f64> {
        self.n_active.iter().map(|&count| count as f64 / self.n_samples as f64).collect()
    }

    /// Indices of the units that were active for no sample.
    pub fn dead_units(&self) -> Vec<usize> {
        (0..self.n_active.len()).filter(|&unit_idx| self.n_active[unit_idx] == 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_unit_that_is_never_positive_is_dead() {
        let activity = UnitActivity::of(array![[0.0f32, 1.0, -2.0], [0.0, 0.0, -1.0]].view());
        assert_eq!(activity.dead_units(), [0, 2]);
        assert_eq!(activity.shares(), [0.0, 0.5, 0.0]);
    }

    #[test]
    fn a_later_batch_wakes_a_unit() {
        let mut activity = UnitActivity::of(array![[0.0f32, 1.0]].view());
        activity.add_batch(array![[2.0f32, 0.0]].view());
        assert!(activity.dead_units().is_empty());
        assert_eq!(activity.shares(), [0.5, 0.5]);
    }
}
