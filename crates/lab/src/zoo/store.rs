//! Network folders: `recipe.toml`, `model.safetensors`, `history.csv`, `done.json`, and checkpoints if any.
//!
//! `done.json` is the seal: it holds the checksum of every other file, and a folder that breaks it is not trusted.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};
use vitrine_data::{DataError, Tree};
use vitrine_model::{EngineChoice, EpochRecord, Network, Trained, Weights};

use super::partial::Partials;
use super::trained::TrainedNetwork;
use crate::lock::{self, Lock};
use crate::origin::Origin;
use crate::recipe::Recipe;
use crate::seal::{self, Broken, Seal, checksum};
use crate::watch::Watch;

/// The folder of all networks.
pub struct Store {
    tree: Tree,
    /// Unfinished training.
    pub partials: Partials,
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
    #[serde(flatten)]
    seal: Seal,
    /// BLAKE3 of this file with nothing in this place; networks of before it was kept have none.
    #[serde(default)]
    itself: Option<String>,
}

impl Store {
    pub fn new(tree: Tree) -> Store {
        Store { partials: Partials::new(tree.folder(".partial")), tree }
    }

    /// The network of `recipe` if its folder is there, sound, and of `engine` where that is one; a folder that is not is
    /// named to `watch` and set aside.
    ///
    /// # Errors
    /// When a folder cannot be read, as with too many open files: it may be sound, and stays. When one cannot be set aside.
    pub fn load_sound(
        &self,
        recipe: &Recipe,
        engine: EngineChoice,
        watch: &dyn Watch,
    ) -> anyhow::Result<Option<TrainedNetwork>> {
        let folder = self.folder(&recipe.hash());
        if !folder.is_dir() {
            return Ok(None);
        }
        let (name, why) = match load(&self.tree.folder(recipe.hash()), recipe) {
            Ok((network, made)) if made.is_of_engine(engine) => return Ok(Some(network)),
            Ok((_, made)) => (
                format!("of-engine-{}", made.engine),
                format!("trained by engine {}, not {engine}", made.engine),
            ),
            Err(error) if is_damage(&error) => ("damaged".into(), format!("damaged ({error:#})")),
            Err(error) => return Err(error.context(format!("{}: cannot be read", folder.display()))),
        };
        if let Some(aside) = self.set_aside(&folder, &name)? {
            watch.warn(&format!(
                "{}: {why}; moved to {} and trained anew",
                folder.display(),
                aside.display()
            ));
        }
        Ok(None)
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
        let mut seal = Seal::default();
        files.iter().for_each(|(name, bytes)| seal.add(name, bytes));
        let done = Done {
            network: recipe.network.to_string(),
            seed: recipe.seed,
            best_epoch: trained.best_epoch,
            n_epochs: trained.history.len(),
            seconds,
            checkpoints: trained.checkpoints.iter().map(|(epoch, _)| *epoch).collect(),
            origin: origin.clone(),
            seal,
            itself: Some(String::new()),
        };
        let bare = serde_json::to_string_pretty(&done)?;
        let itself = format!("\"itself\": \"{}\"", checksum(bare.as_bytes()));
        let done = bare.replacen("\"itself\": \"\"", &itself, 1).into_bytes();
        self.place(&recipe.hash(), &files, &done)
    }

    /// Locks the network of that hash for training, unless another process holds it.
    pub fn lock(&self, hash: &str) -> anyhow::Result<Option<Lock>> {
        lock::try_lock(&self.tree, &format!(".locks/{hash}"))
    }

    /// Whether the network of that hash has a folder, sound or not.
    pub fn has(&self, hash: &str) -> bool {
        self.folder(hash).is_dir()
    }

    fn folder(&self, hash: &str) -> PathBuf {
        self.tree.path().join(hash)
    }

    /// Makes the folder of a network under another name, with its seal as the last file, and renames it. What cannot be
    /// finished, as on a full disk, is removed again.
    fn place(&self, hash: &str, files: &BTreeMap<String, Vec<u8>>, done: &[u8]) -> anyhow::Result<()> {
        let target = self.folder(hash);
        let name = format!(".new-{hash}");
        let temporary = self.tree.path().join(&name);
        let clear = || match fs::remove_dir_all(&temporary) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        let place = || -> anyhow::Result<()> {
            clear()?;
            for (file, bytes) in
                files.iter().map(|(file, bytes)| (file.as_str(), &bytes[..])).chain([(seal::FILE, done)])
            {
                self.tree.write_whole(format!("{name}/{file}"), bytes)?;
            }
            if target.exists() {
                self.set_aside(&target, "damaged")?;
            }
            Ok(fs::rename(&temporary, &target)?)
        };
        if let Err(error) = place() {
            // The cause is told, whatever becomes of what it left.
            _ = clear();
            return Err(error.context(format!("{}: cannot be written", target.display())));
        }
        Ok(self.partials.remove(hash)?)
    }

    /// Renames a folder to the first free `FOLDER.NAME-K`; `None` where another process has just done so.
    fn set_aside(&self, folder: &Path, name: &str) -> anyhow::Result<Option<PathBuf>> {
        for k in 1.. {
            let aside = folder.with_extension(format!("{name}-{k}"));
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

/// The network of a folder, and what made it.
pub fn load(folder: &Tree, recipe: &Recipe) -> anyhow::Result<(TrainedNetwork, Origin)> {
    let text = String::from_utf8(folder.read(seal::FILE)?).context("done.json cannot be understood")?;
    let done: Done = serde_json::from_str(&text).context("done.json cannot be understood")?;
    if let Some(itself) = &done.itself {
        let is_sound = checksum(text.replacen(itself.as_str(), "", 1).as_bytes()) == *itself;
        ensure!(is_sound, "done.json does not match its own checksum");
    }
    let sealed = |name: &str| done.seal.read(folder, name);
    if !is_of_one_network(&sealed("recipe.toml")?, recipe) {
        bail!("recipe.toml is another recipe than its name says");
    }
    let weights = |name: &str| -> anyhow::Result<Weights> {
        let weights = Weights::from_safetensors(&sealed(name)?, recipe.network.graph());
        let weights = weights.with_context(|| name.to_string())?;
        if let Some((array, value)) = weights.not_finite() {
            bail!("{name}: {}.{} holds {value}", array.node, array.parameter);
        }
        Ok(weights)
    };
    let network = TrainedNetwork {
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
    };
    Ok((network, done.origin))
}

/// Whether a stored recipe is the wanted one, wherever the files of its data are.
fn is_of_one_network(stored: &[u8], wanted: &Recipe) -> bool {
    let parsed = || -> Option<Recipe> { toml::from_str(str::from_utf8(stored).ok()?).ok() };
    let is_alike = |stored: Recipe| stored.without_paths().to_toml() == wanted.without_paths().to_toml();
    stored == wanted.to_toml().as_bytes() || parsed().is_some_and(is_alike)
}

/// Whether a folder does not hold what it should: what is there is broken, or a file is not there. A link is neither
/// read nor moved, and what the system says otherwise is not of the folder, and may be over the next moment.
fn is_damage(error: &anyhow::Error) -> bool {
    let of_data = error.chain().find_map(|cause| match cause.downcast_ref() {
        Some(Broken::Unread(error)) => Some(error),
        _ => cause.downcast_ref::<DataError>(),
    });
    match of_data {
        Some(DataError::Io { reason, .. }) => {
            matches!(reason.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
        }
        Some(DataError::Link { .. }) => false,
        _ => true,
    }
}

fn checkpoint_name(epoch: usize) -> String {
    format!("checkpoints/epoch-{epoch:05}.safetensors")
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
mod tests;
