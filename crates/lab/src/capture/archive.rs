//! One file of all nodes: safetensors or npz, made of a folder of arrays that is removed after it.

use std::fs::File;
use std::io::{self, BufReader, Seek as _, SeekFrom};
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::json;
use vitrine_data::{GrowingFile, Tree};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::files::Captured;
use super::folder::{CaptureEnd, capture_to_folder};
use super::npy::header;
use super::pack::Source;
use crate::slip::slip;
use crate::stop::StopFlag;
use crate::watch::Watch;

/// A kind of file that holds many arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveKind {
    /// Of the crate and Python package of that name.
    Safetensors,
    /// NumPy's.
    Npz,
}

impl ArchiveKind {
    /// The kind that a path names by its ending.
    pub fn of(path: &Path) -> Option<ArchiveKind> {
        let ending = path.extension()?.to_ascii_lowercase();
        match ending.to_str()? {
            "safetensors" => Some(ArchiveKind::Safetensors),
            "npz" => Some(ArchiveKind::Npz),
            _ => None,
        }
    }
}

/// Writes what the nodes compute for every sample into one file, an array under each node's own name. It appears whole;
/// while it is made, its arrays lie in a folder beside it, which takes as much room again.
///
/// # Errors
/// A file that is there already, a disk that is full, [`crate::Interrupted`] where a stop was asked for.
pub fn capture_to_archive(
    source: &Source<'_>,
    kind: ArchiveKind,
    path: &Path,
    stop: &StopFlag,
    watch: &dyn Watch,
) -> anyhow::Result<CaptureEnd> {
    if path.symlink_metadata().is_ok() {
        return Err(slip(format!("{}: is there already; a new name is wanted", path.display())));
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        bail!("{}: names no file", path.display());
    };
    let tree = Tree::at(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    std::fs::create_dir_all(tree.path()).with_context(|| tree.path().display().to_string())?;
    let arrays = tempfile::Builder::new().prefix(".capture-").tempdir_in(tree.path())?;
    let end = capture_to_folder(source, &Tree::at(arrays.path()), stop, watch)?;
    let file = tree.grow(name, 0)?;
    match kind {
        ArchiveKind::Safetensors => safetensors(file, &end.captured, arrays.path())?,
        ArchiveKind::Npz => npz(file, &end.captured, arrays.path())?,
    }
    Ok(end)
}

/// A header in JSON, its length before it, then the values of all arrays.
fn safetensors(mut file: GrowingFile, captured: &Captured, arrays: &Path) -> anyhow::Result<()> {
    let mut tensors = serde_json::Map::new();
    let mut start = 0;
    for node in &captured.nodes {
        let n_values: usize = node.shape.iter().product();
        let end = start + size_of::<f32>() * captured.n_samples * n_values;
        let shape = [&[captured.n_samples], &node.shape[..]].concat();
        let tensor = json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, end] });
        tensors.insert(node.node.clone(), tensor);
        start = end;
    }
    let mut text = serde_json::to_vec(&tensors)?;
    // So that the values begin at a multiple of eight bytes.
    text.resize(text.len().next_multiple_of(8), b' ');
    file.append(&(text.len() as u64).to_le_bytes())?;
    file.append(&text)?;
    for node in &captured.nodes {
        let mut array = File::open(arrays.join(&node.file))?;
        array.seek(SeekFrom::Start(header(captured.n_samples, &node.shape).len() as u64))?;
        io::copy(&mut BufReader::new(array), &mut file)?;
    }
    Ok(file.finish()?)
}

/// Arrays in a zip, as they are.
fn npz(file: GrowingFile, captured: &Captured, arrays: &Path) -> anyhow::Result<()> {
    let mut archive = ZipWriter::new(file);
    for node in &captured.nodes {
        let n_bytes = node.n_bytes(captured.n_samples, captured.n_samples);
        let is_large = u64::from(u32::MAX) <= n_bytes;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(is_large)
            .last_modified_time(zip::DateTime::default());
        archive.start_file(format!("{}.npy", node.node), options)?;
        io::copy(&mut BufReader::new(File::open(arrays.join(&node.file))?), &mut archive)?;
    }
    Ok(archive.finish()?.finish()?)
}
