//! `vitrine train RECIPE.toml`: one recipe or a grid of them, into the zoo.

use std::path::Path;

use serde_json::json;
use vitrine_lab::activations::accuracy;
use vitrine_lab::{StopFlag, Table, read_recipes};

use super::arguments::Common;
use super::terminal::print;
use super::{memory, open};

pub fn run(common: &Common, path: &Path, stop: &StopFlag) -> anyhow::Result<()> {
    // One for all, so that files are read once.
    let folders = open::folders(common);
    let recipes = read_recipes(path, &folders)?;
    memory::check_recipes(&recipes, &folders)?;
    let zoo = open::zoo_with(common, &common.runs, stop, folders)?;
    let networks = zoo.obtain(&recipes)?;
    let mut rows = Vec::new();
    for network in &networks {
        let test = network.recipe.load_data(zoo.folders())?.test;
        rows.push((network, (0 < test.n_samples()).then(|| accuracy(&network.network, &test))));
    }
    if common.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(network, accuracy)| {
                json!({
                    "hash": network.recipe.hash(),
                    "network": network.recipe.network,
                    "seed": network.recipe.seed,
                    "epochs": network.history.len(),
                    "best_epoch": network.best_epoch,
                    "seconds": network.seconds,
                    "checkpoints": network.checkpoints.iter().map(|(epoch, _)| epoch).collect::<Vec<_>>(),
                    "test_accuracy": accuracy,
                })
            })
            .collect();
        return print(&serde_json::to_string_pretty(&rows)?);
    }
    let mut table = Table::new(["network", "seed", "epochs", "best epoch", "s", "test accuracy", "folder"]);
    for (network, accuracy) in rows {
        table.row([
            network.recipe.network.to_string(),
            network.recipe.seed.to_string(),
            network.history.len().to_string(),
            network.best_epoch.to_string(),
            format!("{:.1}", network.seconds),
            accuracy.map_or("–".into(), |a| format!("{a:.4}")),
            format!("{}/networks/{}", common.runs.display(), network.recipe.hash()),
        ]);
    }
    print(&table.to_text())
}
