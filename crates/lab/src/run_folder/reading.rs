//! A finished run as it is read back: only what its seal vouches for, and nothing from outside its folder.

use anyhow::{Context as _, ensure};
use ndarray::{ArrayD, ArrayViewD};
use ndarray_npy::{ReadNpyExt, ViewNpyError, ViewNpyExt};
use serde::Deserialize;
use vitrine_data::Tree;

use crate::config::Config;
use crate::guard::guarded;
use crate::lock::Lock;
use crate::nan::NanForNull;
use crate::seal::{self, Seal};
use crate::stored::Stored;

/// A finished run that nobody writes over while this lives.
#[derive(Debug)]
pub struct Sealed {
    tree: Tree,
    seal: Seal,
    _reading: Option<Lock>,
}

impl Sealed {
    /// Reads the seal.
    pub(super) fn open(tree: &Tree, reading: Option<Lock>) -> anyhow::Result<Sealed> {
        let path = || tree.path().join(seal::FILE).display().to_string();
        let seal = serde_json::from_slice(&tree.read(seal::FILE)?)
            .with_context(|| format!("{}: cannot be understood", path()))?;
        Ok(Sealed { tree: tree.clone(), seal, _reading: reading })
    }

    /// The configuration.
    ///
    /// # Errors
    /// When the file is not what was sealed, or cannot be understood.
    pub fn config(&self) -> anyhow::Result<Config> {
        let bytes = self.read("config.toml")?;
        toml::from_slice(&bytes).with_context(|| self.not_understood("config.toml"))
    }

    /// The findings with their arrays.
    ///
    /// # Errors
    /// When a file is not what was sealed, cannot be understood, or leads out of the folder.
    pub fn findings(&self) -> anyhow::Result<Stored> {
        let bytes = self.read("findings.json")?;
        let read = || Stored::deserialize(NanForNull(serde_json::from_slice(&bytes)?));
        let mut findings = read().with_context(|| self.not_understood("findings.json"))?;
        let path = self.tree.path().join("findings.json");
        for name in &findings.figures {
            ensure!(is_plain(name), "{}: figure `{name}` is no name of a file", path.display());
        }
        for name in &findings.arrays {
            ensure!(is_plain(name), "{}: array `{name}` is no name of a file", path.display());
            let name_of_file = format!("arrays/{name}.npy");
            let array = parse_array(&self.read(&name_of_file)?).with_context(|| {
                format!("{}: is no array of numbers", self.tree.path().join(&name_of_file).display())
            })?;
            findings.data.insert(name.clone(), array);
        }
        Ok(findings)
    }

    /// A picture of a figure, `svg` or `png`; `None` where it was not drawn so.
    ///
    /// # Errors
    /// When the file is not what was sealed.
    pub fn picture(&self, figure: &str, ending: &str) -> anyhow::Result<Option<Vec<u8>>> {
        let name = format!("figures/fig{figure}.{ending}");
        if self.seal.has(&name) { self.read(&name).map(Some) } else { Ok(None) }
    }

    /// Refuses a run whose figures or tables are not what was sealed.
    ///
    /// # Errors
    /// Names the first.
    pub fn check_shown(&self, findings: &Stored) -> anyhow::Result<()> {
        for figure in &findings.figures {
            self.read(&format!("figures/fig{figure}.png"))?;
        }
        let is_shown = |name: &&str| name.starts_with("figures/") || name.starts_with("tables/");
        self.seal.names().filter(is_shown).try_for_each(|name| self.read(name).map(|_| ()))
    }

    fn read(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        Ok(self.seal.read(&self.tree, name)?)
    }

    fn not_understood(&self, name: &str) -> String {
        format!("{}: cannot be understood", self.tree.path().join(name).display())
    }
}

/// Reads an array, which may be a stranger's: a header may promise more than the file holds or memory can.
fn parse_array(bytes: &[u8]) -> anyhow::Result<ArrayD<f64>> {
    // A view compares lengths before anything is allocated; some shapes of no numbers panic.
    guarded(|| match ArrayViewD::view_npy(bytes) {
        Ok(view) => Ok(view.to_owned()),
        // The length was right; the bytes lie where no number may.
        Err(ViewNpyError::MisalignedData) => Ok(ArrayD::read_npy(bytes)?),
        Err(error) => Err(error.into()),
    })
}

/// Whether a name, which may come from a stranger's folder, leads nowhere else.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An array's file whose header says that shape and that holds no number.
    fn without_numbers(shape: &str) -> Vec<u8> {
        let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
        let header = format!("{header:117}\n");
        [b"\x93NUMPY\x01\x00\x76\x00".as_slice(), header.as_bytes()].concat()
    }

    #[test]
    fn shapes_beyond_their_file_or_beyond_all_memory_are_errors_with_their_cause() {
        assert_eq!(parse_array(&without_numbers("(0, 3)")).unwrap().shape(), [0, 3]);
        for shape in ["(10000000000000,)", "(0, 4294967296, 4294967296)", "(2,)"] {
            assert!(!parse_array(&without_numbers(shape)).unwrap_err().to_string().is_empty());
        }
    }

    #[test]
    fn names_that_lead_out_of_the_folder_are_told() {
        assert!(["mlp_means", "a b", "x-2"].into_iter().all(is_plain));
        assert!(!["", "../x", "/etc/x", "a\\b", "c:x", "."].into_iter().any(is_plain));
    }
}
