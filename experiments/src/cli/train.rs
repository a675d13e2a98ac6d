//! `vitrine train`: recipes of a file, or one of the command line, into the zoo.

use std::path::Path;
use std::sync::Arc;

use ndarray::Array2;
use serde_json::json;
use vitrine_data::Folders;
use vitrine_lab::{
    Recipe, StopFlag, Table, TrainedNetwork, confusion, named_data, read_recipes, recipes_of, slip,
};

use super::arguments::Common;
use super::model_commands::Train;
use super::terminal::print;
use super::{memory, open};

/// Classes whose confusions fit a terminal.
const MAX_SHOWN: usize = 12;

/// A network with what it makes of its test set: nothing, where there is none.
struct Tested {
    network: Arc<TrainedNetwork>,
    classes: Vec<String>,
    confusion: Option<Array2<usize>>,
}

pub fn run(common: &Common, args: &Train, stop: &StopFlag) -> anyhow::Result<()> {
    // One for all, so that files are read once.
    let folders = open::folders(common);
    let recipes = recipes(args, &folders)?;
    memory::check_recipes(&recipes, &folders)?;
    let zoo = open::zoo_with(common, &common.runs, stop, folders)?;
    let mut tested = Vec::new();
    for network in zoo.obtain(&recipes)? {
        let test = network.recipe.load_data(zoo.folders())?.test;
        let confusion = (0 < test.n_samples()).then(|| confusion(&network.network, &test));
        tested.push(Tested { network, classes: test.classes().to_vec(), confusion });
    }
    match common.json {
        true => print(&serde_json::to_string_pretty(&tested.iter().map(Tested::json).collect::<Vec<_>>())?),
        false => print(&(table(common, &tested) + &confusions(&tested))),
    }
}

/// The recipes of the file, or of the command line.
fn recipes(args: &Train, folders: &Folders) -> anyhow::Result<Vec<Recipe>> {
    let Some(data) = &args.data else {
        return read_recipes(args.recipe.as_deref().unwrap_or(Path::new("")), folders);
    };
    let (data, seed) = named_data(data)?;
    let seeds = args.seeds.as_ref().map_or(vec![seed], |seeds| seeds.to_vec());
    let mut table = toml::Table::new();
    table.insert("network".into(), toml::Value::try_from(&args.network)?);
    table.insert("seed".into(), toml::Value::try_from(seeds)?);
    table.insert("data".into(), toml::Value::try_from(data)?);
    let mut training = toml::Table::new();
    for setting in &args.set {
        let (key, value) = setting
            .split_once('=')
            .ok_or_else(|| slip(format!("--set {setting}: is no KEY=VALUE, as in optimiser=adam")))?;
        put(&mut training, key.trim(), value.trim())
            .map_err(|why| slip(format!("--set {setting}: {why}")))?;
    }
    table.insert("training".into(), training.into());
    recipes_of(&table, "the options", Path::new(""), folders)
}

/// Puts a value, in TOML or as plain text, under a key with points.
fn put(table: &mut toml::Table, key: &str, value: &str) -> Result<(), String> {
    let parsed = toml::from_str::<toml::Table>(&format!("x = {value}")).ok().and_then(|mut t| t.remove("x"));
    let value = parsed.unwrap_or_else(|| toml::Value::String(value.into()));
    let mut parts: Vec<&str> = key.split('.').collect();
    let last = parts.pop().filter(|last| !last.is_empty()).ok_or("names no setting")?;
    let mut table = table;
    for part in parts {
        let inner = table.entry(part).or_insert_with(|| toml::Table::new().into());
        table = inner.as_table_mut().ok_or("is set twice, as a value and as a table")?;
    }
    table.insert(last.into(), value);
    Ok(())
}

impl Tested {
    fn accuracy(&self) -> Option<f64> {
        let counts = self.confusion.as_ref()?;
        Some(counts.diag().sum() as f64 / counts.sum() as f64)
    }

    fn json(&self) -> serde_json::Value {
        let network = &self.network;
        let rows =
            |counts: &Array2<usize>| counts.rows().into_iter().map(|row| row.to_vec()).collect::<Vec<_>>();
        json!({
            "hash": network.recipe.hash(),
            "network": network.recipe.network,
            "seed": network.recipe.seed,
            "epochs": network.history.len(),
            "best_epoch": network.best_epoch,
            "seconds": network.seconds,
            "checkpoints": network.checkpoints.iter().map(|(epoch, _)| epoch).collect::<Vec<_>>(),
            "test_accuracy": self.accuracy(),
            "classes": self.classes,
            "confusion": self.confusion.as_ref().map(rows),
            "history": network.history,
        })
    }
}

fn table(common: &Common, tested: &[Tested]) -> String {
    let mut table = Table::new(["network", "seed", "epochs", "best epoch", "s", "test accuracy", "folder"]);
    for each in tested {
        let network = &each.network;
        table.row([
            network.recipe.network.to_string(),
            network.recipe.seed.to_string(),
            network.history.len().to_string(),
            network.best_epoch.to_string(),
            format!("{:.1}", network.seconds),
            each.accuracy().map_or("–".into(), |a| format!("{a:.4}")),
            format!("{}/networks/{}", common.runs.display(), network.recipe.hash()),
        ]);
    }
    table.to_text()
}

/// What the networks together take for what on their test sets, where that fits a terminal.
fn confusions(tested: &[Tested]) -> String {
    let Some(first) = tested.first().filter(|first| (1..=MAX_SHOWN).contains(&first.classes.len())) else {
        return String::new();
    };
    let alike = |each: &&Tested| each.classes == first.classes;
    let counts: Vec<&Array2<usize>> =
        tested.iter().take_while(alike).filter_map(|each| each.confusion.as_ref()).collect();
    let (Some(start), true) = (counts.first(), counts.len() == tested.len()) else { return String::new() };
    let sum = counts[1..].iter().fold((*start).clone(), |sum, counts| sum + *counts);
    let headers = std::iter::once("class ↓ taken for →".to_string()).chain(first.classes.iter().cloned());
    let mut table = Table::new(headers);
    for (class, row) in first.classes.iter().zip(sum.rows()) {
        table.row(std::iter::once(class.clone()).chain(row.iter().map(usize::to_string)));
    }
    let of = if tested.len() == 1 {
        "The test set".into()
    } else {
        format!("The test sets of {} networks", tested.len())
    };
    format!("\n{of}:\n{}", table.to_text())
}
