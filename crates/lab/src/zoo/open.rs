//! A network by its folder, whoever made it.

use std::path::Path;

use anyhow::Context as _;
use vitrine_data::Tree;

use super::store::load;
use super::trained::TrainedNetwork;
use crate::recipe::Recipe;
use crate::seal;

/// The network of a folder `networks/HASH`, which must be sound: the recipe and the weights that its checksums are of.
///
/// # Errors
/// A folder that is not there, is damaged, or holds something else.
pub fn open_network(folder: &Path) -> anyhow::Result<TrainedNetwork> {
    let tree = Tree::at(folder);
    let open = || -> anyhow::Result<TrainedNetwork> {
        anyhow::ensure!(tree.has_file(seal::FILE), "is no trained network: it holds no {}", seal::FILE);
        let text = String::from_utf8(tree.read("recipe.toml")?).context("recipe.toml is no text")?;
        let recipe: Recipe = toml::from_str(&text).context("recipe.toml cannot be understood")?;
        Ok(load(&tree, &recipe)?.0)
    };
    open().with_context(|| folder.display().to_string())
}
