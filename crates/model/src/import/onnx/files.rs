//! Bytes of a model: its file, and those of data beside it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use rten_onnx::onnx::StringStringEntryProto;

/// Bytes of a file that its tensors may read in all, in multiples of its length: some share theirs.
const MAX_SHARES: u64 = 4;

/// Files beside a model, within its folder alone.
pub struct Files {
    folder: Option<PathBuf>,
    /// By file: its length, and how much of it was read.
    read: RefCell<HashMap<PathBuf, (u64, u64)>>,
}

impl Files {
    /// Those of a folder; without one there are none.
    pub fn new(folder: Option<&Path>) -> Files {
        Files { folder: folder.map(Path::to_path_buf), read: RefCell::default() }
    }

    /// The bytes that a tensor names, of which there must be `n_bytes`.
    pub fn bytes(&self, entries: &[StringStringEntryProto], n_bytes: u64) -> Result<Vec<u8>, String> {
        let entry = |key: &str| {
            let is_it = |entry: &&StringStringEntryProto| entry.key.as_deref() == Some(key);
            entries.iter().find(is_it).and_then(|entry| entry.value.as_deref())
        };
        let number = |key: &str| match entry(key).map(str::parse::<u64>) {
            None => Ok(None),
            Some(Ok(number)) => Ok(Some(number)),
            Some(Err(_)) => Err(format!("its {key} in the file beside the model is no number")),
        };
        let location = entry("location").ok_or("names no file for its values")?;
        let offset = number("offset")?.unwrap_or(0);
        if let Some(length) = number("length")?.filter(|&length| length != n_bytes) {
            return Err(format!(
                "has {length} bytes in `{}`, its shape needs {n_bytes}",
                location.escape_debug()
            ));
        }
        let path = self.path(location)?;
        let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
        let metadata = fs::metadata(&path).map_err(wrong)?;
        if !metadata.is_file() {
            return Err(format!("{}: no regular file", path.display()));
        }
        let end = offset.saturating_add(n_bytes);
        if metadata.len() < end {
            return Err(format!("{}: {} bytes, of which {end} are needed", path.display(), metadata.len()));
        }
        let mut all = self.read.borrow_mut();
        let (length, n_read) = all.entry(path.clone()).or_insert((metadata.len(), 0));
        *n_read = n_read.saturating_add(n_bytes);
        if length.saturating_mul(MAX_SHARES) < *n_read {
            return Err(format!("{}: more values are taken from it than it has", path.display()));
        }
        let mut file = fs::File::open(&path).map_err(wrong)?;
        file.seek(SeekFrom::Start(offset)).map_err(wrong)?;
        let mut bytes = Vec::new();
        file.take(n_bytes).read_to_end(&mut bytes).map_err(wrong)?;
        Ok(bytes)
    }

    /// A file within the model's folder: a plain name, and no link out of it.
    fn path(&self, location: &str) -> Result<PathBuf, String> {
        let shown = location.escape_debug();
        let folder = self.folder.as_ref().ok_or("has its values in another file, and only one was given")?;
        let is_plain = Path::new(location).components().all(|part| matches!(part, Component::Normal(_)));
        if location.is_empty() || !is_plain {
            return Err(format!("names `{shown}` for its values; files within the model's folder are read"));
        }
        let full = |path: &Path| path.canonicalize().map_err(|error| format!("{}: {error}", path.display()));
        let (folder, path) = (full(folder)?, full(&folder.join(location))?);
        match path.starts_with(&folder) {
            true => Ok(path),
            false => Err(format!("names `{shown}`, a link out of the model's folder")),
        }
    }
}
