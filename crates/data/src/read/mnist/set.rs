//! The set as images with their digits.

use std::path::{Path, PathBuf};

use ndarray::Array4;

use super::files::{FILES, read_file};
use crate::dataset::Dataset;
use crate::error::DataError;
use crate::read::content::content_of;
use crate::read::idx::Idx;

/// Classes: the digits 0 to 9.
pub const N_DIGITS: usize = 10;

/// Channels, rows and columns of an image.
pub const IMAGE_SHAPE: [usize; 3] = [1, 28, 28];

/// The whole set.
#[derive(Clone, Debug, PartialEq)]
pub struct Mnist {
    /// `[60 000, 1, 28, 28]` in the original files; pixels 0 to 1.
    pub train: Dataset,
    /// `[10 000, 1, 28, 28]` in the original files.
    pub test: Dataset,
    /// The content of the four files, unpacked: 64 hexadecimal digits of a BLAKE3 hash.
    pub content: String,
}

impl Mnist {
    /// Reads the four files of `folder`.
    ///
    /// # Errors
    /// Names the file and what is wrong with it: not there, not gzip, magic number, size, count, labels.
    /// The number of images is whatever the headers say; [`checksums`](super::checksums) tells whether they are the
    /// originals.
    pub fn read(folder: &Path) -> Result<Mnist, DataError> {
        let [train_images, train_labels, test_images, test_labels] = read_all(folder)?;
        Ok(Mnist {
            train: pair(&train_images, &train_labels)?,
            test: pair(&test_images, &test_labels)?,
            content: content(&[train_images, train_labels, test_images, test_labels]),
        })
    }
}

/// The content of the four files of `folder`, as [`Mnist::content`].
pub fn content_in(folder: &Path) -> Result<String, DataError> {
    Ok(content(&read_all(folder)?))
}

/// A file's path and its content, unpacked.
type File = (PathBuf, Vec<u8>);

fn read_all(folder: &Path) -> Result<[File; 4], DataError> {
    let [train_images, train_labels, test_images, test_labels] = FILES;
    Ok([
        read_file(folder, train_images)?,
        read_file(folder, train_labels)?,
        read_file(folder, test_images)?,
        read_file(folder, test_labels)?,
    ])
}

/// Of the set's names, not of the paths: packed files have the content of plain ones.
fn content(files: &[File; 4]) -> String {
    content_of(FILES.iter().zip(files).map(|(original, (_, bytes))| (original.name, &bytes[..])))
}

/// Images with their labels.
fn pair((image_path, image_bytes): &File, (label_path, label_bytes): &File) -> Result<Dataset, DataError> {
    let (n_images, pixels) = read_images(image_path, image_bytes)?;
    let labels = read_labels(label_path, label_bytes)?;
    if n_images != labels.len() {
        return Err(DataError::CountMismatch {
            images: image_path.clone(),
            labels: label_path.clone(),
            n_images,
            n_labels: labels.len(),
        });
    }
    let pixels: Vec<f32> = pixels.iter().map(|&byte| f32::from(byte) / 255.0).collect();
    let [n_channels, n_rows, n_columns] = IMAGE_SHAPE;
    let shape = (n_images, n_channels, n_rows, n_columns);
    let images = Array4::from_shape_vec(shape, pixels).expect("784 pixels an image");
    Ok(Dataset::numbered(images, labels, N_DIGITS))
}

/// The number of images of 28 × 28 pixels, and the pixels.
fn read_images<'a>(path: &'a Path, bytes: &'a [u8]) -> Result<(usize, &'a [u8]), DataError> {
    let file: Idx<'_, 3> = Idx::read(path, bytes, "images")?;
    let [n_images, rows, columns] = file.sizes;
    if [1, rows as usize, columns as usize] != IMAGE_SHAPE {
        return Err(DataError::ImageSize { path: path.into(), rows, columns });
    }
    Ok((n_images as usize, file.values()?))
}

/// Labels, each below 10.
fn read_labels(path: &Path, bytes: &[u8]) -> Result<Vec<usize>, DataError> {
    let file: Idx<'_, 1> = Idx::read(path, bytes, "labels")?;
    let labels = file.values()?;
    match labels.iter().position(|&label| N_DIGITS <= usize::from(label)) {
        Some(sample) => Err(DataError::Label { path: path.into(), sample, label: labels[sample] }),
        None => Ok(labels.iter().map(|&label| usize::from(label)).collect()),
    }
}
