//! The folder of a section's run: `config.toml`, `findings.json`, `arrays/`, `tables/`, `figures/`.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use anyhow::Context as _;
use ndarray_npy::{ReadNpyExt, WriteNpyExt};
use serde::{Deserialize, Serialize};
use vitrine_figures::{Drawing, Export, Picture};

use crate::config::Config;
use crate::files::write_whole;
use crate::findings::Findings;
use crate::preset::Preset;
use crate::table::Table;

/// What made a file: device, crate version, commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Device of the training.
    pub device: String,
    /// Version of the program.
    pub version: String,
    /// Commit of the checkout that the program was built in, where it is still there.
    pub commit: Option<String>,
}

impl Provenance {
    /// Provenance of what this process makes.
    pub fn here(device: &str) -> Provenance {
        static COMMIT: LazyLock<Option<String>> = LazyLock::new(|| {
            // The checkout that the program was built from, not whatever folder it runs in.
            let built_in = concat!("--git-dir=", env!("CARGO_MANIFEST_DIR"), "/../.git");
            let output = Command::new("git").args([built_in, "rev-parse", "HEAD"]).output().ok()?;
            output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
        });
        Provenance {
            device: device.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            commit: COMMIT.clone(),
        }
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commit = self.commit.as_deref().unwrap_or("unknown");
        write!(f, "version {}, commit {commit}, device {}", self.version, self.device)
    }
}

/// The folder of one section at one preset.
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// `runs/SECTION/PRESET`.
    pub fn new(runs: &Path, section: &str, preset: Preset) -> RunFolder {
        RunFolder { path: runs.join(section).join(preset.to_string()) }
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

    /// Whether the picture of a figure is there.
    pub fn has_figure(&self, name: &str) -> bool {
        self.path.join(format!("figures/fig{name}.png")).is_file()
    }

    /// Writes the settings out in full, before work starts.
    pub fn write_config(&self, config: &Config) -> anyhow::Result<()> {
        write_whole(&self.path.join("config.toml"), toml::to_string(config)?.as_bytes())
    }

    /// Reads them back.
    pub fn read_config(&self) -> anyhow::Result<Config> {
        let path = self.path.join("config.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{}: cannot be understood", path.display()))
    }

    /// Writes findings and their arrays.
    pub fn write_findings(&self, findings: &Findings) -> anyhow::Result<()> {
        for (name, array) in &findings.data {
            let mut bytes = Vec::new();
            array.write_npy(&mut bytes).with_context(|| format!("array {name}"))?;
            write_whole(&self.path.join(format!("arrays/{name}.npy")), &bytes)?;
        }
        write_whole(&self.path.join("findings.json"), &serde_json::to_vec_pretty(findings)?)
    }

    /// Reads findings and their arrays back.
    pub fn read_findings(&self) -> anyhow::Result<Findings> {
        let path = self.path.join("findings.json");
        let bytes = fs::read(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
        let mut findings: Findings = serde_json::from_slice(&bytes)
            .with_context(|| format!("{}: cannot be understood", path.display()))?;
        for name in &findings.arrays {
            let path = self.path.join(format!("arrays/{name}.npy"));
            let file =
                fs::File::open(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
            let array =
                ndarray::ArrayD::<f64>::read_npy(file).with_context(|| format!("{}", path.display()))?;
            findings.data.insert(name.clone(), array);
        }
        Ok(findings)
    }

    /// Writes a table as CSV and Markdown.
    pub fn write_table(&self, name: &str, table: &Table) -> anyhow::Result<()> {
        write_whole(&self.path.join(format!("tables/table{name}.csv")), &table.to_csv()?)?;
        write_whole(&self.path.join(format!("tables/table{name}.md")), table.to_markdown().as_bytes())
    }
}

/// The figures of a section's run.
pub struct Gallery {
    folder: PathBuf,
    exports: Vec<(&'static str, Export)>,
    names: Vec<String>,
    files: Vec<PathBuf>,
}

impl Gallery {
    /// Figures into `figures/` of a run folder: PNG, and SVG where there are no thousands of cells or points.
    pub fn new(folder: &RunFolder) -> Gallery {
        Gallery::exporting(folder.path.join("figures"), Vec::new())
    }

    /// Figures into any folder, each as every one of `exports`, which stand beside the endings of their files.
    pub fn exporting(folder: PathBuf, exports: Vec<(&'static str, Export)>) -> Gallery {
        Gallery { folder, exports, names: Vec::new(), files: Vec::new() }
    }

    /// Draws a figure as SVG and PNG.
    pub fn add(&mut self, name: &str, picture: Picture, drawing: &impl Drawing) -> anyhow::Result<()> {
        if self.exports.is_empty() {
            let path = self.path(name, "svg");
            picture.save(&path, drawing)?;
            self.files.push(path);
        }
        self.add_raster(name, picture, drawing)
    }

    /// Draws a figure of thousands of cells or points as PNG alone.
    pub fn add_raster(&mut self, name: &str, picture: Picture, drawing: &impl Drawing) -> anyhow::Result<()> {
        if self.exports.is_empty() {
            let path = self.path(name, "png");
            picture.save(&path, drawing)?;
            self.files.push(path);
        }
        for (ending, export) in &self.exports {
            let path = self.path(name, ending);
            export.save(&path, picture, drawing)?;
            self.files.push(path);
        }
        self.names.push(name.to_string());
        Ok(())
    }

    fn path(&self, name: &str, ending: &str) -> PathBuf {
        self.folder.join(format!("fig{name}.{ending}"))
    }

    /// Names of the figures drawn.
    pub fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    /// Files written.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }
}
