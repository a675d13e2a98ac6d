//! A folder with all that is below it, which nothing leads out of: neither a link nor a name.
//!
//! Folders of results are handed around; whoever made one may have put links into it, or names into its files. What is
//! read and written below the top of a tree goes through here, and stays there.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::error::DataError;
use crate::growing_file::{GrowingFile, unfinished_name};
use crate::regular_file::read_regular;
use crate::whole_file;

/// No file of a tree may be longer: a hole of a file can say any length.
const MAX_BYTES: u64 = 1 << 31;

/// A folder below a top; the top itself may be reached through links.
///
/// ```
/// # use vitrine_data::Tree;
/// # let dir = tempfile::tempdir()?;
/// let results = Tree::at(dir.path()).folder("3.1-x/quick");
/// results.write_whole("arrays/means.npy", b"...")?;
/// assert_eq!(results.read("arrays/means.npy")?, b"...");
/// assert!(results.read("../../elsewhere").unwrap_err().to_string().contains("leads out of"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tree {
    top: PathBuf,
    path: PathBuf,
}

impl Tree {
    /// The tree of a folder, which need not be there yet.
    pub fn at(top: impl Into<PathBuf>) -> Tree {
        let top = top.into();
        Tree { path: top.clone(), top }
    }

    /// A folder of the tree.
    pub fn folder(&self, name: impl AsRef<Path>) -> Tree {
        Tree { top: self.top.clone(), path: self.path.join(name) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file or folder in it.
    ///
    /// # Errors
    /// [`DataError::Outside`] where the name leads out of the tree, [`DataError::Link`] where a folder on the way, or what
    /// is there, is a link.
    pub fn place(&self, name: impl AsRef<Path>) -> Result<PathBuf, DataError> {
        let path = self.folder_of(name.as_ref())?;
        refuse_link(&path)?;
        Ok(path)
    }

    /// Whether a file of that name is there, and no link.
    pub fn has_file(&self, name: impl AsRef<Path>) -> bool {
        self.place(name).is_ok_and(|path| path.is_file())
    }

    /// The content of a file.
    ///
    /// # Errors
    /// As [`Tree::place`] and [`read_regular`].
    pub fn read(&self, name: impl AsRef<Path>) -> Result<Vec<u8>, DataError> {
        read_regular(&self.place(name)?, MAX_BYTES)
    }

    /// Writes a file, making its folder; a reader sees the old file or the new one, never a part, and it is on the disk
    /// when this returns. A link in its place is replaced.
    ///
    /// # Errors
    /// [`DataError::Write`] when it cannot be made; [`DataError::Outside`], [`DataError::Link`] as for [`Tree::place`].
    pub fn write_whole(&self, name: impl AsRef<Path>, bytes: &[u8]) -> Result<(), DataError> {
        whole_file::write(&self.folder_of(name.as_ref())?, bytes, true)
    }

    /// As [`Tree::write_whole`], but the file may be lost where the machine loses its power before [`Tree::sync_files`]:
    /// for many files that count once another, written last, vouches for them.
    ///
    /// # Errors
    /// As of [`Tree::write_whole`].
    pub fn write_unsynced(&self, name: impl AsRef<Path>, bytes: &[u8]) -> Result<(), DataError> {
        whole_file::write(&self.folder_of(name.as_ref())?, bytes, false)
    }

    /// Waits until the files directly in a folder are on the disk; a folder that is not there has none.
    ///
    /// # Errors
    /// [`DataError::Write`] when one of them cannot be read or flushed.
    pub fn sync_files(&self, name: impl AsRef<Path>) -> Result<(), DataError> {
        whole_file::sync_files(&self.place(name)?)
    }

    /// Removes what writers that were killed left unfinished directly in this folder; nobody may be writing there.
    ///
    /// # Errors
    /// [`DataError::Write`] when a file cannot be removed; [`DataError::Outside`], [`DataError::Link`] as for
    /// [`Tree::place`].
    pub fn remove_unfinished(&self) -> Result<(), DataError> {
        // A file's place is checked from the top down, its folder with it.
        self.folder_of(Path::new("any"))?;
        whole_file::remove_unfinished(self.path())
    }

    /// Removes a file; one that is not there is removed already.
    ///
    /// # Errors
    /// [`DataError::Write`] when it cannot be removed; [`DataError::Outside`], [`DataError::Link`] as for [`Tree::place`].
    pub fn remove_file(&self, name: impl AsRef<Path>) -> Result<(), DataError> {
        let path = self.folder_of(name.as_ref())?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(DataError::Write { path, reason: error })
            }
            _ => Ok(()),
        }
    }

