//! What a report holds, as read from the run folders.

use std::path::Path;

use super::picture::{Embedded, embed};
use crate::catalogue::Listed;
use crate::config::Config;
use crate::ledger::Ledger;
use crate::paper::Paper;
use crate::plan::Given;
use crate::preset::Preset;
use crate::run_folder::RunFolder;
use crate::stored::Stored;
use crate::study::About;
use crate::table::Table;
use crate::tested::Done;

/// A study that is done, as read from its folder.
pub struct Page {
    /// What it makes.
    pub about: &'static About,
    /// Where its files are.
    pub folder: RunFolder,
    /// What it ran with.
    pub config: Config,
    /// What it found.
    pub stored: Stored,
    /// Its tables by name.
    pub tables: Vec<(String, Table)>,
    /// Its pictures by the names of their figures.
    pub(super) pictures: Vec<(String, Embedded)>,
    /// What of its configuration other studies may share.
    pub(super) settings: String,
}

/// Everything that is done at a preset.
pub struct Book<'a> {
    /// The paper.
    pub paper: &'a Paper,
    /// The preset.
    pub preset: Preset,
    /// The studies that are done, in their order.
    pub pages: Vec<Page>,
    /// Those that are not.
    pub absent: Vec<&'static About>,
    /// What is wrong with the folders of those that cannot be read, which count as not done.
    pub damaged: Vec<String>,
    /// The claims.
    pub ledger: Ledger,
}

impl Page {
    /// Reads a study's folder; `None` where it is not done.
    ///
    /// # Errors
    /// When the folder is damaged.
    pub fn read<G: Given>(runs: &Path, study: Listed<G>, preset: Preset) -> anyhow::Result<Option<Page>> {
        let folder = RunFolder::new(runs, study.about().id, preset);
        if !folder.is_done() {
            return Ok(None);
        }
        let (config, stored) = (folder.read_config()?, folder.read_findings()?);
        let tables = study.tables(&stored)?;
        let picture = |name: &String| Ok((name.clone(), embed(&folder.figures(), name)?));
        let pictures = stored.figures.iter().map(picture).collect::<anyhow::Result<_>>()?;
        let settings = shared(&config)?;
        Ok(Some(Page { about: study.about(), folder, config, stored, tables, pictures, settings }))
    }
}

impl<'a> Book<'a> {
    /// Reads every study of `all` that is done at a preset.
    pub fn read<G: Given>(paper: &'a Paper, all: &[Listed<G>], runs: &Path, preset: Preset) -> Book<'a> {
        let (mut pages, mut absent, mut damaged) = (Vec::new(), Vec::new(), Vec::new());
        for &study in all {
            match Page::read(runs, study, preset) {
                Ok(Some(page)) => pages.push(page),
                Ok(None) => absent.push(study.about()),
                Err(error) => {
                    absent.push(study.about());
                    damaged.push(format!("{error:#}"));
                }
            }
        }
        let abouts: Vec<&'static About> = all.iter().map(|study| study.about()).collect();
        let done: Vec<Done> =
            pages.iter().map(|page| Done { about: page.about, stored: &page.stored }).collect();
        let ledger = Ledger::of(paper, &abouts, &done);
        Book { paper, preset, pages, absent, damaged, ledger }
    }
}

/// What studies may share: everything of a configuration but the study itself and the time.
fn shared(config: &Config) -> anyhow::Result<String> {
    let mut table = toml::Table::try_from(config)?;
    for own in ["section", "fingerprint", "started"] {
        table.remove(own);
    }
    Ok(toml::to_string(&table)?)
}
