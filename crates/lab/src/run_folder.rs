//! The folder of a study's run: `config.toml`, `findings.json`, `arrays/`, `tables/`, `figures/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use ndarray::{ArrayD, ArrayViewD};
use ndarray_npy::{ReadNpyExt, ViewNpyError, ViewNpyExt, WriteNpyExt};
use serde::Deserialize;
use vitrine_data::{sync_files, write_unsynced, write_whole};

use crate::config::Config;
use crate::guard::guarded;
use crate::nan::NanForNull;
use crate::run_name::RunName;
use crate::stored::Stored;
use crate::table::Table;

/// The folder of one run of one study.
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// `runs/STUDY/RUN`.
    pub fn new(runs: &Path, section: &str, run: &RunName) -> RunFolder {
        RunFolder { path: runs.join(section).join(run.to_string()) }
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
        &self.path
    }

    /// The fingerprint of the findings that are there. `None` where there are none, or where work that was not
    /// finished has begun to write over them: `config.toml` is written first, `findings.json` last.
    pub fn done(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Seal {
            #[serde(default)]
            fingerprint: String,
        }
        let seal: Seal = serde_json::from_slice(&fs::read(self.path.join("findings.json")).ok()?).ok()?;
        (self.read_config().ok()?.fingerprint == seal.fingerprint).then_some(seal.fingerprint)
    }

    /// Whether findings are there.
    pub fn is_done(&self) -> bool {
        self.done().is_some()
    }

    /// Where its figures are.
    pub fn figures(&self) -> PathBuf {
        self.path.join("figures")
    }

    /// Whether the picture of a figure is there.
    pub fn has_figure(&self, name: &str) -> bool {
        self.path.join(format!("figures/fig{name}.png")).is_file()
    }

    /// Writes the settings out in full, before anything else of a run.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_config(&self, config: &Config) -> anyhow::Result<()> {
        Ok(write_whole(&self.path.join("config.toml"), toml::to_string(config)?.as_bytes())?)
    }

    /// Reads them back.
    ///
    /// # Errors
    /// When the file cannot be read or understood.
    pub fn read_config(&self) -> anyhow::Result<Config> {
        let path = self.path.join("config.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{}: cannot be understood", path.display()))
    }

    /// Writes findings and their arrays, last of a run: they vouch for all that was written before, which is on the disk
    /// before they are.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_findings(&self, findings: &Stored) -> anyhow::Result<()> {
        for (name, array) in &findings.data {
            let mut bytes = Vec::new();
            array.write_npy(&mut bytes).with_context(|| format!("array {name}"))?;
            write_unsynced(&self.path.join(format!("arrays/{name}.npy")), &bytes)?;
        }
        for folder in ["arrays", "tables", "figures"] {
            sync_files(&self.path.join(folder))?;
        }
        Ok(write_whole(&self.path.join("findings.json"), &serde_json::to_vec_pretty(findings)?)?)
    }

    /// Reads findings and their arrays back.
    ///
    /// # Errors
    /// When a file cannot be read or understood, or leads out of the folder.
    pub fn read_findings(&self) -> anyhow::Result<Stored> {
        let path = self.path.join("findings.json");
        let bytes = fs::read(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
        let read = || Stored::deserialize(NanForNull(serde_json::from_slice(&bytes)?));
        let mut findings = read().with_context(|| format!("{}: cannot be understood", path.display()))?;
        for name in &findings.figures {
            ensure!(is_plain(name), "{}: figure `{name}` is no name of a file", path.display());
        }
        for name in &findings.arrays {
            ensure!(is_plain(name), "{}: array `{name}` is no name of a file", path.display());
            let array = read_array(&self.path.join(format!("arrays/{name}.npy")))?;
            findings.data.insert(name.clone(), array);
        }
        Ok(findings)
    }

    /// Writes a table as CSV and Markdown.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_table(&self, name: &str, table: &Table) -> anyhow::Result<()> {
        write_unsynced(&self.path.join(format!("tables/table{name}.csv")), &table.to_csv()?)?;
        let markdown = self.path.join(format!("tables/table{name}.md"));
        Ok(write_unsynced(&markdown, table.to_markdown().as_bytes())?)
    }
}

/// Reads an array, which may be a stranger's: a header may promise more than the file holds or memory can.
fn read_array(path: &Path) -> anyhow::Result<ArrayD<f64>> {
    let bytes = fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    // A view compares lengths before anything is allocated; some shapes of no numbers panic.
    let read = || match ArrayViewD::view_npy(&bytes) {
        Ok(view) => Ok(view.to_owned()),
        // The length was right; the bytes lie where no number may.
        Err(ViewNpyError::MisalignedData) => Ok(ArrayD::read_npy(&bytes[..])?),
        Err(error) => Err(error.into()),
    };
    guarded(read).with_context(|| format!("{}: is no array of numbers", path.display()))
}

/// Whether a name, which may come from a stranger's folder, leads nowhere else.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Claim;
    use crate::preset::Preset;
    use crate::register::{Above, Registered};
    use crate::saved::Parts;

    /// An array's file whose header says that shape and that holds no number.
    fn without_numbers(shape: &str) -> Vec<u8> {
        let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
        let header = format!("{header:117}\n");
        [b"\x93NUMPY\x01\x00\x76\x00".as_slice(), header.as_bytes()].concat()
    }

    #[test]
    fn shapes_beyond_their_file_or_beyond_all_memory_are_errors_with_their_cause() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.npy");
        let read = |shape: &str| {
            fs::write(&path, without_numbers(shape)).unwrap();
            read_array(&path)
        };
        assert_eq!(read("(0, 3)").unwrap().shape(), [0, 3]);
        for shape in ["(10000000000000,)", "(0, 4294967296, 4294967296)", "(2,)"] {
            let error = read(shape).unwrap_err();
            assert!(
                error.to_string().contains("a.npy: is no array") && 1 < error.chain().count(),
                "{error:#}"
            );
        }
    }

    #[test]
    fn nan_among_seconds_and_in_a_claim_comes_back() {
        let runs = tempfile::tempdir().unwrap();
        let folder = RunFolder::new(runs.path(), "1-x", &Preset::Smoke.into());
        let mut stored = Stored::new("1-x", Preset::Smoke.into(), &[0, 1], Parts::default());
        stored.timings.insert("training".into(), f64::NAN);
        let tested = Registered::mean("C1", "x", Above(0.0)).over(&[1.0, f64::NAN]);
        stored.claims = vec![Claim { statistic: f64::NAN, interval: Some([f64::NAN, 2.0]), ..tested }];
        folder.write_findings(&stored).unwrap();
        let read = folder.read_findings().unwrap();
        let [lo, hi] = read.claims[0].interval.unwrap();
        assert!(read.timings["training"].is_nan() && read.claims[0].statistic.is_nan());
        assert!(
            lo.is_nan() && hi == 2.0 && read.claims[0].values[0] == 1.0 && read.claims[0].values[1].is_nan()
        );
    }

    #[test]
    fn names_that_lead_out_of_the_folder_are_told() {
        assert!(["mlp_means", "a b", "x-2"].into_iter().all(is_plain));
        assert!(!["", "../x", "/etc/x", "a\\b", "c:x", "."].into_iter().any(is_plain));
    }
}