    /// Begins a file that is written piece by piece, or goes on with one of which the first `keep` bytes count.
    ///
    /// # Errors
    /// As of [`Tree::write_whole`], and where less than `keep` bytes are there.
    pub fn grow(&self, name: impl AsRef<Path>, keep: u64) -> Result<GrowingFile, DataError> {
        let path = self.place(name)?;
        refuse_link(&unfinished_name(&path))?;
        GrowingFile::open(path, keep)
    }

    /// Opens a file to be locked, making it and its folder; its content stays.
    ///
    /// # Errors
    /// As of [`Tree::write_whole`].
    pub fn open_to_lock(&self, name: impl AsRef<Path>) -> Result<File, DataError> {
        let path = self.place(name)?;
        let open = || -> io::Result<File> {
            fs::create_dir_all(whole_file::folder_of(&path))?;
            File::options().create(true).truncate(false).write(true).open(&path)
        };
        open().map_err(|reason| DataError::Write { path: path.clone(), reason })
    }

    /// The path of a name, where no folder on the way is a link; what is there may be one.
    fn folder_of(&self, name: &Path) -> Result<PathBuf, DataError> {
        let path = self.path.join(name);
        let outside = || DataError::Outside { path: path.clone() };
        let below = path.strip_prefix(&self.top).map_err(|_| outside())?;
        if name.as_os_str().is_empty() {
            return Err(outside());
        }
        let mut steps = Vec::new();
        for component in below.components() {
            let Component::Normal(step) = component else { return Err(outside()) };
            steps.push(step);
        }
        steps.pop().ok_or_else(outside)?;
        let mut on_the_way = self.top.clone();
        for step in steps {
            on_the_way.push(step);
            refuse_link(&on_the_way)?;
        }
        Ok(path)
    }
}

fn refuse_link(path: &Path) -> Result<(), DataError> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_symlink() => Err(DataError::Link { path: path.into() }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_of_the_tree_are_refused_for_reading_and_writing() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Tree::at(dir.path().join("runs")).folder("section");
        for name in ["../../out", "/etc/passwd", "a/../../../b", "", ".."] {
            let errors = [folder.read(name).unwrap_err(), folder.write_whole(name, b"").unwrap_err()];
            assert!(errors.iter().all(|e| matches!(e, DataError::Outside { .. })), "{name}: {errors:?}");
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_folder_is_refused_and_a_linked_file_replaced_and_nothing_outside_is_touched() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let [outside, runs] = ["outside", "runs"].map(|name| dir.path().join(name));
        fs::create_dir_all(&outside).unwrap();
        fs::create_dir_all(runs.join("section")).unwrap();
        fs::write(outside.join("file"), "theirs").unwrap();
        symlink(&outside, runs.join("report")).unwrap();
        symlink(outside.join("file"), runs.join("section/file")).unwrap();
        let tree = Tree::at(&runs);
        let error = tree.write_whole("report/file", b"ours").unwrap_err().to_string();
        assert!(error.contains("runs/report: is a link"), "{error}");
        assert!(matches!(tree.read("report/file"), Err(DataError::Link { .. })));
        assert!(matches!(tree.read("section/file"), Err(DataError::Link { .. })));
        assert!(!tree.has_file("section/file"));
        tree.write_whole("section/file", b"ours").unwrap();
        assert_eq!(tree.read("section/file").unwrap(), b"ours");
        assert_eq!(fs::read_to_string(outside.join("file")).unwrap(), "theirs");
    }

    #[cfg(unix)]
    #[test]
    fn the_top_itself_may_be_a_link() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("there")).unwrap();
        std::os::unix::fs::symlink("there", dir.path().join("runs")).unwrap();
        Tree::at(dir.path().join("runs")).write_whole("a/b", b"x").unwrap();
        assert_eq!(fs::read(dir.path().join("there/a/b")).unwrap(), b"x");
    }
}
