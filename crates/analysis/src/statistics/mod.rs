//! Means with intervals, over seeds and over trials; tests of differences; correlation.

mod correlation;
mod interval;
mod significance;
mod summary;
#[cfg(test)]
mod tests;

pub use correlation::pearson;
pub use interval::Interval;
pub use significance::{holm, paired_t_test, sign_test, t_test};
pub use summary::{differences, mean, median, quantile, standard_error};
