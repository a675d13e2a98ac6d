//! What a network must know of data before it is trained on them.

/// The shape and the size of data, known before they are drawn or split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The shape of a sample.
    pub feature_shape: Vec<usize>,
    /// Number of classes; 0 where samples have no labels.
    pub n_classes: usize,
    /// Number of training samples.
    pub n_train: usize,
    /// Number of samples that are held in memory for the three sets, where that is much beside the network.
    pub n_made: usize,
}

impl About {
    /// Number of features of a sample: the product of their shape.
    pub fn n_features(&self) -> usize {
        self.feature_shape.iter().product()
    }
}
