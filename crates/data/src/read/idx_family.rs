//! Folders of images and labels in IDX format under the names that MNIST gave them, as those of its family are.
//!
//! `train-images-idx3-ubyte`, `t10k-labels-idx1-ubyte` and so on; also `train-images.idx3-ubyte`, `test-…` in the place of
//! `t10k-…`, with a prefix as in `emnist-letters-train-images-idx3-ubyte`, and each as `.gz`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ndarray::{Array4, ArrayD};

use super::content::Content;
use super::idx::Idx;
use super::shown::{listed, shown};
use super::unpack::read_unpacked;
use crate::error::DataError;
use crate::file_sets::Samples;
use crate::labels::Labels;

/// No file is longer, unpacked.
const MAX_BYTES: u64 = 1 << 30;

/// The files of images and labels of a set, by their names without `.gz`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    images: String,
    labels: String,
}

/// The files of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    pub train: Pair,
    /// Where a folder has none, shares are taken.
    pub test: Option<Pair>,
}

/// What the name of a file says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    prefix: String,
    is_train: bool,
    are_images: bool,
    name: String,
}

impl Family {
    /// The files of a folder, those of one prefix where there are several.
    pub fn find(folder: &Path, prefix: Option<&str>) -> Result<Family, DataError> {
        let all = named_in(folder)?;
        let prefixes: BTreeSet<&str> = all.iter().map(|named| named.prefix.as_str()).collect();
        let prefixes: Vec<&str> = prefixes.into_iter().collect();
        let prefix = match (prefix, &prefixes[..]) {
            (Some(prefix), _) => prefix,
            (None, [only]) => only,
            (None, []) => {
                let wrong = "holds no files of the MNIST family; they are called train-images-idx3-ubyte, \
                             train-labels-idx1-ubyte, and t10k-… for the test, each plain or as .gz";
                return Err(DataError::bad(folder, wrong));
            }
            (None, _) => {
                let wrong = format!("holds several sets; the prefix must be one of {}", listed(&prefixes));
                return Err(DataError::bad(folder, wrong));
            }
        };
        let find = |is_train: bool, are_images: bool| {
            let is_it = |named: &&Named| {
                named.prefix == prefix && named.is_train == is_train && named.are_images == are_images
            };
            all.iter().find(is_it).map(|named| named.name.clone())
        };
        let missing = |what: &str, set: &str| {
            DataError::bad(folder, format!("lacks the {what} of the {set} set of prefix {}", shown(prefix)))
        };
        let pair = |is_train: bool, set: &str| match (find(is_train, true), find(is_train, false)) {
            (Some(images), Some(labels)) => Ok(Some(Pair { images, labels })),
            (None, None) => Ok(None),
            (None, _) => Err(missing("images", set)),
            (_, None) => Err(missing("labels", set)),
        };
        let train = pair(true, "training")?.ok_or_else(|| missing("images", "training"))?;
        Ok(Family { train, test: pair(false, "test")? })
    }

    /// Where the files may be.
    pub fn places(&self, folder: &Path) -> Vec<PathBuf> {
        let pairs = std::iter::once(&self.train).chain(&self.test);
        let names = pairs.flat_map(|pair| [&pair.images, &pair.labels]);
        names.flat_map(|name| [folder.join(name), folder.join(format!("{name}.gz"))]).collect()
    }
}

/// Whether a folder has a file of such a name.
pub fn is_family(folder: &Path) -> bool {
    named_in(folder).is_ok_and(|all| !all.is_empty())
}

fn named_in(folder: &Path) -> Result<Vec<Named>, DataError> {
    let io = |error| DataError::io(folder, error);
    let mut all = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        all.extend(entry.map_err(io)?.file_name().to_str().and_then(named));
    }
    Ok(all.into_iter().collect())
}

