//! How much is read.

use std::path::Path;

use crate::error::DataError;
use crate::regular_file::read_regular;

/// No file of data is longer: 4 GiB.
pub const MAX_BYTES: u64 = 1 << 32;

/// The content of a file of data.
pub fn read_data(path: &Path) -> Result<Vec<u8>, DataError> {
    if path.as_os_str().is_empty() {
        return Err(DataError::setting("path", "\"\"", "the file of the data must be named"));
    }
    read_regular(path, MAX_BYTES)
}
