//! Reading MNIST, from small sets made here and, where they are, from the real files.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use ndarray::Array1;
use tempfile::TempDir;

use super::files::*;
use super::*;
use crate::read::unpack::packed;

/// A sound set in a folder of its own: every pixel of image `i` is `i`, its label `i % 10`.
pub(crate) fn small_set(n_train: u8, n_test: u8) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (images, labels, n) in [(TRAIN_IMAGES, TRAIN_LABELS, n_train), (TEST_IMAGES, TEST_LABELS, n_test)] {
        let pixels = (0..n).flat_map(|i| [i; 784]).collect();
        write_idx(dir.path(), images, &[0x0803, n.into(), 28, 28], pixels);
        write_idx(dir.path(), labels, &[0x0801, n.into()], (0..n).map(|i| i % 10).collect());
    }
    dir
}

fn write_idx(dir: &Path, file: Original, header: &[u32], body: Vec<u8>) {
    let header = header.iter().flat_map(|number| number.to_be_bytes());
    fs::write(dir.join(file.name), header.chain(body).collect::<Vec<u8>>()).unwrap();
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(content).unwrap();
    packer.finish().unwrap()
}

/// The error of a set of two training images and one test image, after it was spoilt.
fn error_after(spoil: impl Fn(&Path)) -> String {
    let dir = small_set(2, 1);
    spoil(dir.path());
    let error = Mnist::read(dir.path()).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "an error is one line: {error}");
    error
}

fn change(file: Original, dir: &Path, change: impl Fn(&mut Vec<u8>)) {
    let path = dir.join(file.name);
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(&path, bytes).unwrap();
}

#[track_caller]
fn assert_says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "no {part:?} in: {error}");
    }
}

#[test]
fn pixels_are_scaled_to_one_and_labels_kept() {
    let set = Mnist::read(small_set(255, 3).path()).unwrap();
    assert_eq!(set.train.inputs().shape(), [255, 1, 28, 28]);
    assert_eq!(set.train.rows().dim(), (255, 784));
    assert_eq!(set.train.rows().row(0), Array1::<f32>::zeros(784));
    assert_eq!(set.train.rows().row(51), Array1::from_elem(784, 0.2_f32));
    assert_eq!(set.train.labels()[9..12], [9, 0, 1]);
    assert_eq!((set.test.labels(), set.test.n_classes()), (&[0, 1, 2][..], 10));
    assert_eq!(set.test.classes()[9], "9");
}

#[test]
fn gzip_is_unpacked_under_either_name() {
    let dir = small_set(2, 1);
    let plain = dir.path().join(TRAIN_IMAGES.name);
    let content = fs::read(&plain).unwrap();
    let expected = Mnist::read(dir.path()).unwrap();
    fs::write(&plain, gzip(&content)).unwrap();
    assert_eq!(Mnist::read(dir.path()).unwrap(), expected);
    fs::rename(&plain, packed(dir.path(), TRAIN_IMAGES.name)).unwrap();
    assert_eq!(Mnist::read(dir.path()).unwrap(), expected);
}

#[test]
fn a_truncated_file_is_told_by_its_size() {
    let error = error_after(|dir| change(TRAIN_IMAGES, dir, |bytes| bytes.truncate(100)));
    assert_says(&error, &["train-images-idx3-ubyte", "promises 1584 bytes, but there are 100"]);
    let error = error_after(|dir| change(TEST_LABELS, dir, |bytes| bytes.truncate(6)));
    assert_says(&error, &["t10k-labels-idx1-ubyte", "6 bytes are too few"]);
    let error = error_after(|dir| change(TEST_IMAGES, dir, Vec::clear));
    assert_says(&error, &["t10k-images-idx3-ubyte", "0 bytes are too few"]);
}

#[test]
fn a_truncated_gzip_file_is_told_by_the_decoder() {
    let error = error_after(|dir| {
        let plain = dir.join(TRAIN_LABELS.name);
        let mut bytes = gzip(&fs::read(&plain).unwrap());
        bytes.truncate(bytes.len() - 5);
        fs::write(packed(dir, TRAIN_LABELS.name), bytes).unwrap();
        fs::remove_file(plain).unwrap();
    });
    assert_says(&error, &["train-labels-idx1-ubyte.gz", "not a sound gzip file"]);
}

#[test]
fn a_gz_name_without_gzip_content_is_told() {
    let error = error_after(|dir| {
        fs::rename(dir.join(TRAIN_IMAGES.name), packed(dir, TRAIN_IMAGES.name)).unwrap();
    });
    assert_says(&error, &["train-images-idx3-ubyte.gz", "not a sound gzip file"]);
}

