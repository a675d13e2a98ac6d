//! How much work a run does: `smoke` for tests, `quick` for a paper's own settings, `full` for many seeds.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A named amount of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Seconds: a tenth of the data and a handful of epochs. For tests; its numbers mean nothing.
    Smoke,
    /// The paper's own settings, over as many seeds as minutes allow.
    Quick,
    /// The paper's own settings over many seeds.
    Full,
}

impl Preset {
    /// All of them, the least work first.
    pub const ALL: [Preset; 3] = [Preset::Smoke, Preset::Quick, Preset::Full];

    fn word(self) -> &'static str {
        match self {
            Preset::Smoke => "smoke",
            Preset::Quick => "quick",
            Preset::Full => "full",
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Preset {
    type Err = String;

    fn from_str(text: &str) -> Result<Preset, String> {
        let known = Preset::ALL.into_iter().find(|preset| preset.word() == text);
        known.ok_or_else(|| format!("no preset `{text}`; there are smoke, quick, full"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_read_as_they_are_written() {
        assert!(Preset::ALL.into_iter().all(|preset| preset.to_string().parse() == Ok(preset)));
        assert!("quik".parse::<Preset>().unwrap_err().contains("smoke, quick, full"));
    }
}
