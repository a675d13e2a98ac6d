//! `vitrine data FILE`: what data are, in words and tables, or as JSON.

use vitrine_data::{Description, FeatureRange};
use vitrine_lab::{Table, data_streams, named_data, slip};

use super::arguments::Common;
use super::open;
use super::terminal::print;

/// Longer tables are cut; JSON has all.
const MAX_ROWS: usize = 40;

pub fn run(common: &Common, text: &str, label: Option<&str>, is_standardised: bool) -> anyhow::Result<()> {
    let (mut data, seed) = named_data(text)?;
    let settings =
        [label.map(|column| ("label", column)), is_standardised.then_some(("standardise", "true"))];
    for (key, value) in settings.into_iter().flatten() {
        data = data.with(key, value).map_err(|e| slip(e.to_string()))?;
    }
    let loaded = data.load_as_it_is(&data_streams(seed), &open::folders(common));
    let loaded = loaded.map_err(|e| if e.is_slip() { slip(e.to_string()) } else { e.into() })?;
    let described = Description::of(data.name(), &loaded);
    if common.json {
        return print(&serde_json::to_string_pretty(&described)?);
    }
    print(&text_of(&described))
}

fn text_of(data: &Description) -> String {
    let n_samples: usize = data.sets.iter().map(|set| set.n_samples).sum();
    let classes = match data.classes.len() {
        0 => "no labels".into(),
        n => format!("{n} classes"),
    };
    let mut text =
        format!("{}: {n_samples} samples of shape {:?}, {classes}\n\n", data.kind, data.feature_shape);
    let mut sets = Table::new(["set", "samples", "least", "greatest", "mean", "deviation"]);
    for set in &data.sets {
        let range = [set.min, set.max, set.mean, set.deviation].map(number);
        sets.row([set.name.clone(), set.n_samples.to_string()].into_iter().chain(range));
    }
    text += &sets.to_text();
    if !data.classes.is_empty() {
        let mut classes = Table::new(["class", "training", "validation", "test"]);
        for class in data.classes.iter().take(MAX_ROWS) {
            let counts = class.n_samples.map(|n| n.to_string());
            classes.row([class.name.escape_debug().to_string()].into_iter().chain(counts));
        }
        text += &format!("\n{}{}", classes.to_text(), rest(data.classes.len(), "classes"));
    }
    if !data.features.is_empty() {
        let mut features = Table::new(["feature, in training", "least", "greatest", "mean", "deviation"]);
        for FeatureRange { name, min, max, mean, deviation } in data.features.iter().take(MAX_ROWS) {
            let range = [min, max, mean, deviation].map(|value| number(*value));
            features.row([name.escape_debug().to_string()].into_iter().chain(range));
        }
        text += &format!("\n{}{}", features.to_text(), rest(data.features.len(), "features"));
    }
    text + "\n" + &remarks(data)
}

/// What deserves a second look, a line for each.
fn remarks(data: &Description) -> String {
    let mut lines = Vec::new();
    lines.push(match data.not_finite.is_empty() {
        true => "missing values: none".into(),
        false => format!("missing values: {}; nothing is trained on such data", data.not_finite.join("; ")),
    });
    lines.push(match data.n_constant {
        0 => "constant features: none".into(),
        n if n == data.constant.len() => format!("constant features: {n} ({})", list(&data.constant)),
        n => format!("constant features: {n} ({}, …)", list(&data.constant)),
    });
    lines.push(match (data.n_duplicates, data.n_contradictions) {
        (0, _) => "duplicates in training: none".into(),
        (n, 0) => format!("duplicates in training: {n}, with the same labels"),
        (n, m) => format!("duplicates in training: {n}, of which {m} have another label"),
    });
    lines.push(match &data.leaks[..] {
        [] => "leaks: no sample of validation or test is in training".into(),
        leaks => {
            let leak = |leak: &vitrine_data::Leak| {
                let [there, here] = leak.first;
                format!("{} of {} are in training, sample {there} as {here} first", leak.n_samples, leak.set)
            };
            format!("leaks: {}", leaks.iter().map(leak).collect::<Vec<_>>().join("; "))
        }
    });
    let not_trained = data.not_trained();
    if !not_trained.is_empty() {
        lines.push(format!("classes that training has no sample of: {}", list(&not_trained)));
    }
    if !data.concepts.is_empty() {
        lines.push(format!("masks: of {} concepts ({})", data.concepts.len(), list(&data.concepts)));
    }
    lines.join("\n") + "\n"
}

fn list<T: AsRef<str>>(names: &[T]) -> String {
    let start: Vec<String> =
        names.iter().take(MAX_ROWS).map(|n| n.as_ref().escape_debug().to_string()).collect();
    start.join(", ") + if MAX_ROWS < names.len() { ", …" } else { "" }
}

fn rest(n: usize, what: &str) -> String {
    match n.checked_sub(MAX_ROWS) {
        None | Some(0) => String::new(),
        Some(more) => format!("… and {more} {what} more\n"),
    }
}

fn number(value: Option<f64>) -> String {
    match value {
        None => "–".into(),
        Some(value) if value == 0.0 || (1e-3..1e6).contains(&value.abs()) => {
            let digits = format!("{value:.4}");
            digits.trim_end_matches('0').trim_end_matches('.').into()
        }
        Some(value) => format!("{value:.3e}"),
    }
}
