//! Folders of images, one for each class.

use std::fs;
use std::path::{Path, PathBuf};

use ndarray::{ArrayD, IxDyn};

use super::content::Content;
use super::image::{Image, read_image};
use super::shown::shown;
use crate::error::DataError;
use crate::file_sets::{MAX_VALUES, Samples};
use crate::labels::Labels;
use crate::regular_file::read_regular;

/// No file of an image is longer.
const MAX_BYTES: u64 = 1 << 26;
const ENDINGS: [&str; 3] = ["png", "jpg", "jpeg"];

/// The folders of the sets: training, validation, test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetFolders {
    pub train: PathBuf,
    pub validation: Option<PathBuf>,
    pub test: Option<PathBuf>,
}

impl SetFolders {
    /// The folder itself or, where it has a folder `train`, that one and those beside it.
    pub fn find(folder: &Path) -> SetFolders {
        let there = |name: &str| Some(folder.join(name)).filter(|path| path.is_dir());
        match there("train") {
            None => SetFolders { train: folder.into(), validation: None, test: None },
            Some(train) => SetFolders {
                train,
                validation: ["validation", "valid", "val"].into_iter().find_map(there),
                test: there("test"),
            },
        }
    }
}

/// The images of a folder by their classes, whose folders' names they have; both sorted.
pub fn files(folder: &Path) -> Result<Vec<(String, Vec<PathBuf>)>, DataError> {
    let mut classes = Vec::new();
    for path in entries(folder)? {
        if !path.is_dir() {
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| DataError::bad(&path, "the name of a class must be text in UTF-8"))?;
        let images = entries(&path)?;
        if let Some(other) = images.iter().find(|image| !is_image(image)) {
            return Err(DataError::bad(
                other,
                "is no image; the folder of a class holds .png, .jpg and .jpeg files",
            ));
        }
        if !images.is_empty() {
            classes.push((name.to_string(), images));
        }
    }
    if classes.is_empty() {
        let wrong =
            "holds no folders with images: one for each class is needed, of .png, .jpg or .jpeg files";
        return Err(DataError::bad(folder, wrong));
    }
    Ok(classes)
}

/// What is in a folder, sorted, without what is hidden.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let io = |error| DataError::io(folder, error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn is_image(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    ENDINGS.contains(&ending.as_str())
}

/// Images of one size with their classes.
pub struct ImageSet {
    folder: PathBuf,
    images: Vec<Image>,
    labels: Labels,
    first: PathBuf,
}

/// All images of a folder, brought to `size` where one is given.
pub fn read_folder(
    folder: &Path,
    size: Option<[usize; 2]>,
    role: &str,
    content: &mut Content,
) -> Result<ImageSet, DataError> {
    let (mut images, mut labels, mut n_values): (Vec<Image>, _, _) = (Vec::new(), Labels::default(), 0);
    let mut first = None;
    for (class, paths) in files(folder)? {
        for path in paths {
            let bytes = read_regular(&path, MAX_BYTES)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            content.add(&format!("{role}/{class}/{name}"), &bytes);
            let image = read_image(&path, &bytes, size)?;
            n_values += 3 * image.n_rows * image.n_columns;
            if MAX_VALUES < n_values {
                let wrong =
                    format!("has more than {MAX_VALUES} values up to {}; make them smaller", shown(&name));
                return Err(DataError::bad(folder, wrong));
            }
            if let Some(start) = images.first().filter(|start| size_of(start) != size_of(&image)) {
                return Err(unlike(&path, &image, first.as_deref().unwrap_or(folder), start));
            }
            first.get_or_insert(path);
            labels.push(&class);
            images.push(image);
        }
    }
    Ok(ImageSet { folder: folder.into(), images, labels, first: first.unwrap_or_default() })
}

/// The sets as arrays `[n, channels, rows, columns]`: one channel where all images are grey, else three.
pub fn samples(sets: [Option<ImageSet>; 3]) -> Result<[Option<Samples>; 3], DataError> {
    let all = || sets.iter().flatten();
    let in_colour = all().any(|set| set.images.iter().any(|image| !image.is_grey));
    if let Some(start) = all().next() {
        for set in all() {
            let (image, other) = (&set.images[0], &start.images[0]);
            if size_of(image) != size_of(other) {
                return Err(unlike(&set.first, image, &start.first, other));
            }
        }
    }
    let mut samples = [None, None, None];
    for (to, set) in samples.iter_mut().zip(sets) {
        *to = set.map(|set| array(set, in_colour)).transpose()?;
    }
    Ok(samples)
}

fn array(set: ImageSet, in_colour: bool) -> Result<Samples, DataError> {
    let [n_rows, n_columns] = size_of(&set.images[0]);
    let shape = [set.images.len(), if in_colour { 3 } else { 1 }, n_rows, n_columns];
    let mut values = Vec::with_capacity(shape.iter().product());
    set.images.into_iter().for_each(|image| image.add_to(&mut values, in_colour));
    let inputs = ArrayD::from_shape_vec(IxDyn(&shape), values);
    let inputs = inputs.map_err(|error| DataError::bad(&set.folder, error.to_string()))?;
    Ok(Samples { path: set.folder, inputs, labels: Some(set.labels), masks: None })
}

fn size_of(image: &Image) -> [usize; 2] {
    [image.n_rows, image.n_columns]
}

fn unlike(path: &Path, image: &Image, other: &Path, there: &Image) -> DataError {
    let said = |image: &Image| format!("{} × {}", image.n_rows, image.n_columns);
    DataError::Unlike {
        path: path.into(),
        other: other.into(),
        what: "rows × columns (the setting `size` brings all images to one)",
        here: said(image),
        there: said(there),
    }
}
