//! Advisory locks on files: one trainer of a network, one writer of a run folder, and nobody who reads half of it.
//!
//! The system lets go of a lock when its process ends, however it ends, so a killed run blocks nobody.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use vitrine_data::Tree;

use crate::stop::StopFlag;

/// Pause before asking again for a lock that another process holds.
const ASK_AGAIN: Duration = Duration::from_millis(50);
/// How long a reader waits for a writer, who may have been suspended; then it reads what is there, which seals vouch for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Held while something is made, written or read.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// The lock on a file of `tree`, or `None` while another process holds it.
pub fn try_lock(tree: &Tree, name: &str) -> anyhow::Result<Option<Lock>> {
    let file = tree.open_to_lock(name)?;
    let locked = file.try_lock();
    held(file, locked, &tree.path().join(name))
}

/// The lock on a file of `tree`, once nobody else holds it. `waits` is told where that is not at once.
///
/// # Errors
/// When the user stops the run meanwhile, or the file cannot be made.
pub fn lock(tree: &Tree, name: &str, stop: &StopFlag, waits: impl FnOnce()) -> anyhow::Result<Lock> {
    let mut waits = Some(waits);
    loop {
        if let Some(lock) = try_lock(tree, name)? {
            return Ok(lock);
        }
        stop.check()?;
        if let Some(waits) = waits.take() {
            waits();
        }
        std::thread::sleep(ASK_AGAIN);
    }
}

/// A lock that readers share, once no writer holds it; `None` where nobody has ever written under it, as in a folder that
/// was copied here, and after long waiting.
pub fn lock_to_read(tree: &Tree, name: &str) -> anyhow::Result<Option<Lock>> {
    let path = tree.place(name)?;
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        let Ok(file) = File::open(&path) else { return Ok(None) };
        let locked = file.try_lock_shared();
        if let Some(lock) = held(file, locked, &path)? {
            return Ok(Some(lock));
        }
        std::thread::sleep(ASK_AGAIN);
    }
    Ok(None)
}

fn held(file: File, locked: Result<(), TryLockError>, path: &Path) -> anyhow::Result<Option<Lock>> {
    match locked {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("{}: cannot be locked", path.display()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_share_what_a_writer_has_alone() {
        let dir = tempfile::tempdir().unwrap();
        let tree = Tree::at(dir.path());
        assert!(lock_to_read(&tree, ".lock").unwrap().is_none(), "nothing is made by reading");
        let writer = try_lock(&tree, ".lock").unwrap().unwrap();
        assert!(try_lock(&tree, ".lock").unwrap().is_none());
        drop(writer);
        let readers = [lock_to_read(&tree, ".lock").unwrap(), lock_to_read(&tree, ".lock").unwrap()];
        assert!(readers.iter().all(Option::is_some) && try_lock(&tree, ".lock").unwrap().is_none());
    }

    #[test]
    fn whoever_waits_says_so_and_hears_a_stop() {
        let dir = tempfile::tempdir().unwrap();
        let tree = Tree::at(dir.path());
        let _held = try_lock(&tree, ".lock").unwrap().unwrap();
        let (stop, other) = (StopFlag::default(), StopFlag::default());
        let shared = stop.clone();
        let error = lock(&tree, ".lock", &stop, || _ = shared.request()).unwrap_err();
        assert!(error.is::<crate::Interrupted>() && !other.is_requested());
    }
}
