//! All arrays of a file.

use std::collections::HashMap;
use std::path::Path;

use ndarray::ArrayD;

use super::file::ArrayFile;
use crate::error::DataError;
use crate::read::bounds::MAX_BYTES;
use crate::regular_file::read_regular;

/// The arrays of an `.npz` or `.safetensors` file by name, as f32.
///
/// # Errors
/// When the file cannot be read, or an array holds no numbers.
pub fn read_arrays(path: &Path) -> Result<HashMap<String, ArrayD<f32>>, DataError> {
    let bytes = read_regular(path, MAX_BYTES)?;
    let mut file = ArrayFile::open(path, &bytes)?;
    let names = file.names();
    if names.is_empty() {
        return Err(DataError::bad(path, "has no arrays with names: `.npz` and `.safetensors` files have"));
    }
    let array = |name: String| {
        let values = file.array(path, &name)?.values(path, &name)?;
        Ok((name, values))
    };
    names.into_iter().map(array).collect()
}
