//! A file of arrays, whatever its format, which its first bytes tell.

use std::borrow::Cow;
use std::path::Path;

use safetensors::SafeTensors;

use super::npz::Npz;
use super::raw::RawArray;
use super::{npy, npz, tensors};
use crate::error::DataError;
use crate::read::shown::{listed, shown};

/// Arrays by name; a `.npy` file holds one, which has none.
pub enum ArrayFile<'a> {
    One(&'a [u8]),
    Packed(Npz<'a>),
    Tensors(SafeTensors<'a>),
}

impl<'a> ArrayFile<'a> {
    /// The arrays of a file whose content is `bytes`; `path` is for errors.
    pub fn open(path: &Path, bytes: &'a [u8]) -> Result<ArrayFile<'a>, DataError> {
        if bytes.starts_with(npy::MAGIC) {
            Ok(ArrayFile::One(bytes))
        } else if bytes.starts_with(npz::MAGIC) {
            Npz::open(path, bytes).map(ArrayFile::Packed)
        } else {
            tensors::open(path, bytes).map(ArrayFile::Tensors)
        }
    }

    /// The names of the arrays, sorted; none of a file of one array that has no name.
    pub fn names(&self) -> Vec<String> {
        let mut names = match self {
            ArrayFile::One(_) => Vec::new(),
            ArrayFile::Packed(npz) => npz.names(),
            ArrayFile::Tensors(tensors) => tensors.names().into_iter().map(String::from).collect(),
        };
        names.sort();
        names
    }

    /// The array of that name; of a file of one array, that one.
    pub fn array(&mut self, path: &Path, name: &str) -> Result<RawArray<'a>, DataError> {
        if !matches!(self, ArrayFile::One(_)) && !self.names().iter().any(|known| known == name) {
            let wrong = format!("has no array {}; it has {}", shown(name), listed(&self.names()));
            return Err(DataError::bad(path, wrong));
        }
        match self {
            ArrayFile::One(bytes) => npy::read(path, Cow::Borrowed(bytes)),
            ArrayFile::Packed(npz) => npz.array(path, name),
            ArrayFile::Tensors(tensors) => tensors::array(path, tensors, name),
        }
    }
}
