//! The name of a run: its preset, and whatever of its seeds and settings is not the preset's.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::names::short;
use crate::preset::Preset;
use crate::seeds::Seeds;

/// Letters of each part of a name: a longer one is cut and told apart by a hash, since file systems allow 255.
const MAX_LETTERS: usize = 100;

/// The name of a run, and of its folder: `quick`, or of a variant `quick+seeds=100..110+signals.size=2`.
///
/// A run over other seeds is a run of its own and does not stand in for the preset's, though its settings are those of
/// the preset; one with other settings answers another question than the preset's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunName {
    preset: Preset,
    seeds: Option<String>,
    settings: Option<String>,
}

impl From<Preset> for RunName {
    fn from(preset: Preset) -> RunName {
        RunName { preset, seeds: None, settings: None }
    }
}

impl RunName {
    /// The name of a run of `preset` over those seeds, where others than the preset's were asked for, with those
    /// changes of its settings, `KEY=VALUE` each.
    pub fn new(preset: Preset, seeds: Option<&Seeds>, changes: &[String]) -> RunName {
        let settings = (!changes.is_empty()).then(|| file_name(&changes.join("+")));
        RunName { preset, seeds: seeds.map(|seeds| file_name(&seeds.to_string())), settings }
    }

    /// The preset.
    pub fn preset(&self) -> Preset {
        self.preset
    }

    /// Its seeds, where they are not the preset's, as they stand in the name.
    pub fn seeds(&self) -> Option<&str> {
        self.seeds.as_deref()
    }

    /// Whether it is the preset itself.
    pub fn is_preset(&self) -> bool {
        self.has_preset_seeds() && self.has_preset_settings()
    }

    /// Whether its seeds are the preset's.
    pub fn has_preset_seeds(&self) -> bool {
        self.seeds.is_none()
    }

    /// Whether its settings are the preset's: only then do its numbers answer what the preset's answer.
    pub fn has_preset_settings(&self) -> bool {
        self.settings.is_none()
    }
}

/// What of `settings` differs from `preset_settings`: `KEY=VALUE` each, sorted by key. What is no longer there is `none`.
pub fn changes(preset_settings: &toml::Table, settings: &toml::Table) -> Vec<String> {
    let (before, now) = (leaves(preset_settings), leaves(settings));
    let is_above = |a: &str, b: &str| b.strip_prefix(a).is_some_and(|rest| rest.starts_with('.'));
    let changed = now.iter().filter(|(key, value)| before.get(*key) != Some(value));
    // A value in the place of a table, or the reverse, says by itself that the other is gone.
    let is_gone = |key: &&String| {
        !now.contains_key(*key) && !now.keys().any(|other| is_above(other, key) || is_above(key, other))
    };
    let gone = before.keys().filter(is_gone).map(|key| format!("{key}=none"));
    let mut changes: Vec<String> =
        changed.map(|(key, value)| format!("{key}={}", text(value))).chain(gone).collect();
    changes.sort();
    changes
}

/// The values of a table by their paths, `signals.size`.
fn leaves(table: &toml::Table) -> BTreeMap<String, &toml::Value> {
    let mut leaves = BTreeMap::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(inner) => {
                leaves
                    .extend(self::leaves(inner).into_iter().map(|(below, v)| (format!("{key}.{below}"), v)));
            }
            _ => _ = leaves.insert(key.clone(), value),
        }
    }
    leaves
}

/// A value in few letters: a whole number without its fraction, a word without quotes.
fn text(value: &toml::Value) -> String {
    match value {
        toml::Value::Float(number) => number.to_string(),
        toml::Value::String(word) => word.clone(),
        toml::Value::Array(items) => format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

fn is_safe(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "._=,+-[]".contains(letter)
}

/// A text as part of a file's name. One that is too long or holds other letters is changed, and ends in a hash, so that
/// different texts have different names.
fn file_name(text: &str) -> String {
    if text.len() <= MAX_LETTERS && text.chars().all(is_safe) {
        return text.into();
    }
    let hash = &short(blake3::hash(text.as_bytes()))[..8];
    let safe = text.chars().map(|letter| if is_safe(letter) { letter } else { '-' });
    format!("{}~{hash}", safe.take(MAX_LETTERS - hash.len() - 1).collect::<String>())
}

impl fmt::Display for RunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.preset)?;
        if let Some(seeds) = &self.seeds {
            write!(f, "+{SEEDS}{seeds}")?;
        }
        self.settings.as_ref().map_or(Ok(()), |settings| write!(f, "+{settings}"))
    }
}

