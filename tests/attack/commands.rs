//! Random command lines: words, numbers and settings in and out of range, at the smallest preset.

use std::ffi::OsString;

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use vitrine::thesis::{SECTIONS, Settings};
use vitrine_lab::Preset;

use super::process::{bounded, judged};
use super::scale;
use super::tally::Tally;

/// Numbers and words that a setting or an option may be given.
const VALUES: [&str; 44] = [
    "0",
    "1",
    "2",
    "3",
    "5",
    "7",
    "19",
    "20",
    "21",
    "50",
    "60",
    "80",
    "81",
    "99",
    "100",
    "101",
    "200",
    "1000",
    "-1",
    "-0.5",
    "0.01",
    "0.5",
    "1.5",
    "1e-300",
    "1e300",
    "nan",
    "inf",
    "-inf",
    "1000000",
    "1000000000000",
    "9223372036854775807",
    "99999999999999999999",
    "",
    "x",
    "true",
    "[]",
    "[1, 2]",
    "{low = 0.5, high = 2.0}",
    "{kind = \"cosine\", epochs = 5}",
    "'",
    "<b>",
    "..",
    "Ünï",
    "\u{1f9ff}",
];

/// What may stand for seeds.
const SEEDS: [&str; 18] = [
    "1",
    "2",
    "3",
    "0",
    "-1",
    "1e3",
    "1000000000000",
    "18446744073709551615",
    "3,7",
    "5..7",
    "7..5",
    "5..5",
    "1,1",
    "a",
    "",
    "0..99999999999",
    "3,",
    "..",
];

/// Networks as a stranger writes them.
const NETWORKS: [&str; 20] = [
    "mlp:100-60",
    "mlp:100-0-60",
    "mlp:",
    "mlp:100",
    "mlp:20-1048576-1048576-8",
    "mlp:99999999999999999999-2",
    "cnn:100,conv5,60",
    "cnn:100,conv0,60",
    "cnn:100,conv101,60",
    "cnn:100,conv5",
    "cnn:,,",
    "bottleneck:100-2-60",
    "bottleneck:100-60",
    "mlp:100-100+relu+relu-60",
    "mlp:100-100+dropout1.5-60",
    "mlp:100-100+dropout-1-60",
    "x:y",
    "",
    "mlp:100-100+bn-60",
    "mlp:4294967295-4294967295",
];

/// Tries `n` command lines.
pub fn attack(n: usize) -> Tally {
    let mut tally = Tally::new("command lines and settings");
    let mut rng = scale::rng(1);
    let keys = setting_keys();
    let (runs, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for _ in 0..n {
        let mut command = bounded(runs.path());
        command.args(arguments(&keys, &mut rng));
        tally.add(judged(&mut command, scratch.path()));
    }
    tally
}

/// The keys of all settings, and some that are none.
fn setting_keys() -> Vec<String> {
    let table = toml::Value::try_from(Settings::of(Preset::Smoke)).unwrap();
    let mut keys: Vec<String> =
        ["signals.sigma_after", "tsne.learning_rate", "signals", "x", "signals.x", "", "."]
            .map(String::from)
            .into();
    list(&table, "", &mut keys);
    keys
}

fn list(value: &toml::Value, path: &str, keys: &mut Vec<String>) {
    match value.as_table() {
        Some(table) => {
            for (name, inner) in table {
                list(inner, &if path.is_empty() { name.clone() } else { format!("{path}.{name}") }, keys);
            }
        }
        None => keys.push(path.into()),
    }
}

fn arguments(keys: &[String], rng: &mut impl Rng) -> Vec<OsString> {
    let mut words: Vec<String> = match rng.random_range(0..12) {
        0 => vec!["list".into(), "--preset".into(), pick(&["smoke", "quick", "full", "x"], rng)],
        1 => vec!["claims".into(), "--preset".into(), "smoke".into()],
        2 => vec!["report".into(), "--preset".into(), pick(&["smoke", "full"], rng)],
        3 => vec!["draw".into(), target(rng), "--preset".into(), "smoke".into()],
        4 => vec!["describe".into(), pick(&NETWORKS, rng)],
        5 => vec![pick(&["devices", "verify", "data", "frobnicate", ""], rng), pick(&VALUES, rng)],
        _ => reproduce(keys, rng),
    };
    for _ in 0..rng.random_range(0..3) {
        words.extend(option(rng));
    }
    words.into_iter().map(OsString::from).collect()
}

fn reproduce(keys: &[String], rng: &mut impl Rng) -> Vec<String> {
    let mut words = vec!["reproduce".into(), target(rng), "--preset".into(), "smoke".into()];
    if rng.random_bool(0.3) {
        words.push(target(rng));
    }
    if rng.random_bool(0.3) {
        words.extend(["--seeds".into(), pick(&SEEDS, rng)]);
    }
    for _ in 0..rng.random_range(0..3) {
        let key = keys.choose(rng).cloned().unwrap_or_default();
        words.extend(["--set".into(), format!("{key}={}", pick(&VALUES, rng))]);
    }
    words
}

/// A section, figure, table or chapter; or none.
fn target(rng: &mut impl Rng) -> String {
    let about = SECTIONS.choose(rng).map(|section| section.about()).unwrap();
    match rng.random_range(0..8) {
        0 => about.figures.choose(rng).map_or("fig".into(), |figure| format!("fig{figure}")),
        1 => about.tables.choose(rng).map_or("table".into(), |table| format!("table{table}")),
        2 => pick(&["ch9", "fig9.9", "../x", "", "ch", "3", "all ", "\u{0301}", "--", "fig-1"], rng),
        _ => about.id.into(),
    }
}

fn option(rng: &mut impl Rng) -> Vec<String> {
    let (option, values): (&str, &[&str]) = *[
        ("--threads", &["1", "2", "0", "-1", "1000000", "99999999999999999999", "x"][..]),
        ("--device", &["cpu", "wgpu", "tpu", ""]),
        ("--engine", &["auto", "fused", "general", "x"]),
        ("--mnist", &["/nowhere", "/dev/null", "", "."]),
        ("--runs", &["/dev/null", "/proc/x", ""]),
        ("--json", &[]),
        ("--quiet", &[]),
        ("--force", &[]),
        ("--skip", &["ch3", "x", "all"]),
        ("--only", &["ch3", "x", "fig3.1"]),
        ("--width", &["8.5cm", "-1cm", "nan", "1e300cm", "0"]),
        ("--format", &["svg", "pdf", "png", "gif"]),
        ("--help", &[]),
        ("--preset", &["smoke", "x"]),
        ("--variant", &["smoke+signals.jump_size=2", "..", "", "smoke"]),
    ]
    .choose(rng)
    .unwrap();
    let mut words = vec![option.to_string()];
    if !values.is_empty() {
        words.push(pick(values, rng));
    }
    words
}

fn pick(among: &[&str], rng: &mut impl Rng) -> String {
    among.choose(rng).copied().unwrap_or_default().to_string()
}