#[test]
fn bytes_after_the_end_are_told_by_the_size() {
    let error = error_after(|dir| change(TRAIN_LABELS, dir, |bytes| bytes.push(0)));
    assert_says(&error, &["train-labels-idx1-ubyte", "promises 10 bytes, and there are more"]);
}

#[test]
fn a_wrong_magic_number_is_told() {
    let error = error_after(|dir| change(TEST_LABELS, dir, |bytes| bytes[3] = 9));
    assert_says(&error, &["t10k-labels-idx1-ubyte", "0x00000809", "0x00000801"]);
}

#[test]
fn images_and_labels_swapped_are_told_by_their_magic_numbers() {
    let error = error_after(|dir| swap(dir, TRAIN_IMAGES, TRAIN_LABELS));
    assert_says(&error, &["train-images-idx3-ubyte", "starts with 0x00000801", "0x00000803"]);
}

#[test]
fn images_of_train_and_test_swapped_are_told_by_their_counts() {
    let error = error_after(|dir| swap(dir, TRAIN_IMAGES, TEST_IMAGES));
    assert_says(&error, &["train-labels-idx1-ubyte: 2 labels for 1 images", "train-images-idx3-ubyte"]);
}

fn swap(dir: &Path, one: Original, other: Original) {
    let [one, other, aside] = [one.name, other.name, "aside"].map(|name| dir.join(name));
    fs::rename(&one, &aside).unwrap();
    fs::rename(&other, &one).unwrap();
    fs::rename(&aside, &other).unwrap();
}

#[test]
fn a_count_that_no_file_could_hold_is_told() {
    let error = error_after(|dir| change(TRAIN_IMAGES, dir, |bytes| bytes[4..8].fill(0xff)));
    assert_says(&error, &["train-images-idx3-ubyte", "promises 3367254359296 bytes", "but there are 1584"]);
}

#[test]
fn images_of_another_size_are_told() {
    let error = error_after(|dir| change(TRAIN_IMAGES, dir, |bytes| bytes[11] = 32));
    assert_says(&error, &["train-images-idx3-ubyte", "32 × 28 pixels"]);
}

#[test]
fn a_label_that_is_no_digit_is_told_with_its_sample() {
    let error = error_after(|dir| change(TRAIN_LABELS, dir, |bytes| bytes[9] = 12));
    assert_says(&error, &["train-labels-idx1-ubyte", "label 12 of sample 1"]);
}

#[test]
fn a_missing_file_or_folder_is_told() {
    let error = error_after(|dir| fs::remove_file(dir.join(TRAIN_LABELS.name)).unwrap());
    assert_says(&error, &["train-labels-idx1-ubyte: not found, neither plain nor as .gz"]);
    let error = Mnist::read(Path::new("/no/such/folder")).unwrap_err().to_string();
    assert_says(&error, &["/no/such/folder/train-images-idx3-ubyte: not found"]);
}

#[test]
fn a_folder_in_place_of_a_file_is_told() {
    let error = error_after(|dir| {
        fs::remove_file(dir.join(TEST_IMAGES.name)).unwrap();
        fs::create_dir(dir.join(TEST_IMAGES.name)).unwrap();
    });
    assert_says(&error, &["t10k-images-idx3-ubyte: "]);
}

#[test]
fn files_that_are_not_the_originals_are_mismatches() {
    let dir = small_set(2, 1);
    let checks = checksums(dir.path()).unwrap();
    assert_eq!(checks.iter().map(|check| check.name).collect::<Vec<_>>(), FILES.map(|file| file.name));
    assert!(checks.iter().all(|check| !check.matches && check.md5 != check.expected));
    // RFC 1321, appendix A.5.
    assert_eq!(md5_of(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
}

/// The real files, where they are: `VITRINE_MNIST`, or `shared/mnist` beside the checkout.
#[test]
fn the_real_files_are_the_originals() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/mnist");
    let dir = std::env::var_os("VITRINE_MNIST").map_or(beside, PathBuf::from);
    if !dir.is_dir() {
        writeln!(
            io::stderr(),
            "skipped: no MNIST files in {}; set VITRINE_MNIST to their folder",
            dir.display()
        )
        .unwrap();
        return;
    }
    assert!(checksums(&dir).unwrap().iter().all(|check| check.matches));
    let set = Mnist::read(&dir).unwrap();
    assert_eq!((set.train.n_samples(), set.test.n_samples()), (60_000, 10_000));
    assert_eq!(set.train.labels()[..5], [5, 0, 4, 1, 9]);
    // The mean that everyone normalises MNIST by.
    let mean =
        set.train.values().iter().map(|&x| f64::from(x)).sum::<f64>() / set.train.values().len() as f64;
    assert!((mean - 0.1307).abs() < 5e-5, "mean pixel {mean}");
}
