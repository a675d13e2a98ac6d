//! Network folders: `recipe.toml`, `model.safetensors`, `history.csv`, `done.json`, and checkpoints if any.
//!
//! `done.json` is the seal: it holds the checksum of every other file, and a folder that breaks it is not trusted.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};
use vitrine_data::write_whole;
use vitrine_model::{EpochRecord, Network, Trained, Weights};

use super::lock::{self, Lock};
use super::trained::TrainedNetwork;
use crate::origin::Origin;
use crate::recipe::Recipe;
use crate::watch::Watch;

/// The folder of all networks.
pub struct Store {
    root: PathBuf,
}

/// The seal of a network folder.
#[derive(Serialize, Deserialize)]
struct Done {
    network: String,
    seed: u64,
    best_epoch: usize,
    n_epochs: usize,
    seconds: f64,
    checkpoints: Vec<usize>,
    #[serde(flatten)]
    origin: Origin,
    /// BLAKE3 of every file of the folder but this one.
    checksums: BTreeMap<String, String>,
}

impl Store {
    pub fn new(root: PathBuf) -> Store {
        Store { root }
    }

    /// The network of `recipe` if its folder is there and sound; a damaged folder is named to `watch` and set aside.
    ///
    /// # Errors
    /// When a folder cannot be read, as with too many open files: it may be sound, and stays. When a damaged one cannot be
    /// moved.
    pub fn load_sound(&self, recipe: &Recipe, watch: &dyn Watch) -> anyhow::Result<Option<TrainedNetwork>> {
        let folder = self.folder(&recipe.hash());
        if !folder.is_dir() {
            return Ok(None);
        }
        match load(&folder, recipe) {
            Ok(network) => Ok(Some(network)),
            Err(error) if is_damage(&error) => {
                if let Some(aside) = self.set_aside(&folder)? {
                    watch.warn(&format!(
                        "{}: damaged ({error:#}); moved to {} and trained anew",
                        folder.display(),
                        aside.display()
                    ));
                }
                Ok(None)
            }
            Err(error) => Err(error.context(format!("{}: cannot be read", folder.display()))),
        }
    }

    /// Stores a trained network; its folder appears whole.
    pub fn save(
        &self,
        recipe: &Recipe,
        trained: &Trained,
        seconds: f64,
        origin: &Origin,
    ) -> anyhow::Result<()> {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        files.insert("recipe.toml".into(), recipe.to_toml().into_bytes());
        files.insert("model.safetensors".into(), trained.weights.to_safetensors());
        files.insert("history.csv".into(), history_csv(&trained.history)?);
        for (epoch, weights) in &trained.checkpoints {
            files.insert(checkpoint_name(*epoch), weights.to_safetensors());
        }
        let done = Done {
            network: recipe.network.to_string(),
            seed: recipe.seed,
            best_epoch: trained.best_epoch,
            n_epochs: trained.history.len(),
            seconds,
            checkpoints: trained.checkpoints.iter().map(|(epoch, _)| *epoch).collect(),
            origin: origin.clone(),
            checksums: files.iter().map(|(name, bytes)| (name.clone(), checksum(bytes))).collect(),
        };
        files.insert("done.json".into(), serde_json::to_vec_pretty(&done)?);
        self.place(&recipe.hash(), &files)
    }

    /// Locks the network of that hash for training, unless another process holds it.
    pub fn lock(&self, hash: &str) -> anyhow::Result<Option<Lock>> {
        lock::try_lock(&self.root.join(".locks").join(hash))
    }

    /// Where the state of unfinished training is kept.
    pub fn partial(&self, hash: &str) -> PathBuf {
        self.root.join(".partial").join(format!("{hash}.safetensors"))
    }

    /// Whether the network of that hash has a folder, sound or not.
    pub fn has(&self, hash: &str) -> bool {
        self.folder(hash).is_dir()
    }

    fn folder(&self, hash: &str) -> PathBuf {
        self.root.join(hash)
    }

    fn place(&self, hash: &str, files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
        let target = self.folder(hash);
        let temporary = self.root.join(format!(".new-{hash}"));
        let place = || -> anyhow::Result<()> {
            if temporary.exists() {
                fs::remove_dir_all(&temporary)?;
            }
            for (name, bytes) in files {
                write_whole(&temporary.join(name), bytes)?;
            }
            if target.exists() {
                self.set_aside(&target)?;
            }
            Ok(fs::rename(&temporary, &target)?)
        };
        place().with_context(|| format!("{}: cannot be written", target.display()))?;
        let partial = self.partial(hash);
        if partial.exists() {
            fs::remove_file(&partial).with_context(|| format!("{}: cannot be removed", partial.display()))?;
        }
        Ok(())
    }

