//! Files that may be packed with gzip.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::error::DataError;

/// The content of `folder/name`, or of `folder/name.gz`, unpacked, with the path that was read.
///
/// A plain name may hold gzip too, which is told by its first two bytes, 0x1f 0x8b.
///
/// # Errors
/// [`DataError::Missing`], of the source `data`, where neither is there; what the system or the decoder said.
pub fn read_unpacked(data: &'static str, folder: &Path, name: &str) -> Result<(PathBuf, Vec<u8>), DataError> {
    let plain = folder.join(name);
    for (path, must_be_gzip) in [(plain.clone(), false), (packed(folder, name), true)] {
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(DataError::io(&path, error)),
        };
        if !must_be_gzip && !bytes.starts_with(&[0x1f, 0x8b]) {
            return Ok((path, bytes));
        }
        return match unpack(&bytes) {
            Ok(content) => Ok((path, content)),
            Err(error) => Err(DataError::Gzip { path, reason: error.to_string() }),
        };
    }
    Err(DataError::Missing { data, path: plain })
}

/// The path of a file packed.
pub fn packed(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.gz"))
}

/// The content of a gzip file.
pub fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut content)?;
    Ok(content)
}
