//! A recipe: everything that decides a trained network. Its content hash is the network's name.

use std::path::Path;

use serde::{Deserialize, Serialize};
use vitrine_data::{DataError, DataSettings, Folders, Split, Streams, read_regular};
use vitrine_model::{NetworkSpec, TrainSettings};

use crate::names::short;
use crate::slip::slip;

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
    /// The name of the network: 16 hexadecimal digits of the BLAKE3 hash of the recipe written out in full.
    pub fn hash(&self) -> String {
        short(blake3::hash(self.to_toml().as_bytes()))
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
    /// Settings out of range, and whatever is wrong with the files.
    pub fn load_data(&self, folders: &Folders) -> Result<Split, DataError> {
        self.data.load(&self.data_streams(), folders)
    }

    /// The streams of training: initial weights, order of the batches.
    pub fn training_streams(&self) -> Streams {
        Streams::new(self.seed).child("training")
    }

    /// Floating-point work if every epoch is run, to start long runs first.
    pub fn cost(&self) -> f64 {
        self.network.n_parameters() as f64 * self.data.n_train() as f64 * self.training.max_epochs as f64
    }

    /// Bytes that its training holds at once: its data, and of the network weights, gradients, steps and the best so far.
    pub fn memory(&self) -> f64 {
        let units: usize = self.network.graph().nodes().iter().map(|node| node.n_units()).sum();
        let in_batch = self.training.batch_size.min(self.data.n_train()) as f64 * units as f64;
        let data = self.data.n_made() as f64 * self.data.n_features() as f64;
        4.0 * (4.0 * self.network.n_parameters() as f64 + 2.0 * in_batch + data)
    }

    /// Refuses a network that does not fit its data, and settings out of range.
    pub fn check(&self) -> anyhow::Result<()> {
        let (n_features, n_classes) = (self.data.n_features(), self.data.n_classes());
        if self.network.n_inputs() != n_features || self.network.n_outputs() != n_classes {
            return Err(slip(format!(
                "network {}: the data has {n_features} features and {n_classes} classes, so it must go from {n_features} to {n_classes}",
                self.network
            )));
        }
        self.data.check().map_err(|e| slip(format!("data: {e}")))?;
        self.training.check().map_err(|e| slip(format!("training: {e}")))
    }
}

/// The streams of the data of a seed.
pub fn data_streams(seed: u64) -> Streams {
    Streams::new(seed).child("data")
}

/// No file of recipes is longer.
const MAX_BYTES: u64 = 1 << 20;

/// Recipes of a file: one recipe, or a grid in which `network` or `seed` is a list.
pub fn read_recipes(path: &Path) -> anyhow::Result<Vec<Recipe>> {
    let at = |message: String| slip(format!("{}: {message}", path.display()));
    let text = String::from_utf8(read_regular(path, MAX_BYTES)?).map_err(|_| at("is no text".into()))?;
    let table: toml::Table = toml::from_str(&text).map_err(|e| at(e.to_string()))?;
    for key in ["network", "seed"] {
        if table.get(key).and_then(|value| value.as_array()).is_some_and(Vec::is_empty) {
            return Err(at(format!("{key} = []: at least one is needed")));
        }
    }
    let mut recipes = Vec::new();
    for network in one_or_many(&table, "network") {
        for seed in one_or_many(&table, "seed") {
            let mut single = table.clone();
            for (key, value) in [("network", &network), ("seed", &seed)] {
                if let Some(value) = value {
                    single.insert(key.to_string(), value.clone());
                }
            }
            let recipe: Recipe = single.try_into().map_err(|e: toml::de::Error| at(e.to_string()))?;
            recipe.check().map_err(|e| at(e.to_string()))?;
            recipes.push(recipe);
        }
    }
    Ok(recipes)
}

fn one_or_many(table: &toml::Table, key: &str) -> Vec<Option<toml::Value>> {
    match table.get(key) {
        Some(toml::Value::Array(values)) => values.iter().cloned().map(Some).collect(),
        Some(value) => vec![Some(value.clone())],
        None => vec![None],
    }
}
