//! MNIST (LeCun, Cortes, Burges): the original IDX files, gzipped or not, in one folder.

mod fetch;
mod idx;

use std::io::Read;
use std::path::{Path, PathBuf};

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

const TRAIN_IMAGES: Original = Original {
    name: "train-images-idx3-ubyte",
    md5: "6bbc9ace898e44ae57da46a324031adb",
};
const TRAIN_LABELS: Original = Original {
    name: "train-labels-idx1-ubyte",
    md5: "a25bea736e30d166cdddb491f175f624",
};
const TEST_IMAGES: Original = Original {
    name: "t10k-images-idx3-ubyte",
    md5: "2646ac647ad5339dbf082846283269ea",
};
const TEST_LABELS: Original = Original {
    name: "t10k-labels-idx1-ubyte",
    md5: "27ae3e4e09519cfbb04c329615203637",
};
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
    pub fn read(dir: &Path) -> Result<Mnist, DataError> {
        Ok(Mnist {
            train: read_pair(dir, TRAIN_IMAGES, TRAIN_LABELS)?,
            test: read_pair(dir, TEST_IMAGES, TEST_LABELS)?,
        })
    }
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
        Ok(FileCheck {
            name: original.name,
            path,
            matches: md5 == original.md5,
            md5,
        })
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

/// The content of `dir/name`, or of `dir/name.gz` unpacked, with the path that was read.
fn read_file(dir: &Path, name: &str) -> Result<(PathBuf, Vec<u8>), DataError> {
    let plain = dir.join(name);
    let packed = dir.join(format!("{name}.gz"));
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |source| DataError::Io { path, source }
    };
    if plain.exists() {
        let bytes = std::fs::read(&plain).map_err(at(&plain))?;
        return Ok((plain, bytes));
    }
    if !packed.exists() {
        return Err(DataError::Missing { path: plain });
    }
    let bytes = std::fs::read(&packed).map_err(at(&packed))?;
    let content = unpack(&bytes).map_err(|source| DataError::Gzip {
        path: packed.clone(),
        source,
    })?;
    Ok((packed, content))
}

fn unpack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut content)?;
    Ok(content)
}

fn md5_of(bytes: &[u8]) -> String {
    Md5::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    /// A set of two training images and one test image in a folder of its own.
    fn small_set() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (images, labels, n) in [(TRAIN_IMAGES, TRAIN_LABELS, 2u32), (TEST_IMAGES, TEST_LABELS, 1)] {
            let mut bytes = [0x803u32, n, 28, 28].map(u32::to_be_bytes).concat();
            bytes.extend(std::iter::repeat_n(255, n as usize * N_PIXELS));
            fs::write(dir.path().join(images.name), bytes).unwrap();
            let mut bytes = [0x801u32, n].map(u32::to_be_bytes).concat();
            bytes.extend((0..n).map(|i| i as u8));
            fs::write(dir.path().join(labels.name), bytes).unwrap();
        }
        dir
    }

    fn error_after(spoil: impl Fn(&Path)) -> String {
        let dir = small_set();
        spoil(dir.path());
        Mnist::read(dir.path()).unwrap_err().to_string()
    }

    fn change(path: PathBuf, change: impl Fn(&mut Vec<u8>)) {
        let mut bytes = fs::read(&path).unwrap();
        change(&mut bytes);
        fs::write(&path, bytes).unwrap();
    }

    #[test]
    fn pixels_are_scaled_to_one_and_labels_kept() {
        let set = Mnist::read(small_set().path()).unwrap();
        assert_eq!(set.train.inputs, Array2::ones((2, N_PIXELS)));
        assert_eq!((set.train.labels, set.test.labels), (vec![0, 1], vec![0]));
    }

    #[test]
    fn a_gzipped_file_is_read_as_the_plain_one() {
        let dir = small_set();
        let plain = dir.path().join(TRAIN_IMAGES.name);
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&fs::read(&plain).unwrap()).unwrap();
        fs::write(plain.with_extension("gz"), packer.finish().unwrap()).unwrap();
        fs::remove_file(&plain).unwrap();
        assert_eq!(Mnist::read(dir.path()).unwrap().train.n_samples(), 2);
    }

    #[test]
    fn each_kind_of_damage_names_its_file() {
        let truncated = error_after(|dir| change(dir.join(TRAIN_IMAGES.name), |b| b.truncate(100)));
        assert!(
            truncated.contains("train-images") && truncated.contains("promises"),
            "{truncated}"
        );
        let empty = error_after(|dir| change(dir.join(TEST_LABELS.name), Vec::clear));
        assert!(empty.contains("t10k-labels"), "{empty}");
        let magic = error_after(|dir| change(dir.join(TEST_LABELS.name), |b| b[3] = 9));
        assert!(
            magic.contains("t10k-labels") && magic.contains("0x00000809"),
            "{magic}"
        );
        let label = error_after(|dir| change(dir.join(TEST_LABELS.name), |b| b[8] = 12));
        assert!(label.contains("label 12 of sample 0"), "{label}");
        let missing = error_after(|dir| fs::remove_file(dir.join(TRAIN_LABELS.name)).unwrap());
        assert!(
            missing.contains("train-labels") && missing.contains("not found"),
            "{missing}"
        );
    }

    #[test]
    fn swapped_files_are_told_by_their_magic_numbers() {
        let error = error_after(|dir| {
            let (images, labels) = (dir.join(TRAIN_IMAGES.name), dir.join(TRAIN_LABELS.name));
            fs::rename(&images, dir.join("other")).unwrap();
            fs::rename(&labels, &images).unwrap();
            fs::rename(dir.join("other"), &labels).unwrap();
        });
        assert!(
            error.contains("images in IDX format start with 0x00000803"),
            "{error}"
        );
    }

    #[test]
    fn unlike_counts_name_both_files() {
        let error = error_after(|dir| {
            change(dir.join(TRAIN_LABELS.name), |b| {
                b[7] = 1;
                b.pop();
            });
        });
        assert!(error.contains("1 labels for 2 images"), "{error}");
    }

    #[test]
    fn a_gz_file_that_is_no_gzip_is_named() {
        let error = error_after(|dir| {
            let plain = dir.join(TRAIN_IMAGES.name);
            fs::rename(&plain, plain.with_extension("gz")).unwrap();
        });
        assert!(
            error.contains("train-images-idx3-ubyte.gz") && error.contains("gzip"),
            "{error}"
        );
    }

    #[test]
    fn a_file_that_is_not_the_original_is_a_mismatch() {
        let checks = checksums(small_set().path()).unwrap();
        assert!(checks.len() == 4 && checks.iter().all(|c| !c.matches));
        assert_eq!(md5_of(b""), "d41d8cd98f00b204e9800998ecf8427e");
    }

    /// The real files, where they are: `VITRINE_MNIST`, or `shared/mnist` beside the checkout.
    #[test]
    fn the_real_files_are_the_originals() {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/mnist");
        let dir = std::env::var_os("VITRINE_MNIST").map_or(beside, PathBuf::from);
        if !dir.is_dir() {
            return writeln!(
                std::io::stderr(),
                "skipped: no MNIST files; set VITRINE_MNIST to their folder"
            )
            .unwrap();
        }
        assert!(checksums(&dir).unwrap().iter().all(|c| c.matches));
        let set = Mnist::read(&dir).unwrap();
        assert_eq!((set.train.n_samples(), set.test.n_samples()), (60_000, 10_000));
        assert_eq!(set.train.labels[..5], [5, 0, 4, 1, 9]);
    }
}
