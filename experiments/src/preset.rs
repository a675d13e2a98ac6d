//! How much work a run does: `smoke` for tests, `quick` for the thesis' own settings, `full` for many seeds.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A named amount of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Seconds: a tenth of the data and a handful of epochs. For tests; its numbers mean nothing.
    Smoke,
    /// The thesis' own settings over one seed.
    Quick,
    /// The thesis' own settings over twenty seeds.
    Full,
}

impl Preset {
    /// How many seeds the preset runs unless `--seeds` says otherwise.
    pub fn n_seeds(self) -> u64 {
        match self {
            Preset::Smoke | Preset::Quick => 1,
            Preset::Full => 20,
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Preset::Smoke => "smoke",
            Preset::Quick => "quick",
            Preset::Full => "full",
        })
    }
}
