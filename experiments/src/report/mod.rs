//! The report: one self-contained HTML file and its summary for machines, from the run folders alone.

mod claims;
mod figure;
mod html;
mod page;
mod section;
mod settings;
mod summary;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::files::write_whole;
use crate::findings::Findings;
use crate::ledger::Ledger;
use crate::preset::Preset;
use crate::run_folder::RunFolder;
use crate::section::Section;
use crate::sections::SECTIONS;
use crate::usage::usage;

pub use summary::{Results, SectionSummary, Summary};

/// A section that is done, as read from its folder.
pub struct Page {
    /// The section.
    pub section: &'static dyn Section,
    /// Where its files are.
    pub folder: RunFolder,
    /// What it ran with.
    pub config: Config,
    /// What it found.
    pub findings: Findings,
}

/// Everything that is done at a preset.
pub struct Book {
    /// The preset.
    pub preset: Preset,
    /// The sections that are done, in the order of the thesis.
    pub pages: Vec<Page>,
    /// Those that are not.
    pub absent: Vec<&'static dyn Section>,
    /// The claims.
    pub ledger: Ledger,
}

/// A report that was written.
pub struct Written {
    /// The HTML file; `report.json` is beside it.
    pub path: PathBuf,
    /// Its size.
    pub n_bytes: usize,
    /// How many figures it shows.
    pub n_figures: usize,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = self.n_bytes as f64 / 1e6;
        write!(f, "{}: {} figures, {megabytes:.1} MB", self.path.display(), self.n_figures)
    }
}

impl Page {
    /// Reads a section's folder; `None` where it is not done.
    pub fn read(runs: &Path, section: &'static dyn Section, preset: Preset) -> anyhow::Result<Option<Page>> {
        let folder = RunFolder::new(runs, section.about().id, preset);
        if !folder.is_done() {
            return Ok(None);
        }
        let (config, findings) = (folder.read_config()?, folder.read_findings()?);
        Ok(Some(Page { section, folder, config, findings }))
    }
}

impl Book {
    /// Reads every section that is done at a preset.
    pub fn read(runs: &Path, preset: Preset) -> anyhow::Result<Book> {
        let (mut pages, mut absent) = (Vec::new(), Vec::new());
        for &section in SECTIONS {
            match Page::read(runs, section, preset)? {
                Some(page) => pages.push(page),
                None => absent.push(section),
            }
        }
        let ledger = Ledger::of(pages.iter().map(|page| (page.section, &page.findings)));
        Ok(Book { preset, pages, absent, ledger })
    }
}

/// Writes `report/index.html` and `report/report.json` into `runs`, from what is done there at a preset.
pub fn write(runs: &Path, preset: Preset) -> anyhow::Result<Written> {
    let book = Book::read(runs, preset)?;
    if book.pages.is_empty() {
        return Err(usage(format!(
            "--runs {}: nothing to report at preset {preset}; first `vitrine reproduce all --preset {preset}`",
            runs.display()
        )));
    }
    let folder = runs.join("report");
    let summary = Summary::of(&book)?;
    write_whole(&folder.join("report.json"), &serde_json::to_vec_pretty(&summary)?)?;
    let html = page::whole(&book)?;
    let path = folder.join("index.html");
    write_whole(&path, html.as_bytes())?;
    let n_figures = book.pages.iter().map(|page| page.findings.figures.len()).sum();
    Ok(Written { path, n_bytes: html.len(), n_figures })
}