/// What stands before the seeds of a name.
const SEEDS: &str = "seeds=";

impl FromStr for RunName {
    type Err = String;

    fn from_str(name: &str) -> Result<RunName, String> {
        let (preset, rest) = name.split_once('+').map_or((name, None), |(preset, rest)| (preset, Some(rest)));
        let (seeds, settings) = match rest.and_then(|rest| rest.strip_prefix(SEEDS)) {
            Some(seeds) => match seeds.split_once('+') {
                Some((seeds, settings)) => (Some(seeds), Some(settings)),
                None => (Some(seeds), None),
            },
            None => (None, rest),
        };
        let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| is_safe(c) || c == '~');
        if let Some(part) = [seeds, settings].into_iter().flatten().find(|part| !is_part(part)) {
            return Err(format!(
                "`{part}` in `{name}` is no part of a run's name; want one as in quick+seeds=0..5"
            ));
        }
        Ok(RunName {
            preset: preset.parse()?,
            seeds: seeds.map(Into::into),
            settings: settings.map(Into::into),
        })
    }
}

impl TryFrom<String> for RunName {
    type Error = String;

    fn try_from(name: String) -> Result<RunName, String> {
        name.parse()
    }
}

impl From<RunName> for String {
    fn from(name: RunName) -> String {
        name.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> toml::Table {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn changes_are_of_values_not_of_what_was_typed() {
        let preset = table("n = 3\n[signals]\nsize = 3.0\nsigma = 1.0\nkept = [0]\n[a]\nb = 1\n");
        assert_eq!(changes(&preset, &preset), [""; 0]);
        let changed = table(
            "n = 3\nlate = 0.5\n[signals]\nsize = 2.0\nkept = [0, 4]\n[signals.sigma]\nlow = 0.5\nhigh = 2.0\n[a]\n",
        );
        assert_eq!(
            changes(&preset, &changed),
            [
                "a.b=none",
                "late=0.5",
                "signals.kept=[0,4]",
                "signals.sigma.high=2",
                "signals.sigma.low=0.5",
                "signals.size=2"
            ]
        );
    }

    #[test]
    fn a_name_is_read_as_it_is_written_and_says_what_is_not_the_preset_s() {
        let seeds: Seeds = "100..110".parse().unwrap();
        let changes = ["signals.size=2".to_string(), "stop=never".to_string()];
        let names = [
            (RunName::from(Preset::Quick), "quick", true, true),
            (RunName::new(Preset::Quick, Some(&seeds), &[]), "quick+seeds=100..110", false, true),
            (RunName::new(Preset::Quick, None, &changes[..1]), "quick+signals.size=2", true, false),
            (
                RunName::new(Preset::Smoke, Some(&seeds), &changes),
                "smoke+seeds=100..110+signals.size=2+stop=never",
                false,
                false,
            ),
        ];
        for (name, written, has_seeds, has_settings) in names {
            assert_eq!((name.to_string().as_str(), written.parse().as_ref()), (written, Ok(&name)));
            assert_eq!((name.has_preset_seeds(), name.has_preset_settings()), (has_seeds, has_settings));
            assert_eq!(name.is_preset(), has_seeds && has_settings);
        }
    }

    #[test]
    fn long_and_strange_changes_have_names_of_files_that_differ_where_they_do() {
        let name = |change: String| RunName::new(Preset::Quick, None, &[change]);
        let long = |last: &str| name(format!("key={}{last}", "1".repeat(200)));
        let strange = |letter: &str| name(format!("key=a{letter}b/../é"));
        for (one, other) in [(long("1"), long("2")), (strange("/"), strange(":"))] {
            let text = one.to_string();
            assert!(text.len() < 120 && text.chars().all(|c| is_safe(c) || c == '~'), "{text}");
            assert!(one != other && text.parse() == Ok(one));
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for (text, why) in [
            ("quik", "no preset `quik`"),
            ("quick+", "no part of a run's name"),
            ("quick+a/../b", "no part of a run's name"),
            ("quick+seeds=", "no part of a run's name"),
        ] {
            let error = text.parse::<RunName>().unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
