//! Random recipes for `vitrine train`: right and wrong networks, data and settings in every combination, then mutated.

use std::fs;

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

use super::mutate::mutated;
use super::process::{bounded, judged};
use super::scale;
use super::tally::Tally;

/// Networks that fit the signals; the others are there to be refused.
const SOUND: [&str; 6] = [
    "\"mlp:100-60\"",
    "\"mlp:100-20-60\"",
    "[\"mlp:100-60\", \"mlp:100-4-60\"]",
    "\"cnn:100,conv5,60\"",
    "\"cnn:100,conv7+relu,10+tanh+dropout0.2,60\"",
    "\"bottleneck:100-2-60\"",
];
const UNSOUND: [&str; 8] = [
    "[]",
    "\"mlp:100-1048576-1048576-60\"",
    "\"mlp:100-99999999999999999999-60\"",
    "\"mlp:50-60\"",
    "7",
    "\"\"",
    "[1]",
    "\"mlp:100-10+bn-60\"",
];

/// Lines of the three parts of a recipe, right and wrong.
const TRAINING: [&str; 22] = [
    "learning_rate = 0.01",
    "learning_rate = 0.1",
    "learning_rate = -1",
    "learning_rate = nan",
    "learning_rate = 1e300",
    "batch_size = 1",
    "batch_size = 0",
    "batch_size = 1000000000000",
    "max_epochs = 0",
    "max_epochs = 1000000000000",
    "optimiser = \"adam\"",
    "optimiser = \"x\"",
    "optimiser = \"sgd\"\nmomentum = 0.9",
    "momentum = 1.5",
    "schedule = { kind = \"cosine\", epochs = 5 }",
    "schedule = { kind = \"step\", step_size = 0, gamma = 0.1 }",
    "schedule = { kind = \"step\", step_size = 2, gamma = 0.5 }",
    "schedule = \"constant\"",
    "stop = { kind = \"validation_loss\", patience = 0 }",
    "weight_decay = -1.0",
    "unknown = 1",
    "",
];
const DATA: [&str; 12] = [
    "n_train = 100",
    "n_train = 240",
    "n_train = 0",
    "n_train = 1000000000000",
    "n_validation = 0",
    "n_test = 7",
    "n_test = 0",
    "corruption = \"x\"",
    "corruption = { kind = \"shuffled_labels\" }",
    "unknown = 1",
    "",
    "",
];
const SIGNALS: [&str; 12] = [
    "jump_size = 2",
    "jump_size = nan",
    "first_jump = 20",
    "last_jump = 500",
    "last_jump = 50",
    "n_features = 200",
    "n_features = 0",
    "n_features = 1000000000000",
    "sigma_before = 0.5",
    "sigma_before = -1",
    "sigma_before = { low = 2, high = 1 }",
    "sigma_after = 0.5",
];

/// Tries `n` recipes.
pub fn attack(n: usize) -> Tally {
    let mut tally = Tally::new("recipes");
    let mut rng = scale::rng(2);
    let (runs, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = scratch.path().join("recipe.toml");
    for _ in 0..n {
        fs::write(&path, recipe(&mut rng)).unwrap();
        let mut command = bounded(runs.path());
        command.arg("train").arg(&path);
        tally.add(judged(&mut command, scratch.path()));
    }
    tally
}

fn recipe(rng: &mut impl Rng) -> Vec<u8> {
    let mut one = |among: &[&str], chance: f64| -> String {
        if rng.random_bool(chance) {
            among.choose(rng).map_or(String::new(), |line| format!("{line}\n"))
        } else {
            String::new()
        }
    };
    let (unsound, seed) =
        (one(&UNSOUND, 0.15), one(&["seed = 1", "seed = [0, 1]", "seed = []", "seed = -1"], 0.2));
    let (data, signals) = (one(&DATA, 0.4), one(&SIGNALS, 0.3));
    let training = [one(&TRAINING, 0.5), one(&TRAINING, 0.2)].concat();
    let kind = one(&["mnist", "cifar", ""], 0.05);
    let network =
        if unsound.is_empty() { SOUND.choose(rng).copied().unwrap_or_default() } else { unsound.trim() };
    // What is not said otherwise is small, so that a sound recipe trains at once.
    let unless = |text: &str, key: &str, line: &str| {
        if text.contains(key) { String::new() } else { format!("{line}\n") }
    };
    let text = format!(
        "network = {network}\n{seed}[data]\nkind = \"{}\"\n{}{}{}{data}{}[training]\n{}{training}",
        if kind.is_empty() { "jump" } else { kind.trim() },
        unless(&data, "n_train", "n_train = 120"),
        unless(&data, "n_validation", "n_validation = 60"),
        unless(&data, "n_test", "n_test = 60"),
        if signals.is_empty() { String::new() } else { format!("[data.signals]\n{signals}") },
        unless(&training, "max_epochs", "max_epochs = 2"),
    );
    if rng.random_bool(0.2) { mutated(text.as_bytes(), rng) } else { text.into_bytes() }
}
