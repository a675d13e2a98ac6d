//! Why there is no embedding.

/// Why there is no embedding.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TsneError {
    /// A value that has no place in a distance.
    #[error("activations[{row}, {column}] = {value}: t-SNE needs finite numbers")]
    NotFinite {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// The value.
        value: f32,
    },
    /// Points without coordinates.
    #[error("activations of shape [{0}, 0]: t-SNE needs at least one feature")]
    NoFeatures(usize),
    /// More neighbours are wanted than there are points.
    #[error("perplexity = {perplexity}: must be 1 to {largest} for {n_points} points, a third of the others")]
    Perplexity {
        /// The perplexity asked for.
        perplexity: f64,
        /// Number of points.
        n_points: usize,
        /// The largest perplexity for so many points.
        largest: f64,
    },
    /// A setting out of range.
    #[error("{name} = {value}: {expected}")]
    Setting {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        expected: &'static str,
    },
    /// The points flew apart: the learning rate was too large.
    #[error("t-SNE diverged after {0} iterations: the learning rate is too large")]
    Diverged(usize),
    /// The caller stopped the run.
    #[error("t-SNE was stopped after {0} iterations")]
    Stopped(usize),
}
