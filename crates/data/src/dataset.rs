//! Samples of any shape with their classes.

use ndarray::{Array, ArrayD, ArrayView2, ArrayViewD, ArrayViewMut2, Dimension};

use crate::masks::Masks;

/// Samples, each with features of one shape, and their labels; a set [without any](Dataset::unlabelled) has no classes.
///
/// Inputs are kept in standard layout, sample after sample, and every label is a class: the fields are private, and
/// whatever changes them keeps both so.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// `[n_samples, feature shape…]`, in standard layout.
    inputs: ArrayD<f32>,
    labels: Vec<usize>,
    /// The labels before they were changed, where they were.
    true_labels: Option<Vec<usize>>,
    /// A name per class; none of samples without labels.
    classes: Vec<String>,
    /// A name per feature, where they have names.
    feature_names: Option<Vec<String>>,
    /// Where in each sample something is to be seen, where that is known.
    masks: Option<Masks>,
}

impl Dataset {
    /// Samples with their labels, and the names of the classes, class 0 first.
    ///
    /// `inputs` is `[n_samples, feature shape…]`: signals `[n, length]`, images `[n, channels, height, width]`, plain
    /// features `[n, n_features]`. In another layout than the standard one it is copied into it.
    ///
    /// # Panics
    /// If `inputs` has no axis of samples, if there is not one label per sample, or a label has no class.
    pub fn new<D: Dimension>(inputs: Array<f32, D>, labels: Vec<usize>, classes: Vec<String>) -> Dataset {
        let set = Dataset::unlabelled(inputs);
        assert_eq!(set.n_samples(), labels.len(), "one label per sample");
        assert_have_classes(&labels, classes.len());
        Dataset { labels, classes, ..set }
    }

    /// Samples without labels: there are no classes, and [`labels`](Dataset::labels) is empty.
    ///
    /// # Panics
    /// If `inputs` has no axis of samples.
    pub fn unlabelled<D: Dimension>(inputs: Array<f32, D>) -> Dataset {
        let inputs = inputs.into_dyn();
        assert!(inputs.ndim() != 0, "the first axis of the inputs is that of the samples");
        let inputs =
            if inputs.is_standard_layout() { inputs } else { inputs.as_standard_layout().into_owned() };
        let (labels, classes) = (Vec::new(), Vec::new());
        Dataset { inputs, labels, true_labels: None, classes, feature_names: None, masks: None }
    }

    /// The same with a name for each feature.
    ///
    /// # Panics
    /// If there is not one name per feature.
    pub fn with_feature_names(self, names: Vec<String>) -> Dataset {
        assert_eq!(names.len(), self.n_features(), "one name per feature");
        Dataset { feature_names: Some(names), ..self }
    }

    /// The same with masks of what is to be seen where.
    ///
    /// # Panics
    /// If there is not one row of masks per sample.
    pub fn with_masks(self, masks: Masks) -> Dataset {
        assert_eq!(masks.n_samples(), self.n_samples(), "masks for each sample");
        Dataset { masks: Some(masks), ..self }
    }

    /// The same with classes that have no other names than their numbers, `0` to `n_classes − 1`.
    ///
    /// # Panics
    /// As [`new`](Dataset::new).
    pub fn numbered<D: Dimension>(inputs: Array<f32, D>, labels: Vec<usize>, n_classes: usize) -> Dataset {
        Dataset::new(inputs, labels, (0..n_classes).map(|class| class.to_string()).collect())
    }

