//! A folder of `.npy` files that grows batch by batch, and is gone on with where it was broken off.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use vitrine_data::{GrowingFile, Tree};

use super::files::{Captured, RECORD};
use super::npy::header;
use super::pack::Source;
use crate::lock;
use crate::slip::slip;
use crate::stop::StopFlag;
use crate::watch::{Step, Watch};

/// How long work may be lost at most when the process is killed.
const SAVE_EVERY: Duration = Duration::from_secs(10);

/// What came of it.
#[derive(Clone, Debug)]
pub struct CaptureEnd {
    /// The record, whole.
    pub captured: Captured,
    /// Samples that an earlier run had written down.
    pub n_before: usize,
}

/// Writes what the nodes compute for every sample into `folder`: a file `NODE.npy` each, `[n_samples, node shape]`, and the
/// record `capture.json`. What an earlier run was stopped at goes on from there.
///
/// # Errors
/// A folder that holds something else, or another capture; a disk that is full; [`crate::Interrupted`] where a stop was
/// asked for.
pub fn capture_to_folder(
    source: &Source<'_>,
    folder: &Tree,
    stop: &StopFlag,
    watch: &dyn Watch,
) -> anyhow::Result<CaptureEnd> {
    let wanted = Captured::of(source);
    refuse_foreign(folder)?;
    let Some(_lock) = lock::try_lock(folder, ".lock")? else {
        bail!("{}: another process captures into it", folder.path().display());
    };
    let mut captured = match folder.has_file(RECORD) {
        true => begun(folder, &wanted)?,
        false => wanted,
    };
    let n_before = captured.n_done;
    if !captured.is_whole() || n_before == 0 {
        fill(source, folder, &mut captured, stop, watch)?;
    }
    Ok(CaptureEnd { captured, n_before })
}

/// Refuses a folder with files and no record of a capture.
fn refuse_foreign(folder: &Tree) -> anyhow::Result<()> {
    let path = folder.path();
    if !path.exists() || folder.has_file(RECORD) {
        return Ok(());
    }
    let entries = std::fs::read_dir(path).with_context(|| path.display().to_string())?;
    // What begins with a point is what a run left that was killed before its first batch.
    let mut names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    match names.find(|name| !name.starts_with('.')) {
        Some(name) => {
            let path = path.display();
            Err(slip(format!("{path}: holds {name} and no {RECORD}; a new or an empty folder is wanted")))
        }
        None => Ok(()),
    }
}

/// The record of an earlier run, if it captured the same.
fn begun(folder: &Tree, wanted: &Captured) -> anyhow::Result<Captured> {
    let path = folder.path().join(RECORD);
    let path = path.display();
    let found: Captured = serde_json::from_slice(&folder.read(RECORD)?)
        .with_context(|| format!("{path} cannot be understood"))?;
    if !found.is_of_the_same(wanted) || found.n_samples < found.n_done {
        return Err(slip(format!(
            "{path}: is of another model, other samples or other nodes; another folder is wanted"
        )));
    }
    Ok(found)
}

fn fill(
    source: &Source<'_>,
    folder: &Tree,
    captured: &mut Captured,
    stop: &StopFlag,
    watch: &dyn Watch,
) -> anyhow::Result<()> {
    let n_samples = captured.n_samples;
    let mut files = Vec::with_capacity(captured.nodes.len());
    for node in &captured.nodes {
        let keep = if captured.n_done == 0 { 0 } else { node.n_bytes(n_samples, captured.n_done) };
        let mut file = folder.grow(&node.file, keep)?;
        if keep == 0 {
            file.append(&header(n_samples, &node.shape))?;
        }
        files.push(file);
    }
    let mut saved = Instant::now();
    while captured.n_done < n_samples {
        let n = source.batch_size().min(n_samples - captured.n_done);
        let values = source.model.run(source.batch(captured.n_done, n), &source.nodes)?;
        for (file, values) in files.iter_mut().zip(&values) {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            file.append(&bytes)?;
        }
        captured.n_done += n;
        watch.step("capture", Step { n_done: captured.n_done, n_steps: n_samples, state: "samples" });
        if SAVE_EVERY <= saved.elapsed() || (stop.is_requested() && !captured.is_whole()) {
            save(folder, &files, captured)?;
            saved = Instant::now();
            stop.check()?;
        }
    }
    files.into_iter().try_for_each(GrowingFile::finish)?;
    folder.write_whole(RECORD, &serde_json::to_vec_pretty(captured)?)?;
    watch.over("capture", &format!("{n_samples} samples"));
    Ok(())
}

/// Writes down how far the files are, once they are on the disk.
fn save(folder: &Tree, files: &[GrowingFile], captured: &Captured) -> anyhow::Result<()> {
    files.iter().try_for_each(GrowingFile::sync)?;
    Ok(folder.write_whole(RECORD, &serde_json::to_vec_pretty(captured)?)?)
}
