//! What made a file.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Device, version and commit that a result comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Device of the training.
    pub device: String,
    /// Version of the program.
    pub version: String,
    /// Commit of the checkout that the program was built in, where it is known.
    pub commit: Option<String>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commit = self.commit.as_deref().unwrap_or("unknown");
        write!(f, "version {}, commit {commit}, device {}", self.version, self.device)
    }
}
