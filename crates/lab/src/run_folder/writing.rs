//! A run as it is written, by one process at a time: the seal goes first where findings change, and comes last.

use anyhow::Context as _;
use ndarray_npy::WriteNpyExt;
use vitrine_data::Tree;

use crate::config::Config;
use crate::gallery::Gallery;
use crate::lock::Lock;
use crate::seal::{self, Seal};
use crate::stored::Stored;
use crate::table::Table;

/// Folders of a run whose files are flushed together, before the seal that vouches for them.
const FOLDERS: [&str; 3] = ["arrays", "tables", "figures"];

/// The folder of a run that nobody else reads or writes while this lives.
#[derive(Debug)]
pub struct Writing {
    tree: Tree,
    seal: Seal,
    _lock: Lock,
}

impl Writing {
    /// Whoever wrote here before is gone, and so is what it left unfinished.
    pub(super) fn begin(tree: &Tree, lock: Lock) -> anyhow::Result<Writing> {
        tree.remove_unfinished()?;
        FOLDERS.iter().try_for_each(|folder| tree.folder(folder).remove_unfinished())?;
        Ok(Writing { tree: tree.clone(), seal: Seal::default(), _lock: lock })
    }

    /// Unmakes what is here: from now on the folder counts as not done.
    ///
    /// # Errors
    /// When the seal cannot be removed.
    pub fn unseal(&mut self) -> anyhow::Result<()> {
        Ok(self.tree.remove_file(seal::FILE)?)
    }

    /// Writes the settings out in full.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn config(&mut self, config: &Config) -> anyhow::Result<()> {
        self.put("config.toml", toml::to_string(config)?.as_bytes(), true)
    }

    /// A gallery for the figures.
    pub fn gallery(&self) -> Gallery {
        Gallery::new(self.tree.folder("figures"))
    }

    /// Takes the figures of the gallery in.
    pub fn hung(&mut self, gallery: &Gallery) {
        self.seal.extend(gallery.seal("figures"));
    }

    /// Writes a table as CSV and Markdown.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn table(&mut self, name: &str, table: &Table) -> anyhow::Result<()> {
        self.put(&format!("tables/table{name}.csv"), &table.to_csv()?, false)?;
        self.put(&format!("tables/table{name}.md"), table.to_markdown().as_bytes(), false)
    }

    /// Writes findings and their arrays, and then the seal of all that was written, which is on the disk before it is.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(mut self, findings: &Stored) -> anyhow::Result<()> {
        for (name, array) in &findings.data {
            let mut bytes = Vec::new();
            array.write_npy(&mut bytes).with_context(|| format!("array {name}"))?;
            self.put(&format!("arrays/{name}.npy"), &bytes, false)?;
        }
        for folder in FOLDERS {
            self.tree.sync_files(folder)?;
        }
        self.put("findings.json", &serde_json::to_vec_pretty(findings)?, true)?;
        Ok(self.tree.write_whole(seal::FILE, &serde_json::to_vec_pretty(&self.seal)?)?)
    }

    fn put(&mut self, name: &str, bytes: &[u8], is_synced: bool) -> anyhow::Result<()> {
        match is_synced {
            true => self.tree.write_whole(name, bytes)?,
            false => self.tree.write_unsynced(name, bytes)?,
        }
        self.seal.add(name, bytes);
        Ok(())
    }
}