    /// The inputs, `[n_samples, feature shape…]`.
    pub fn inputs(&self) -> ArrayViewD<'_, f32> {
        self.inputs.view()
    }

    /// The inputs with the features of a sample in one row, the last axis fastest: `[n_samples, n_features]`. A view,
    /// not a copy.
    pub fn rows(&self) -> ArrayView2<'_, f32> {
        let shape = (self.n_samples(), self.n_features());
        ArrayView2::from_shape(shape, self.values()).expect("n_samples × n_features values")
    }

    /// The same to be changed.
    pub fn rows_mut(&mut self) -> ArrayViewMut2<'_, f32> {
        let shape = (self.n_samples(), self.n_features());
        let values = self.inputs.as_slice_mut().expect("standard layout");
        ArrayViewMut2::from_shape(shape, values).expect("n_samples × n_features values")
    }

    /// All values of the inputs, row after row.
    pub fn values(&self) -> &[f32] {
        self.inputs.as_slice().expect("standard layout")
    }

    /// Whether samples have labels.
    pub fn is_labelled(&self) -> bool {
        !self.classes.is_empty()
    }

    /// The class of each sample, from 0; empty where samples have none.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The labels before they were changed; the labels themselves where they were not.
    pub fn true_labels(&self) -> &[usize] {
        self.true_labels.as_deref().unwrap_or(&self.labels)
    }

    /// The names of the classes, class 0 first.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The names of the features, where they have some, in the order of a row.
    pub fn feature_names(&self) -> Option<&[String]> {
        self.feature_names.as_deref()
    }

    /// What is to be seen where, where that is known.
    pub fn masks(&self) -> Option<&Masks> {
        self.masks.as_ref()
    }

    /// Number of classes; labels are below it. 0 of samples without labels.
    pub fn n_classes(&self) -> usize {
        self.classes.len()
    }

    /// Number of samples.
    pub fn n_samples(&self) -> usize {
        self.inputs.shape()[0]
    }

    /// The shape of a sample: `[length]` of a signal, `[channels, height, width]` of an image.
    pub fn feature_shape(&self) -> &[usize] {
        &self.inputs.shape()[1..]
    }

    /// Number of features of a sample: the product of their shape.
    pub fn n_features(&self) -> usize {
        self.feature_shape().iter().product()
    }

    /// The samples of these indices, in this order.
    ///
    /// # Panics
    /// If an index is out of range.
    pub fn select(&self, indices: &[usize]) -> Dataset {
        let n_features = self.n_features();
        let values = self.values();
        let mut chosen = Vec::with_capacity(indices.len() * n_features);
        for &i in indices {
            chosen.extend_from_slice(&values[i * n_features..(i + 1) * n_features]);
        }
        let mut shape = self.inputs.shape().to_vec();
        shape[0] = indices.len();
        let pick = |labels: &[usize]| indices.iter().map(|&i| labels[i]).collect();
        Dataset {
            inputs: ArrayD::from_shape_vec(shape, chosen).expect("n_features values for each index"),
            labels: if self.is_labelled() { pick(&self.labels) } else { Vec::new() },
            true_labels: self.true_labels.as_deref().map(pick),
            classes: self.classes.clone(),
            feature_names: self.feature_names.clone(),
            masks: self.masks.as_ref().map(|masks| masks.select(indices)),
        }
    }

    /// Gives the samples of these indices other labels. The first labelling stays the true one, however often labels
    /// are changed.
    ///
    /// # Panics
    /// If there is not one label per index, a label has no class, or an index is out of range.
    pub fn relabel(&mut self, indices: &[usize], labels: &[usize]) {
        assert_eq!(indices.len(), labels.len(), "one label per index");
        assert_have_classes(labels, self.n_classes());
        self.true_labels.get_or_insert_with(|| self.labels.clone());
        for (&i, &label) in indices.iter().zip(labels) {
            self.labels[i] = label;
        }
    }

    /// The same samples under the labels that they had before any were changed.
    pub fn with_true_labels(&self) -> Dataset {
        Dataset { labels: self.true_labels().to_vec(), true_labels: None, ..self.clone() }
    }

    /// 64 hexadecimal digits of the BLAKE3 hash of shape, labels, true labels, names of the classes, the bits of the
    /// inputs and those of masks: sets of one hash are one set. Names of features are words about it, and do not count.
    pub fn content_hash(&self) -> String {
        let mut hasher = blake3::Hasher::new_derive_key("vitrine labelled samples v1");
        let mut number = |n: usize| _ = hasher.update(&(n as u64).to_le_bytes());
        number(self.inputs.ndim());
        self.inputs.shape().iter().copied().for_each(&mut number);
        self.labels.iter().chain(self.true_labels()).copied().for_each(&mut number);
        number(self.classes.len());
        for class in &self.classes {
            hasher.update(&(class.len() as u64).to_le_bytes()).update(class.as_bytes());
        }
        let mut bits = |values: &[f32]| {
            for values in values.chunks(1 << 12) {
                let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                hasher.update(&bytes);
            }
        };
        bits(self.values());
        self.masks.iter().for_each(|masks| bits(masks.values().as_slice().expect("standard layout")));
        hasher.finalize().to_hex().to_string()
    }
}

fn assert_have_classes(labels: &[usize], n_classes: usize) {
    assert!(labels.iter().all(|&label| label < n_classes), "labels are below n_classes");
}

#[cfg(test)]
mod tests;