    /// Renames a folder to the first free `NAME.damaged-K`; `None` where another process has just done so.
    fn set_aside(&self, folder: &Path) -> anyhow::Result<Option<PathBuf>> {
        for k in 1.. {
            let aside = folder.with_extension(format!("damaged-{k}"));
            if !aside.exists() {
                return match fs::rename(folder, &aside) {
                    Ok(()) => Ok(Some(aside)),
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(error).with_context(|| {
                        format!("{}: cannot be moved to {}", folder.display(), aside.display())
                    }),
                };
            }
        }
        unreachable!("some number is free")
    }
}

fn load(folder: &Path, recipe: &Recipe) -> anyhow::Result<TrainedNetwork> {
    let read = |name: &str| fs::read(folder.join(name)).with_context(|| format!("{name} cannot be read"));
    let done: Done = serde_json::from_slice(&read("done.json")?).context("done.json cannot be understood")?;
    let sealed = |name: &str| -> anyhow::Result<Vec<u8>> {
        let bytes = read(name)?;
        ensure!(done.checksums.get(name) == Some(&checksum(&bytes)), "{name} does not match its checksum");
        Ok(bytes)
    };
    if sealed("recipe.toml")? != recipe.to_toml().into_bytes() {
        bail!("recipe.toml is another recipe than its name says");
    }
    let weights = |name: &str| -> anyhow::Result<Weights> {
        Weights::from_safetensors(&sealed(name)?, recipe.network.graph()).with_context(|| name.to_string())
    };
    Ok(TrainedNetwork {
        recipe: recipe.clone(),
        network: Network::new(recipe.network.clone(), weights("model.safetensors")?)?,
        history: read_history(&sealed("history.csv")?)?,
        best_epoch: done.best_epoch,
        seconds: done.seconds,
        checkpoints: done
            .checkpoints
            .iter()
            .map(|&epoch| Ok((epoch, weights(&checkpoint_name(epoch))?)))
            .collect::<anyhow::Result<_>>()?,
    })
}

/// Whether a folder does not hold what it should: what is there is broken, or a file is not there. What the system
/// says otherwise is not of the folder, and may be over the next moment.
fn is_damage(error: &anyhow::Error) -> bool {
    let said = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    matches!(said, None | Some(ErrorKind::NotFound | ErrorKind::IsADirectory | ErrorKind::NotADirectory))
}

fn checkpoint_name(epoch: usize) -> String {
    format!("checkpoints/epoch-{epoch:05}.safetensors")
}

fn checksum(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn history_csv(history: &[EpochRecord]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in history {
        writer.serialize(record)?;
    }
    writer.into_inner().map_err(|e| anyhow::anyhow!("history.csv: {e}"))
}

fn read_history(bytes: &[u8]) -> anyhow::Result<Vec<EpochRecord>> {
    csv::Reader::from_reader(bytes)
        .deserialize()
        .map(|r| r.context("history.csv cannot be understood"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::Unwatched;

    fn recipe() -> Recipe {
        toml::from_str("network = \"mlp:784-10\"\n[data]\nkind = \"mnist\"").unwrap()
    }

    /// A store with a folder for that recipe in which nothing is.
    fn store() -> (tempfile::TempDir, Store, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let store = Store::new(root.path().into());
        let folder = store.folder(&recipe().hash());
        fs::create_dir(&folder).unwrap();
        (root, store, folder)
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_that_cannot_be_read_just_now_stays_where_it_is() {
        let (_root, store, folder) = store();
        // A link to itself: the file is there, and the system does not open it.
        std::os::unix::fs::symlink("done.json", folder.join("done.json")).unwrap();
        let Err(error) = store.load_sound(&recipe(), &Unwatched) else { panic!("it was read") };
        assert!(error.to_string().contains(&folder.display().to_string()), "{error}");
        assert!(folder.is_dir());
    }

    #[test]
    fn a_damaged_folder_is_set_aside_once() {
        let (_root, store, folder) = store();
        assert!(store.load_sound(&recipe(), &Unwatched).unwrap().is_none());
        assert!(!folder.exists() && folder.with_extension("damaged-1").is_dir());
        assert_eq!(store.set_aside(&folder).unwrap(), None);
    }
}
