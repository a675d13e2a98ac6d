//! The four files: their names, their content, and how they compare with the originals.

use std::path::{Path, PathBuf};

use md5::{Digest, Md5};

use crate::error::DataError;
use crate::read::unpack::{packed, read_unpacked};

/// The name of the source: `mnist`.
pub const NAME: &str = "mnist";

/// No file of the set is longer, unpacked, whatever its header promises: 340 000 images of 28 × 28.
pub const MAX_BYTES: u64 = 1 << 28;

/// A file of the set: its name, and the MD5 of the original's content.
#[derive(Clone, Copy, Debug)]
pub struct Original {
    pub name: &'static str,
    pub md5: &'static str,
}

pub const TRAIN_IMAGES: Original =
    Original { name: "train-images-idx3-ubyte", md5: "6bbc9ace898e44ae57da46a324031adb" };
pub const TRAIN_LABELS: Original =
    Original { name: "train-labels-idx1-ubyte", md5: "a25bea736e30d166cdddb491f175f624" };
pub const TEST_IMAGES: Original =
    Original { name: "t10k-images-idx3-ubyte", md5: "2646ac647ad5339dbf082846283269ea" };
pub const TEST_LABELS: Original =
    Original { name: "t10k-labels-idx1-ubyte", md5: "27ae3e4e09519cfbb04c329615203637" };

/// Training images and labels, then those of the test.
pub const FILES: [Original; 4] = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS];

/// The content of a file of `folder`, unpacked, with the path that was read.
pub fn read_file(folder: &Path, file: Original) -> Result<(PathBuf, Vec<u8>), DataError> {
    read_unpacked(NAME, folder, file.name, MAX_BYTES)
}

/// The paths under which a file may be, plain and packed.
pub fn places(folder: &Path, file: Original) -> [PathBuf; 2] {
    [folder.join(file.name), packed(folder, file.name)]
}

/// The first of the four files that `folder` lacks, plain and gzipped, as the error that reading would meet.
pub fn first_missing(folder: &Path) -> Option<DataError> {
    let is_there = |file: Original| places(folder, file).iter().any(|path| path.exists());
    let lacking = FILES.into_iter().find(|&file| !is_there(file))?;
    Some(DataError::Missing { data: NAME, path: folder.join(lacking.name) })
}

/// One file, held against the original.
#[derive(Clone, Debug)]
pub struct FileCheck {
    /// The name of the set's file.
    pub name: &'static str,
    /// Where it was found.
    pub path: PathBuf,
    /// MD5 of its content, decompressed.
    pub md5: String,
    /// MD5 of the original's content.
    pub expected: &'static str,
    /// Whether it is the original's.
    pub matches: bool,
}

/// Checksums of the four files of `folder`, decompressed.
///
/// # Errors
/// A file that is missing or cannot be read.
pub fn checksums(folder: &Path) -> Result<Vec<FileCheck>, DataError> {
    let check = |file: Original| {
        let (path, bytes) = read_file(folder, file)?;
        let md5 = md5_of(&bytes);
        Ok(FileCheck { name: file.name, path, expected: file.md5, matches: md5 == file.md5, md5 })
    };
    FILES.into_iter().map(check).collect()
}

/// The MD5 of bytes, in hexadecimal digits.
pub fn md5_of(bytes: &[u8]) -> String {
    Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
