//! `vitrine train RECIPE.toml`: one recipe or a grid of them, into the zoo.

use std::path::Path;

use serde_json::json;
use vitrine_data::Split;

use crate::cli::Common;
use crate::recipe;
use crate::table::Table;
use crate::terminal::print;
use crate::zoo::TrainedNetwork;

pub fn run(common: &Common, path: &Path) -> anyhow::Result<()> {
    let recipes = recipe::read_file(path)?;
    let zoo = super::open_zoo(common, &common.runs)?;
    let networks = zoo.obtain(&recipes)?;
    let mut rows = Vec::new();
    for network in &networks {
        let recipe = &network.recipe;
        let data = recipe.data.load(&recipe.data_streams(), common.mnist.as_deref())?;
        rows.push((network, test_accuracy(network, &data)));
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

/// Share of test samples classified right; `None` without a test set.
fn test_accuracy(network: &TrainedNetwork, data: &Split) -> Option<f64> {
    let n = data.test.n_samples();
    let predicted = network.network.predict(data.test.inputs.view());
    let right = predicted.iter().zip(&data.test.labels).filter(|(p, t)| p == t).count();
    (0 < n).then(|| right as f64 / n as f64)
}
