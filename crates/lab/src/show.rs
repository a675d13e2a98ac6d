//! Findings shown: tested, drawn and tabulated into the folder of their run.

use std::path::PathBuf;

use crate::catalogue::Listed;
use crate::plan::Given;
use crate::run_folder::{RunFolder, Writing};
use crate::stop::StopFlag;
use crate::stored::Stored;

/// Tests, draws and tabulates `stored`, and notes in it that the code of the name `draws` did so; the figures' files.
///
/// # Errors
/// When the findings are of another type, or a file cannot be drawn or written.
pub fn show<G: Given>(
    study: Listed<G>,
    stored: &mut Stored,
    writing: &mut Writing,
    draws: &str,
) -> anyhow::Result<Vec<PathBuf>> {
    let mut gallery = writing.gallery();
    let display = study.show(stored, &mut gallery)?;
    writing.hung(&gallery);
    for (name, table) in &display.tables {
        writing.table(name, table)?;
    }
    stored.claims = display.claims;
    // What the paper states is about its own settings.
    if stored.run.has_preset_settings() {
        stored.agreements = display.agreements;
    }
    stored.figures = gallery.names();
    stored.drawn_by = draws.into();
    Ok(gallery.files().to_vec())
}

/// Tests, draws and tabulates the findings of a finished run again; they and the figures' files.
///
/// # Errors
/// When no run was finished there, its findings or configuration are not what was sealed, and as of [`show`].
pub fn redraw<G: Given>(
    study: Listed<G>,
    folder: &RunFolder,
    draws: &str,
    stop: &StopFlag,
) -> anyhow::Result<(Stored, Vec<PathBuf>)> {
    let (config, mut stored) = (folder.read_config()?, folder.read_findings()?);
    let mut writing = folder.begin(stop)?;
    writing.config(&config)?;
    let files = show(study, &mut stored, &mut writing, draws)?;
    writing.finish(&stored)?;
    Ok((stored, files))
}
