//! Masks: where in each sample a concept is to be seen.

use ndarray::{ArrayD, ArrayViewD, Axis};

/// For each sample and each concept, a value for each place of the sample: 1 where it shows the concept, 0 elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Masks {
    /// `[n_samples, n_concepts, places…]`, in standard layout.
    values: ArrayD<f32>,
    concepts: Vec<String>,
}

impl Masks {
    /// Masks `[n_samples, n_concepts, places…]`, whose places are those of a sample: its length, its rows and columns.
    ///
    /// # Panics
    /// If there are no two axes before the places, or not one name per concept.
    pub fn new(values: ArrayD<f32>, concepts: Vec<String>) -> Masks {
        assert!(2 <= values.ndim(), "masks have an axis of samples and one of concepts");
        assert_eq!(values.shape()[1], concepts.len(), "one name per concept");
        let values =
            if values.is_standard_layout() { values } else { values.as_standard_layout().into_owned() };
        Masks { values, concepts }
    }

    /// The masks, `[n_samples, n_concepts, places…]`.
    pub fn values(&self) -> ArrayViewD<'_, f32> {
        self.values.view()
    }

    /// The names of the concepts.
    pub fn concepts(&self) -> &[String] {
        &self.concepts
    }

    /// Number of samples.
    pub fn n_samples(&self) -> usize {
        self.values.shape()[0]
    }

    /// Those of the samples of these indices, in this order.
    ///
    /// # Panics
    /// If an index is out of range.
    pub fn select(&self, indices: &[usize]) -> Masks {
        Masks::new(self.values.select(Axis(0), indices), self.concepts.clone())
    }
}
