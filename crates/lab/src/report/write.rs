//! Writes the report's two files.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::bail;
use vitrine_data::Tree;

use super::book::Book;
use super::page;
use super::summary::Summary;
use crate::catalogue::Listed;
use crate::ledger::Ledger;
use crate::lock::lock;
use crate::paper::Paper;
use crate::plan::Given;
use crate::run_folder::RunFolder;
use crate::run_name::RunName;
use crate::slip::slip;
use crate::stop::StopFlag;

/// A report that was written.
pub struct Written {
    /// The HTML file; `report.json` is beside it.
    pub path: PathBuf,
    /// Its size.
    pub n_bytes: usize,
    /// How many figures it shows.
    pub n_figures: usize,
    /// What is wrong with the folders that could not be read, whose studies are not in it.
    pub damaged: Vec<String>,
    /// The claims, by all that is in it.
    pub ledger: Ledger,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = self.n_bytes as f64 / 1e6;
        write!(f, "{}: {} figures, {megabytes:.1} MB", self.path.display(), self.n_figures)
    }
}

/// Writes `report/index.html` and `report/report.json` into `runs`, from what is done there of a run; of one that is not
/// its preset itself into `report/RUN/`.
///
/// # Errors
/// A [`Slip`](crate::Slip) when nothing is done; when all that is done is damaged, or a file cannot be written.
pub fn write<G: Given>(
    paper: &Paper,
    all: &[Listed<G>],
    runs: &Path,
    run: &RunName,
) -> anyhow::Result<Written> {
    // Nothing is made in a folder without findings, not even a lock.
    if !all.iter().any(|study| RunFolder::new(runs, study.about().id, run).is_done()) {
        return Err(nothing(paper, all, runs, run));
    }
    // Of two processes the later one reads what is done then, and its two files belong together.
    let _writing = lock(&Tree::at(runs), ".report.lock", &StopFlag::default(), || {})?;
    let book = Book::read(paper, all, runs, run);
    if let (true, Some(damage)) = (book.pages.is_empty(), book.damaged.first()) {
        bail!("nothing to report of {run}: {damage}");
    }
    let mut folder = Tree::at(runs).folder("report");
    if !run.is_preset() {
        folder = folder.folder(run.to_string());
    }
    // Both are made before either is written.
    let summary = serde_json::to_vec_pretty(&Summary::of(&book)?)?;
    let html = page::whole(&book);
    folder.write_whole("report.json", &summary)?;
    folder.write_whole("index.html", html.as_bytes())?;
    let n_figures = book.pages.iter().map(|page| page.stored.figures.len()).sum();
    Ok(Written {
        path: folder.path().join("index.html"),
        n_bytes: html.len(),
        n_figures,
        damaged: book.damaged,
        ledger: book.ledger,
    })
}

/// There is no such run: the command that makes it, or the runs that are there.
fn nothing<G: Given>(paper: &Paper, all: &[Listed<G>], runs: &Path, run: &RunName) -> anyhow::Error {
    let there: BTreeSet<String> = all
        .iter()
        .flat_map(|study| RunFolder::done_of(runs, study.about().id))
        .map(|run| run.to_string())
        .collect();
    let there = match there.is_empty() {
        true => String::new(),
        false => format!("; there are {}", there.into_iter().collect::<Vec<_>>().join(", ")),
    };
    let first = paper.commands.of_run("all", run).map_or(String::new(), |line| format!("; first `{line}`"));
    slip(format!("{}: nothing to report of {run}{first}{there}", runs.display()))
}
