//! Seals: the checksums of a folder's files, in a file that is written last. What does not match is not trusted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_data::{DataError, Tree};

/// The file that holds a folder's seal.
pub const FILE: &str = "done.json";

/// BLAKE3 of every file of a folder but the one that holds this.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seal {
    checksums: BTreeMap<String, String>,
}

/// A file that is not what was sealed.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// Its content is another.
    #[error("{}: does not match its checksum", .0.display())]
    Checksum(std::path::PathBuf),
    /// The seal does not name it.
    #[error("{}: is not sealed by {FILE}", .0.display())]
    Unnamed(std::path::PathBuf),
    /// It cannot be read.
    #[error(transparent)]
    Unread(#[from] DataError),
}

impl Seal {
    /// Takes a file in.
    pub fn add(&mut self, name: impl Into<String>, bytes: &[u8]) {
        self.checksums.insert(name.into(), checksum(bytes));
    }

    /// Takes in what another holds.
    pub fn extend(&mut self, other: Seal) {
        self.checksums.extend(other.checksums);
    }

    /// The same files as seen from above their folder.
    pub fn below(&self, folder: &str) -> Seal {
        let moved = self.checksums.iter().map(|(name, sum)| (format!("{folder}/{name}"), sum.clone()));
        Seal { checksums: moved.collect() }
    }

    /// Names of the sealed files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.checksums.keys().map(String::as_str)
    }

    /// Whether it holds a file of that name.
    pub fn has(&self, name: &str) -> bool {
        self.checksums.contains_key(name)
    }

    /// The content of a file, as it was sealed.
    ///
    /// # Errors
    /// [`Broken`], with the path.
    pub fn read(&self, tree: &Tree, name: &str) -> Result<Vec<u8>, Broken> {
        let path = || tree.path().join(name);
        let sealed = self.checksums.get(name).ok_or_else(|| Broken::Unnamed(path()))?;
        let bytes = tree.read(name)?;
        if *sealed == checksum(&bytes) { Ok(bytes) } else { Err(Broken::Checksum(path())) }
    }
}

/// BLAKE3 in 64 hexadecimal digits.
pub fn checksum(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_is_read_and_what_was_changed_added_or_lost_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let tree = Tree::at(dir.path());
        let mut seal = Seal::default();
        for name in ["a", "b", "gone"] {
            seal.add(name, b"0.5");
            tree.write_whole(name, if name == "b" { b"0.6" } else { b"0.5" }).unwrap();
        }
        tree.write_whole("new", b"0.5").unwrap();
        std::fs::remove_file(dir.path().join("gone")).unwrap();
        assert_eq!(seal.read(&tree, "a").unwrap(), b"0.5");
        let said = |name: &str| seal.read(&tree, name).unwrap_err().to_string();
        assert!(said("b").ends_with("b: does not match its checksum"), "{}", said("b"));
        assert!(said("new").ends_with("new: is not sealed by done.json"), "{}", said("new"));
        assert!(said("gone").contains("gone: "), "{}", said("gone"));
    }
}
