//! Where the files of sources are, and what was in them when they were last read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::about::About;
use crate::error::DataError;

/// The folder of each source that reads files, by the source's name.
///
/// ```
/// # use vitrine_data::Folders;
/// let folders = Folders::default().with("mnist", "data/mnist");
/// assert!(folders.of("mnist").unwrap().ends_with("mnist"));
/// assert_eq!(folders.of("cifar").unwrap_err().to_string(), "no folder is given for the source cifar");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Folders {
    by_source: BTreeMap<String, PathBuf>,
    contents: Arc<Mutex<BTreeMap<PathBuf, Known<String>>>>,
    facts: Arc<Mutex<BTreeMap<String, Known<Facts>>>>,
}

/// What was known of files as they were at a time.
#[derive(Debug)]
struct Known<T> {
    stamps: Vec<Stamp>,
    known: T,
}

/// What is known of files once they were read.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Shape and sizes.
    pub about: About,
    /// What is in them, as a hash.
    pub content: String,
}

/// What tells a changed file without reading it: its length and the time it was written; `None` where there is none.
type Stamp = Option<(u64, Option<SystemTime>)>;

impl Folders {
    /// The same, with the folder of one source more.
    pub fn with(mut self, source: &str, folder: impl Into<PathBuf>) -> Folders {
        self.by_source.insert(source.into(), folder.into());
        self
    }

    /// The folder of a source.
    ///
    /// # Errors
    /// [`DataError::NoFolder`] where none is given.
    pub fn of(&self, source: &'static str) -> Result<&Path, DataError> {
        self.by_source.get(source).map(PathBuf::as_path).ok_or(DataError::NoFolder { data: source })
    }

    /// The content of `files` in `folder`, which `read` states. Asked again, `read` is called only if a file has
    /// changed in length or time: a hundred recipes on one set read it once.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn content_once(
        &self,
        folder: &Path,
        files: &[PathBuf],
        read: impl FnOnce() -> Result<String, DataError>,
    ) -> Result<String, DataError> {
        once(&self.contents, folder.to_path_buf(), files, read)
    }

    /// What `read` finds in `files` under settings that `key` writes out, kept as the content is.
    ///
    /// # Errors
    /// Those of `read`.
    pub(crate) fn facts_once(
        &self,
        key: String,
        files: &[PathBuf],
        read: impl FnOnce() -> Result<Facts, DataError>,
    ) -> Result<Facts, DataError> {
        once(&self.facts, key, files, read)
    }
}

fn once<K: Ord, T: Clone>(
    all: &Mutex<BTreeMap<K, Known<T>>>,
    key: K,
    files: &[PathBuf],
    read: impl FnOnce() -> Result<T, DataError>,
) -> Result<T, DataError> {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    let stamps: Vec<Stamp> = files.iter().map(|file| stamp(file)).collect();
    if let Some(known) = all.get(&key).filter(|known| known.stamps == stamps) {
        return Ok(known.known.clone());
    }
    let known = read()?;
    all.insert(key, Known { stamps, known: known.clone() });
    Ok(known)
}

fn stamp(file: &Path) -> Stamp {
    fs::metadata(file).ok().map(|about| (about.len(), about.modified().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_read_once_until_a_file_changes() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        let folders = Folders::default();
        let mut n_read = 0;
        let mut content = || {
            let read = || {
                n_read += 1;
                Ok(fs::read_to_string(&file).unwrap())
            };
            let content =
                folders.clone().content_once(dir.path(), &[file.clone(), dir.path().join("none")], read);
            (content.unwrap(), n_read)
        };
        fs::write(&file, "a").unwrap();
        assert_eq!([content(), content()], [("a".into(), 1), ("a".into(), 1)]);
        fs::write(&file, "ab").unwrap();
        assert_eq!([content(), content()], [("ab".into(), 2), ("ab".into(), 2)]);
    }
}
