//! One trainer per network: an advisory lock on a file beside the network folders.
//!
//! The system lets go of the lock when its process ends, however it ends, so a killed run blocks nobody.

use std::fs::{File, TryLockError};
use std::path::Path;

use anyhow::Context as _;

/// Held while a network is trained and stored.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// The lock on `path`, or `None` while another process holds it.
pub fn try_lock(path: &Path) -> anyhow::Result<Option<Lock>> {
    let open = || -> std::io::Result<File> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        File::options().create(true).truncate(false).write(true).open(path)
    };
    let file = open().with_context(|| format!("{}: cannot be opened", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("{}: cannot be locked", path.display()))
        }
    }
}
