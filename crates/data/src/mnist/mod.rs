//! MNIST (LeCun, Cortes, Burges): the original IDX files, gzipped or not, in one folder.

mod fetch;
mod idx;
#[cfg(test)]
pub(crate) mod tests;

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use md5::{Digest, Md5};
use ndarray::Array2;

use crate::{DataError, Dataset};
pub use fetch::fetch;

/// Pixels of an image: 28 rows of 28.
pub const N_PIXELS: usize = 784;
/// Classes: the digits 0 to 9.
pub const N_DIGITS: usize = 10;

/// A file of the set: its name, and the MD5 of the original's content.
#[derive(Clone, Copy, Debug)]
struct Original {
    name: &'static str,
    md5: &'static str,
}

const TRAIN_IMAGES: Original =
    Original { name: "train-images-idx3-ubyte", md5: "6bbc9ace898e44ae57da46a324031adb" };
const TRAIN_LABELS: Original =
    Original { name: "train-labels-idx1-ubyte", md5: "a25bea736e30d166cdddb491f175f624" };
const TEST_IMAGES: Original =
    Original { name: "t10k-images-idx3-ubyte", md5: "2646ac647ad5339dbf082846283269ea" };
const TEST_LABELS: Original =
    Original { name: "t10k-labels-idx1-ubyte", md5: "27ae3e4e09519cfbb04c329615203637" };
const FILES: [Original; 4] = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS];

/// The whole set.
#[derive(Clone, Debug)]
pub struct Mnist {
    /// 60 000 images in the original files; pixels 0 to 1.
    pub train: Dataset,
    /// 10 000 images in the original files.
    pub test: Dataset,
}

impl Mnist {
    /// Reads the four files of `dir`.
    ///
    /// # Errors
    /// Names the file and what is wrong with it: not there, not gzip, magic number, size, count, labels.
    /// The number of images is whatever the headers say; [`checksums`] tells whether they are the originals.
    pub fn read(dir: &Path) -> Result<Mnist, DataError> {
        Ok(Mnist {
            train: read_pair(dir, TRAIN_IMAGES, TRAIN_LABELS)?,
            test: read_pair(dir, TEST_IMAGES, TEST_LABELS)?,
        })
    }
}

/// The first of the four files that `dir` lacks, plain and gzipped, as the error that reading would meet.
pub fn first_missing(dir: &Path) -> Option<DataError> {
    let is_there = |name: &str| dir.join(name).exists() || packed(dir, name).exists();
    let lacking = FILES.iter().find(|original| !is_there(original.name))?;
    Some(DataError::Missing { path: dir.join(lacking.name) })
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

/// Checksums of the four files of `dir`, decompressed.
///
/// # Errors
/// A file that is missing or cannot be read.
pub fn checksums(dir: &Path) -> Result<Vec<FileCheck>, DataError> {
    let check = |original: &Original| {
        let (path, bytes) = read_file(dir, original.name)?;
        let md5 = md5_of(&bytes);
        Ok(FileCheck { name: original.name, path, expected: original.md5, matches: md5 == original.md5, md5 })
    };
    FILES.iter().map(check).collect()
}

fn read_pair(dir: &Path, images: Original, labels: Original) -> Result<Dataset, DataError> {
    let (image_path, image_bytes) = read_file(dir, images.name)?;
    let (label_path, label_bytes) = read_file(dir, labels.name)?;
    let images = idx::images(&image_path, &image_bytes)?;
    let labels = idx::labels(&label_path, &label_bytes)?;
    let n_images = images.len() / N_PIXELS;
    if n_images != labels.len() {
        return Err(DataError::CountMismatch {
            images: image_path,
            labels: label_path,
            n_images,
            n_labels: labels.len(),
        });
    }
    let pixels: Vec<f32> = images.iter().map(|&byte| f32::from(byte) / 255.0).collect();
    let inputs = Array2::from_shape_vec((n_images, N_PIXELS), pixels).expect("784 pixels an image");
    Ok(Dataset::new(inputs, labels, N_DIGITS))
}

/// The content of `dir/name`, or of `dir/name.gz`, unpacked, with the path that was read.
///
/// A plain name may hold gzip too: IDX starts with a zero byte, gzip with 0x1f, so they cannot be confused.
fn read_file(dir: &Path, name: &str) -> Result<(PathBuf, Vec<u8>), DataError> {
    let plain = dir.join(name);
    for (path, must_be_gzip) in [(plain.clone(), false), (packed(dir, name), true)] {
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(DataError::io(&path, error)),
        };
        if !must_be_gzip && !bytes.starts_with(&[0x1f, 0x8b]) {
            return Ok((path, bytes));
        }
        return match unpack(&bytes) {
            Ok(content) => Ok((path, content)),
            Err(error) => Err(DataError::Gzip { path, reason: error.to_string() }),
        };
    }
    Err(DataError::Missing { path: plain })
}

fn packed(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.gz"))
}

fn unpack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut content)?;
    Ok(content)
}

fn md5_of(bytes: &[u8]) -> String {
    Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
