//! NumPy's `.npz`: a ZIP archive of `.npy` files.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::path::Path;

use zip::ZipArchive;

use super::npy;
use super::raw::RawArray;
use crate::error::DataError;
use crate::read::bounds::MAX_BYTES;
use crate::read::shown::{one_line, shown};

/// What every such file starts with.
pub const MAGIC: &[u8] = b"PK\x03\x04";

/// An archive whose names are read.
pub struct Npz<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Npz<'a> {
    /// The archive of a file whose content is `bytes`; `path` is for errors.
    pub fn open(path: &Path, bytes: &'a [u8]) -> Result<Npz<'a>, DataError> {
        let archive = ZipArchive::new(Cursor::new(bytes));
        let archive =
            archive.map_err(|e| DataError::bad(path, format!("is no sound .npz ({})", one_line(e))))?;
        Ok(Npz { archive })
    }

    /// The names of the arrays.
    pub fn names(&self) -> Vec<String> {
        self.archive
            .file_names()
            .filter_map(|name| Some(name.ok()?.strip_suffix(".npy")?.to_string()))
            .collect()
    }

    /// An array, unpacked no further than a byte beyond what its own header promises.
    pub fn array(&mut self, path: &Path, name: &str) -> Result<RawArray<'static>, DataError> {
        let bad = |wrong: String| DataError::bad(path, format!("array {}: {wrong}", shown(name)));
        let unpack = |e: std::io::Error| bad(format!("cannot be unpacked ({})", one_line(e)));
        let entry = self.archive.by_name(&format!("{name}.npy"));
        let mut entry = entry.map_err(|e| bad(format!("cannot be unpacked ({})", one_line(e))))?;
        let mut bytes = Vec::new();
        let mut read_to = |bytes: &mut Vec<u8>, length: u64| {
            let more = length.saturating_sub(bytes.len() as u64);
            entry.by_ref().take(more).read_to_end(bytes).map(|_| ())
        };
        read_to(&mut bytes, npy::PREFIX as u64).map_err(unpack)?;
        let end = npy::header_end(&bytes).map_err(bad)?;
        read_to(&mut bytes, end as u64).map_err(unpack)?;
        let promised = npy::promised(&bytes).map_err(bad)?;
        if MAX_BYTES < promised {
            return Err(bad(format!(
                "its header promises {promised} bytes, and at most {MAX_BYTES} are read"
            )));
        }
        read_to(&mut bytes, promised.saturating_add(1)).map_err(unpack)?;
        npy::read(&path.join(name), Cow::Owned(bytes))
    }
}