fn named(name: &str) -> Option<Named> {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let stem = name.strip_suffix("-ubyte")?;
    let (stem, are_images) =
        [("-images", true), ("-labels", false)].into_iter().find_map(|(what, are_images)| {
            let rank = if are_images { "idx3" } else { "idx1" };
            let stem = stem.strip_suffix(rank)?.strip_suffix(['-', '.'])?;
            Some((stem.strip_suffix(what)?, are_images))
        })?;
    let (prefix, is_train) = [("train", true), ("t10k", false), ("test", false)]
        .into_iter()
        .find_map(|(set, is_train)| Some((stem.strip_suffix(set)?, is_train)))?;
    let is_prefix = prefix.is_empty() || prefix.ends_with(['-', '_']);
    is_prefix.then(|| Named { prefix: prefix.into(), is_train, are_images, name: name.into() })
}

/// The images of a set, `[n, 1, rows, columns]` with pixels 0 to 1, and their labels.
pub fn read_pair(
    folder: &Path,
    pair: &Pair,
    role: &str,
    content: &mut Content,
) -> Result<Samples, DataError> {
    let (path, bytes) = read_unpacked("idx", folder, &pair.images, MAX_BYTES)?;
    content.add(&format!("{role} images"), &bytes);
    let file: Idx<'_, 3> = Idx::read(&path, &bytes, "images")?;
    let shape = file.sizes.map(|size| size as usize);
    let pixels: Vec<f32> = file.values()?.iter().map(|&byte| f32::from(byte) / 255.0).collect();
    let images = Array4::from_shape_vec((shape[0], 1, shape[1], shape[2]), pixels);
    let images: ArrayD<f32> = images.map_err(|error| DataError::bad(&path, error.to_string()))?.into_dyn();
    let (labels_path, bytes) = read_unpacked("idx", folder, &pair.labels, MAX_BYTES)?;
    content.add(&format!("{role} labels"), &bytes);
    let file: Idx<'_, 1> = Idx::read(&labels_path, &bytes, "labels")?;
    let values = file.values()?;
    let (n_images, n_labels) = (shape[0], values.len());
    if n_labels != n_images {
        return Err(DataError::CountMismatch {
            images: path,
            labels: labels_path.clone(),
            n_images,
            n_labels,
        });
    }
    let mut labels = Labels::default();
    values.iter().for_each(|label| labels.push(&label.to_string()));
    Ok(Samples { path, inputs: images, labels: Some(labels), masks: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_family_are_known_and_others_are_not() {
        for (name, prefix, is_train, are_images) in [
            ("train-images-idx3-ubyte", "", true, true),
            ("t10k-labels-idx1-ubyte.gz", "", false, false),
            ("train-images.idx3-ubyte", "", true, true),
            ("emnist-letters-test-images-idx3-ubyte.gz", "emnist-letters-", false, true),
        ] {
            let expected = Named {
                prefix: prefix.into(),
                is_train,
                are_images,
                name: name.trim_end_matches(".gz").into(),
            };
            assert_eq!(named(name), Some(expected), "{name}");
        }
        for name in ["train-images-idx1-ubyte", "strain-images-idx3-ubyte", "train-images", "README", ""] {
            assert_eq!(named(name), None, "{name}");
        }
    }

    #[test]
    fn several_sets_of_one_folder_are_told_apart_by_their_prefix() {
        let dir = tempfile::tempdir().unwrap();
        for prefix in ["a-", "b-"] {
            for name in ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] {
                fs::write(dir.path().join(format!("{prefix}{name}")), "").unwrap();
            }
        }
        let error = Family::find(dir.path(), None).unwrap_err().to_string();
        assert!(error.ends_with("holds several sets; the prefix must be one of `a-`, `b-`"), "{error}");
        let family = Family::find(dir.path(), Some("b-")).unwrap();
        assert_eq!((&family.train.images[..], family.test), ("b-train-images-idx3-ubyte", None));
        let error = Family::find(dir.path(), Some("c-")).unwrap_err().to_string();
        assert!(error.ends_with("lacks the images of the training set of prefix `c-`"), "{error}");
    }
}
