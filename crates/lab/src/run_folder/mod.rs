//! The folder of a study's run: `config.toml`, `findings.json`, `arrays/`, `tables/`, `figures/`, and `done.json`, which
//! seals all of them and is written last.

mod reading;
mod writing;

use std::fs;
use std::path::Path;

use vitrine_data::Tree;

use crate::config::Config;
use crate::lock::{Lock, lock, lock_to_read};
use crate::run_name::RunName;
use crate::seal;
use crate::stop::StopFlag;
use crate::stored::Stored;

pub use reading::Sealed;
pub use writing::Writing;

/// The folder of one run of one study.
#[derive(Clone, Debug)]
pub struct RunFolder {
    /// The study's folder, with the locks of its runs.
    study: Tree,
    name: String,
    tree: Tree,
}

impl RunFolder {
    /// `runs/STUDY/RUN`.
    pub fn new(runs: &Path, section: &str, run: &RunName) -> RunFolder {
        let (study, name) = (Tree::at(runs).folder(section), run.to_string());
        RunFolder { tree: study.folder(&name), study, name }
    }

    /// The runs of a study that are done, sorted by name.
    pub fn done_of(runs: &Path, section: &str) -> Vec<RunName> {
        let entries = fs::read_dir(runs.join(section)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let mut names: Vec<RunName> =
            names.filter(|run| RunFolder::new(runs, section, run).is_done()).collect();
        names.sort();
        names
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.tree.path()
    }

    /// Where files of it are written that nothing seals, such as figures of other formats.
    pub fn folder(&self, name: &str) -> Tree {
        self.tree.folder(name)
    }

    /// Whether a run was finished here; what is in it need not be sound.
    pub fn is_done(&self) -> bool {
        self.tree.has_file(seal::FILE)
    }

    /// What a finished run left here, with nobody writing over it while it is read; `None` where no run was finished.
    ///
    /// # Errors
    /// When the seal cannot be read or understood.
    pub fn open(&self) -> anyhow::Result<Option<Sealed>> {
        let _reading = lock_to_read(&self.study, &format!(".{}.lock", self.name))?;
        if self.is_done() { Sealed::open(&self.tree, _reading).map(Some) } else { Ok(None) }
    }

    /// The configuration of a finished run.
    ///
    /// # Errors
    /// When none was finished, or the file is not what was sealed.
    pub fn read_config(&self) -> anyhow::Result<Config> {
        self.opened()?.config()
    }

    /// The findings of a finished run with their arrays.
    ///
    /// # Errors
    /// When none was finished, a file is not what was sealed, cannot be understood, or leads out of the folder.
    pub fn read_findings(&self) -> anyhow::Result<Stored> {
        self.opened()?.findings()
    }

    fn opened(&self) -> anyhow::Result<Sealed> {
        self.open()?.ok_or_else(|| anyhow::anyhow!("{}: no run was finished here", self.path().display()))
    }

    /// Held by the one process that measures this; `waits` is told where another one does so now.
    ///
    /// # Errors
    /// When the user stops the run meanwhile, or the folder cannot be written.
    pub fn lock_measuring(&self, stop: &StopFlag, waits: impl FnOnce()) -> anyhow::Result<Lock> {
        lock(&self.study, &format!(".{}.measuring", self.name), stop, waits)
    }

    /// Begins to write over what is here, which nobody reads meanwhile.
    ///
    /// # Errors
    /// As of [`RunFolder::lock_measuring`].
    pub fn begin(&self, stop: &StopFlag) -> anyhow::Result<Writing> {
        let lock = lock(&self.study, &format!(".{}.lock", self.name), stop, || {})?;
        Writing::begin(&self.tree, lock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Claim;
    use crate::origin::Origin;
    use crate::plan::Plan;
    use crate::preset::Preset;
    use crate::register::{Above, Registered};
    use crate::saved::Parts;

    /// A folder with findings of one claim, whose interval begins at NaN.
    fn written(runs: &Path) -> RunFolder {
        let folder = RunFolder::new(runs, "1-x", &Preset::Smoke.into());
        let plan = Plan::of(Preset::Smoke, vec![0, 1], toml::Table::new());
        let mut stored = Stored::new("1-x", Preset::Smoke.into(), &[0, 1], Parts::default());
        stored.timings.insert("training".into(), f64::NAN);
        let tested = Registered::mean("C1", "x", Above(0.0)).over(&[1.0, f64::NAN]);
        stored.claims = vec![Claim { statistic: f64::NAN, interval: Some([f64::NAN, 2.0]), ..tested }];
        let config = Config::new("1-x", &plan, &[], "ab".into(), Origin::default());
        let mut writing = folder.begin(&StopFlag::default()).unwrap();
        writing.config(&config).unwrap();
        writing.finish(&stored).unwrap();
        folder
    }

    #[test]
    fn nan_among_seconds_and_in_a_claim_comes_back() {
        let runs = tempfile::tempdir().unwrap();
        let read = written(runs.path()).read_findings().unwrap();
        let [lo, hi] = read.claims[0].interval.unwrap();
        assert!(read.timings["training"].is_nan() && read.claims[0].statistic.is_nan());
        assert!(lo.is_nan() && hi == 2.0 && read.claims[0].values[1].is_nan());
    }

    #[test]
    fn a_run_that_is_written_over_is_done_no_more_until_it_is_finished() {
        let runs = tempfile::tempdir().unwrap();
        let folder = written(runs.path());
        assert_eq!(folder.read_config().unwrap().fingerprint, "ab");
        let mut writing = folder.begin(&StopFlag::default()).unwrap();
        writing.unseal().unwrap();
        drop(writing);
        assert!(!folder.is_done() && folder.open().unwrap().is_none());
        assert!(folder.read_findings().unwrap_err().to_string().contains("1-x/smoke: no run was finished"));
    }

    #[test]
    fn one_changed_digit_of_a_configuration_or_findings_is_named() {
        let runs = tempfile::tempdir().unwrap();
        let folder = written(runs.path());
        for (file, old, new) in [("config.toml", "\"ab\"", "\"ac\""), ("findings.json", "2.0", "3.0")] {
            let path = folder.path().join(file);
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(old), "{text}");
            fs::write(&path, text.replacen(old, new, 1)).unwrap();
        }
        let said = [folder.read_config().unwrap_err(), folder.read_findings().unwrap_err()];
        assert!(said[0].to_string().ends_with("config.toml: does not match its checksum"), "{}", said[0]);
        assert!(said[1].to_string().ends_with("findings.json: does not match its checksum"), "{}", said[1]);
    }
}
