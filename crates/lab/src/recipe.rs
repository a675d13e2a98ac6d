//! A recipe: everything that decides a trained network. Its content hash is the network's name.

use std::path::Path;

use serde::{Deserialize, Serialize};
use vitrine_data::{DataError, DataSettings, Folders, Split, Streams, read_regular};
use vitrine_model::{NetworkSpec, TrainSettings};

use crate::names::short;
use crate::slip::{Slip, slip};

/// Data settings, network, training settings and seed of one network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Names every random stream of the recipe: data, initial weights, order of the batches.
    #[serde(default)]
    pub seed: u64,
    /// The network, as in `mlp:100-100-60`.
    pub network: NetworkSpec,
    /// What it is trained on.
    pub data: DataSettings,
    /// What its output layer starts from.
    #[serde(default, skip_serializing_if = "OutputStart::is_drawn")]
    pub output_start: OutputStart,
    /// How it is trained.
    #[serde(default)]
    pub training: TrainSettings,
}

/// What the output layer of a network starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutputStart {
    /// Weights drawn as in every other layer.
    #[default]
    Drawn,
    /// The centred least-squares map from the last hidden layer's class means to unit vectors, made before the first
    /// step (Chen 2017, sec. 7.2, for bottlenecks).
    MoorePenrose,
}

impl OutputStart {
    fn is_drawn(&self) -> bool {
        *self == OutputStart::Drawn
    }
}

impl Recipe {
    /// The name of the network: 16 hexadecimal digits of the BLAKE3 hash of the recipe written out in full, but for the
    /// paths of its data: where files are decides nothing, but what is in them, which [`with_content`](Recipe::with_content)
    /// writes down.
    pub fn hash(&self) -> String {
        short(blake3::hash(self.without_paths().to_toml().as_bytes()))
    }

    /// The same with nothing in the place of paths: recipes that are equal then are of one network.
    pub fn without_paths(&self) -> Recipe {
        Recipe { data: self.data.clone().without_paths(), ..self.clone() }
    }

    /// The recipe written out in full, defaults included.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_else(|e| unreachable!("a recipe is plain data: {e}"))
    }

    /// The streams of the data. Networks of one seed share their signals, whatever their shape.
    pub fn data_streams(&self) -> Streams {
        data_streams(self.seed)
    }

    /// The same with the content of its data, where those come from files: what decides the network is in its recipe.
    ///
    /// # Errors
    /// Whatever is wrong with the files, as that they are not there.
    pub fn with_content(&self, folders: &Folders) -> Result<Recipe, DataError> {
        Ok(Recipe { data: self.data.with_content(folders)?, ..self.clone() })
    }

    /// Draws or reads the data.
    ///
    /// # Errors
    /// Settings out of range, whatever is wrong with the files, and samples without labels.
    pub fn load_data(&self, folders: &Folders) -> Result<Split, DataError> {
        let split = self.data.load(&self.data_streams(), folders)?;
        if !split.train.is_labelled() {
            return Err(DataError::Unlabelled { data: self.data.name() });
        }
        Ok(split)
    }

    /// The streams of training: initial weights, order of the batches.
    pub fn training_streams(&self) -> Streams {
        Streams::new(self.seed).child("training")
    }

    /// Floating-point work if every epoch is run, to start long runs first; none of data that cannot be read.
    pub fn cost(&self, folders: &Folders) -> f64 {
        let n_train = self.data.about(folders).map_or(0, |about| about.n_train);
        self.network.n_parameters() as f64 * n_train as f64 * self.training.max_epochs as f64
    }

    /// Bytes that its training holds at once: its data, and of the network weights, gradients, steps and the best so far.
    ///
    /// # Errors
    /// Whatever is wrong with the files of the data.
    pub fn memory(&self, folders: &Folders) -> Result<f64, DataError> {
        let about = self.data.about(folders)?;
        let units: usize = self.network.graph().nodes().iter().map(|node| node.n_units()).sum();
        let in_batch = self.training.batch_size.min(about.n_train) as f64 * units as f64;
        let data = about.n_made as f64 * about.n_features() as f64;
        Ok(4.0 * (4.0 * self.network.n_parameters() as f64 + 2.0 * in_batch + data))
    }

    /// Refuses a network that does not fit its data, and settings out of range.
    ///
    /// # Errors
    /// A slip that says what would be right; whatever is wrong with the files of the data.
    pub fn check(&self, folders: &Folders) -> anyhow::Result<()> {
        self.data.check().map_err(of_data)?;
        let about = self.data.about(folders).map_err(of_data)?;
        let (n_features, n_classes) = (about.n_features(), about.n_classes);
        if n_classes == 0 {
            return Err(of_data(DataError::Unlabelled { data: self.data.name() }));
        }
        if self.network.n_inputs() != n_features || self.network.n_outputs() != n_classes {
            return Err(slip(format!(
                "network {}: the data has {n_features} features and {n_classes} classes, so it must go from {n_features} to {n_classes}",
                self.network
            )));
        }
        self.training.check().map_err(|e| slip(format!("training: {e}")))
    }
}

