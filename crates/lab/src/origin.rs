//! What made a file.

use std::fmt;

use serde::{Deserialize, Serialize};
use vitrine_model::EngineChoice;

/// Device, engine, version and commit that a result comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Device of the training.
    pub device: String,
    /// Engine of the training: of a network the one that trained it, of findings the one that was asked for.
    #[serde(default)]
    pub engine: String,
    /// Version of the program.
    pub version: String,
    /// Commit of the checkout that the program was built in, where it is known.
    pub commit: Option<String>,
}

impl Origin {
    /// Whether it is of the engine that is asked for: any is, where none in particular is, or its own was not written
    /// down.
    pub fn is_of_engine(&self, asked: EngineChoice) -> bool {
        asked == EngineChoice::Auto || self.engine.is_empty() || self.engine == asked.to_string()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commit = self.commit.as_deref().unwrap_or("unknown");
        let Origin { device, engine, version, .. } = self;
        write!(f, "version {version}, commit {commit}, device {device}, engine {engine}")
    }
}
