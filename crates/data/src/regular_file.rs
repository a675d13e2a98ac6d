//! Files that a user names: regular ones, read no further than they may be long.
//!
//! A pipe would be waited for, and a device has no end; both are refused before they are opened.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::error::DataError;

/// The content of a regular file of at most `max_bytes`; links are followed.
///
/// # Errors
/// [`DataError::Io`] with what the system says, [`DataError::NotRegular`] of a folder, pipe or device,
/// [`DataError::TooLong`] beyond `max_bytes`.
pub fn read_regular(path: &Path, max_bytes: u64) -> Result<Vec<u8>, DataError> {
    let mut content = Vec::new();
    let file = open_regular(path)?;
    file.take(max_bytes.saturating_add(1))
        .read_to_end(&mut content)
        .map_err(|error| DataError::io(path, error))?;
    if max_bytes < content.len() as u64 {
        return Err(DataError::TooLong { path: path.into(), max_bytes });
    }
    Ok(content)
}

/// Opens a regular file; links are followed.
pub(crate) fn open_regular(path: &Path) -> Result<File, DataError> {
    let io = |error| DataError::io(path, error);
    let kind = fs::metadata(path).map_err(io)?.file_type();
    if !kind.is_file() {
        let found = if kind.is_dir() { "a folder" } else { "a pipe, a socket or a device" };
        return Err(DataError::NotRegular { path: path.into(), found });
    }
    File::open(path).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_bound_and_refused_beyond() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, "1234").unwrap();
        assert_eq!(read_regular(&path, 4).unwrap(), b"1234");
        let error = read_regular(&path, 3).unwrap_err().to_string();
        assert!(error.ends_with("file: longer than 3 bytes, and no such file should be"), "{error}");
    }

    #[test]
    fn folders_and_devices_are_refused_unopened() {
        let dir = tempfile::tempdir().unwrap();
        let error = read_regular(dir.path(), 10).unwrap_err().to_string();
        assert!(error.ends_with(": a folder, where a file is wanted"), "{error}");
        #[cfg(unix)]
        {
            let link = dir.path().join("link");
            std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
            let error = read_regular(&link, 10).unwrap_err().to_string();
            assert!(error.ends_with("link: a pipe, a socket or a device, where a file is wanted"), "{error}");
        }
    }
}
