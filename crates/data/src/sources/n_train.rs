//! The number of training samples, of the sources that have it for a setting.

use crate::error::DataError;

/// Refuses none.
pub fn check_n_train(n_train: usize) -> Result<(), DataError> {
    match n_train {
        0 => Err(DataError::setting("n_train", 0, "at least one training sample is needed")),
        _ => Ok(()),
    }
}