/// An error of data settings: a slip where what was asked for is wrong.
fn of_data(error: DataError) -> anyhow::Error {
    if error.is_slip() { slip(format!("data: {error}")) } else { error.into() }
}

/// The streams of the data of a seed.
pub fn data_streams(seed: u64) -> Streams {
    Streams::new(seed).child("data")
}

/// No file of recipes is longer.
const MAX_BYTES: u64 = 1 << 20;

/// Recipes of a file: one recipe, or a grid in which `network` or `seed` is a list. Paths in it that are relative ones are
/// read from the file's folder.
///
/// # Errors
/// A slip that names the file; whatever is wrong with the files of the data.
pub fn read_recipes(path: &Path, folders: &Folders) -> anyhow::Result<Vec<Recipe>> {
    recipes_of(&read_table(path)?, &path.display().to_string(), folder_of(path), folders)
}

/// Recipes of a table, as of a file: paths in it that are relative ones are read from `folder`; `named` is for errors.
///
/// # Errors
/// As of [`read_recipes`].
pub fn recipes_of(
    table: &toml::Table,
    named: &str,
    folder: &Path,
    folders: &Folders,
) -> anyhow::Result<Vec<Recipe>> {
    let at = |message: String| slip(format!("{named}: {message}"));
    for key in ["network", "seed"] {
        if table.get(key).and_then(|value| value.as_array()).is_some_and(Vec::is_empty) {
            return Err(at(format!("{key} = []: at least one is needed")));
        }
    }
    let mut recipes = Vec::new();
    for network in one_or_many(table, "network") {
        for seed in one_or_many(table, "seed") {
            let mut single = table.clone();
            for (key, value) in [("network", &network), ("seed", &seed)] {
                if let Some(value) = value {
                    single.insert(key.to_string(), value.clone());
                }
            }
            let mut recipe: Recipe = single.try_into().map_err(|e: toml::de::Error| at(e.to_string()))?;
            recipe.data = recipe.data.in_folder(folder)?;
            recipe.check(folders).map_err(|e| match e.is::<Slip>() {
                true => at(e.to_string()),
                false => e.context(named.to_string()),
            })?;
            recipes.push(recipe);
        }
    }
    Ok(recipes)
}

/// Data that a command line names: in the [short form](DataSettings::from_short), or by a recipe, of which the table
/// `[data]` is taken. With it comes the seed from which the data are drawn and split: the recipe's (of a grid its first), else 0.
///
/// # Errors
/// A form or a recipe that cannot be understood.
pub fn named_data(text: &str) -> anyhow::Result<(DataSettings, u64)> {
    let path = Path::new(text);
    if path.extension().is_none_or(|ending| ending != "toml") {
        let data = DataSettings::from_short(text);
        return Ok((data.map_err(|e| if e.is_slip() { slip(e.to_string()) } else { e.into() })?, 0));
    }
    let at = |message: String| slip(format!("{text}: {message}"));
    let table = read_table(path)?;
    let data = table.get("data").cloned().ok_or_else(|| at("has no table [data]".into()))?;
    let data: DataSettings = data.try_into().map_err(|e: toml::de::Error| at(e.to_string()))?;
    let seed = match one_or_many(&table, "seed").into_iter().next().flatten() {
        Some(seed) => seed.try_into().map_err(|e: toml::de::Error| at(format!("seed: {e}")))?,
        None => 0,
    };
    Ok((data.in_folder(folder_of(path))?, seed))
}

fn read_table(path: &Path) -> anyhow::Result<toml::Table> {
    let at = |message: String| slip(format!("{}: {message}", path.display()));
    let text = String::from_utf8(read_regular(path, MAX_BYTES)?).map_err(|_| at("is no text".into()))?;
    toml::from_str(&text).map_err(|e| at(e.to_string()))
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

fn one_or_many(table: &toml::Table, key: &str) -> Vec<Option<toml::Value>> {
    match table.get(key) {
        Some(toml::Value::Array(values)) => values.iter().cloned().map(Some).collect(),
        Some(value) => vec![Some(value.clone())],
        None => vec![None],
    }
}
