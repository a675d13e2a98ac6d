//! Files that are too large to be held, written piece by piece: under a temporary name, which a later run may take up again,
//! until they are whole.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::DataError;
use crate::whole_file::folder_of;

/// A file in the making, which nobody finds under its own name before [`finish`](GrowingFile::finish).
#[derive(Debug)]
pub struct GrowingFile {
    path: PathBuf,
    unfinished: PathBuf,
    file: File,
}

impl GrowingFile {
    /// Begins the file `path`, making its folder, or goes on with what was begun, of which the first `keep` bytes are kept.
    /// The temporary name, `.NAME.part`, must be no link.
    pub(crate) fn open(path: PathBuf, keep: u64) -> Result<GrowingFile, DataError> {
        let unfinished = unfinished_name(&path);
        let failed = |reason| DataError::Write { path: unfinished.clone(), reason };
        fs::create_dir_all(folder_of(&path)).map_err(failed)?;
        let open = || -> io::Result<File> {
            let mut file = File::options().create(true).truncate(false).write(true).open(&unfinished)?;
            if file.metadata()?.len() < keep {
                return Err(io::Error::other("shorter than what was written to it"));
            }
            file.set_len(keep)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        let file = open().map_err(failed)?;
        Ok(GrowingFile { path, unfinished, file })
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// [`DataError::Write`], as on a full disk.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), DataError> {
        self.file.write_all(bytes).map_err(|reason| self.failed(reason))
    }

    /// Waits until what was added is on the disk.
    ///
    /// # Errors
    /// [`DataError::Write`], as on a full disk.
    pub fn sync(&self) -> Result<(), DataError> {
        self.file.sync_data().map_err(|reason| self.failed(reason))
    }

    /// The file under its own name, whole and on the disk.
    ///
    /// # Errors
    /// [`DataError::Write`] when it cannot be renamed.
    pub fn finish(self) -> Result<(), DataError> {
        let finish = || {
            self.file.sync_all()?;
            fs::rename(&self.unfinished, &self.path)
        };
        finish().map_err(|reason| self.failed(reason))
    }

    fn failed(&self, reason: io::Error) -> DataError {
        DataError::Write { path: self.path.clone(), reason }
    }
}

impl Write for GrowingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for GrowingFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// The temporary name of a file.
pub(crate) fn unfinished_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder_of(path).join(format!(".{name}.part"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_grows_unseen_is_taken_up_again_and_appears_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/a.bin");
        let mut file = GrowingFile::open(path.clone(), 0).unwrap();
        file.append(b"first, then half of the sec").unwrap();
        drop(file);
        assert!(!path.exists());
        let mut file = GrowingFile::open(path.clone(), 5).unwrap();
        file.append(b" and second").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first and second");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn less_than_was_written_is_not_gone_on_with() {
        let dir = tempfile::tempdir().unwrap();
        let error = GrowingFile::open(dir.path().join("a"), 3).unwrap_err().to_string();
        assert!(error.contains("shorter than what was written"), "{error}");
    }
}
