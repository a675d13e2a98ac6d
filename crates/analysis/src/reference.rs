//! Arrays of NumPy and SciPy that tests compare with, made by the scripts in `assets/reference/`.

use std::path::Path;

use ndarray::{Array1, Array2};
use ndarray_npy::{ReadableElement, read_npy};

/// The vector of that name.
pub fn vector(name: &str) -> Array1<f64> {
    read_npy(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The matrix of that name.
pub fn matrix<T: ReadableElement>(name: &str) -> Array2<T> {
    read_npy(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The matrix of that name, of a topic with a folder of its own.
pub fn matrix_of<T: ReadableElement>(topic: &str, name: &str) -> Array2<T> {
    read_npy(path_of(topic, name)).unwrap_or_else(|error| panic!("{topic}/{name}: {error}"))
}

fn path(name: &str) -> std::path::PathBuf {
    path_of("analysis", name)
}

fn path_of(topic: &str, name: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/reference");
    folder.join(topic).join(name).with_extension("npy")
}
