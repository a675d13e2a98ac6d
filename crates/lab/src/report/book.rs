//! What a report holds, as read from the run folders.

use std::borrow::Cow;
use std::path::Path;

use anyhow::ensure;

use super::picture::{Embedded, embed};
use crate::catalogue::Listed;
use crate::config::Config;
use crate::ledger::Ledger;
use crate::paper::Paper;
use crate::plan::Given;
use crate::run_folder::RunFolder;
use crate::run_name::RunName;
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

/// Everything that is done of a run.
pub struct Book<'a> {
    /// The paper; where the settings are not the preset's, without its statements.
    pub paper: Cow<'a, Paper>,
    /// The name of the run.
    pub run: RunName,
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
    pub fn read<G: Given>(runs: &Path, study: Listed<G>, run: &RunName) -> anyhow::Result<Option<Page>> {
        let folder = RunFolder::new(runs, study.about().id, run);
        let Some(sealed) = folder.open()? else { return Ok(None) };
        let (config, stored) = (sealed.config()?, sealed.findings()?);
        ensure!(
            (&config.run, &stored.run) == (run, run),
            "{}: it holds a run of another name, {}",
            folder.path().display(),
            stored.run
        );
        let tables = study.tables(&stored)?;
        let picture = |name: &String| Ok((name.clone(), embed(&sealed, name)?));
        let pictures = stored.figures.iter().map(picture).collect::<anyhow::Result<_>>()?;
        let settings = shared(&config)?;
        Ok(Some(Page { about: study.about(), folder, config, stored, tables, pictures, settings }))
    }
}

impl<'a> Book<'a> {
    /// Reads every study of `all` that is done of a run.
    pub fn read<G: Given>(paper: &'a Paper, all: &[Listed<G>], runs: &Path, run: &RunName) -> Book<'a> {
        let (mut pages, mut absent, mut damaged) = (Vec::new(), Vec::new(), Vec::new());
        for &study in all {
            match Page::read(runs, study, run) {
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
        // What ran with other settings is put beside no number, sentence or claim of the paper.
        let paper = match run.has_preset_settings() {
            true => Cow::Borrowed(paper),
            false => Cow::Owned(paper.without_statements()),
        };
        let ledger = Ledger::of_run(run, &paper, &abouts, &done);
        Book { paper, run: run.clone(), pages, absent, damaged, ledger }
    }

    /// What of its settings is not the preset's.
    pub fn changes(&self) -> &[String] {
        self.pages.first().map_or(&[], |page| &page.config.changes)
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
