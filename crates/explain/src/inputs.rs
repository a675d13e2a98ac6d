//! Whether inputs are a model's.

use ndarray::ArrayViewD;
use vitrine_model::{Model, ModelError};

/// The number of rows, when `inputs [n_rows, sample shape]` are the model's.
pub fn check_inputs(model: &dyn Model, inputs: &ArrayViewD<f32>) -> Result<usize, ModelError> {
    let expected = model.graph().input_shape();
    match inputs.shape() {
        [n_rows, sample @ ..] if sample == expected => Ok(*n_rows),
        found => Err(ModelError::Inputs { found: found.to_vec(), expected: expected.to_vec() }),
    }
}
