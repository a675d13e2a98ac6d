//! Data sets in use: recipes of one seed share theirs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use vitrine_data::{Folders, Split};

use crate::recipe::Recipe;

/// The sets that somebody holds, by settings and seed.
#[derive(Default)]
pub struct DataCache {
    sets: Mutex<HashMap<String, Weak<Split>>>,
}

impl DataCache {
    /// The data of a recipe: shared with whoever holds the same, else drawn or read.
    pub fn load(&self, recipe: &Recipe, folders: &Folders) -> anyhow::Result<Arc<Split>> {
        let key = format!("{} {}", recipe.seed, toml::to_string(&recipe.data)?);
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(split) = sets.get(&key).and_then(Weak::upgrade) {
            return Ok(split);
        }
        let split = Arc::new(recipe.load_data(folders)?);
        sets.insert(key, Arc::downgrade(&split));
        Ok(split)
    }
}
