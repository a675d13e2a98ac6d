//! Files that appear whole or not at all: written under a temporary name of their own, flushed, renamed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::error::DataError;

/// The end of temporary names.
const UNFINISHED: &str = ".part";

/// Writes `bytes` to `path`, making its folder. Where `is_synced`, it is on the disk when this returns.
///
/// The file can be read by everyone and written by its owner, where the system knows the difference. What was begun of a
/// file that cannot be written is removed.
pub fn write(path: &Path, bytes: &[u8], is_synced: bool) -> Result<(), DataError> {
    let write = || -> io::Result<()> {
        let folder = folder_of(path);
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".").suffix(UNFINISHED).tempfile_in(folder)?;
        file.write_all(bytes)?;
        if is_synced {
            file.as_file().sync_all()?;
        }
        make_readable(file.as_file())?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|reason| DataError::Write { path: path.into(), reason })
}

/// Waits until the files directly in `folder` are on the disk; a folder that is not there has none.
pub fn sync_files(folder: &Path) -> Result<(), DataError> {
    let failed = |path: &Path, reason| DataError::Write { path: path.into(), reason };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| failed(folder, error))?,
    };
    for entry in entries {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        if fs::symlink_metadata(&path).is_ok_and(|about| about.is_file()) {
            // Some systems flush only what is open for writing.
            let sync = || fs::File::options().write(true).open(&path)?.sync_data();
            match sync() {
                // Another process' temporary file, renamed meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                synced => synced.map_err(|error| failed(&path, error))?,
            }
        }
    }
    Ok(())
}

/// Removes the temporary files directly in `folder`, which writers left that were killed.
pub fn remove_unfinished(folder: &Path) -> Result<(), DataError> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(UNFINISHED) {
            let path = entry.path();
            fs::remove_file(&path).map_err(|reason| DataError::Write { path: path.clone(), reason })?;
        }
    }
    Ok(())
}

/// The folder that a file is in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Temporary files are private to their owner; results are as readable as any other file.
#[cfg(unix)]
fn make_readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_in_a_folder_that_was_not_there_and_replaces_the_one_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/folder/file");
        write(&path, b"first, and longer", true).unwrap();
        write(&path, b"second", true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(names.len(), 1, "nothing temporary is left: {names:?}");
    }

    #[test]
    fn files_are_flushed_later_and_a_folder_that_is_not_there_has_none() {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join("file"), b"text", false).unwrap();
        fs::create_dir(dir.path().join("folder")).unwrap();
        sync_files(dir.path()).unwrap();
        assert_eq!(fs::read(dir.path().join("file")).unwrap(), b"text");
        sync_files(&dir.path().join("nothing")).unwrap();
        let error = sync_files(&dir.path().join("file")).unwrap_err().to_string();
        assert!(error.contains("file: cannot be written ("), "{error}");
    }

    #[test]
    fn what_killed_writers_left_is_removed_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        for name in [".Xy12.part", "file.part", ".hidden"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        remove_unfinished(dir.path()).unwrap();
        assert!(!dir.path().join(".Xy12.part").exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        remove_unfinished(&dir.path().join("nothing")).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_readable_by_others() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        write(&path, b"", true).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told_with_the_path_and_leaves_what_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let in_the_way = dir.path().join("file");
        fs::write(&in_the_way, "in the way").unwrap();
        let error = write(&in_the_way.join("below"), b"", true).unwrap_err().to_string();
        assert!(error.contains("file/below: cannot be written ("), "{error}");
        assert_eq!(fs::read_to_string(&in_the_way).unwrap(), "in the way");
    }
}
