//! How much is measured, over which seeds, with which settings; and what studies are given to work with.

use crate::preset::Preset;
use crate::stop::StopFlag;
use crate::zoo::Zoo;

/// Preset, seeds and settings of a run, as the bench writes them down.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The preset.
    pub preset: Preset,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// The settings in full, whatever they are to those who use them.
    pub settings: toml::Table,
}

/// What studies are given: besides what the bench asks for here, whatever they need of their own.
pub trait Given: Sync {
    /// The plan of the run.
    fn plan(&self) -> Plan;

    /// The trained networks.
    fn zoo(&self) -> &Zoo;

    /// The request to stop.
    fn stop(&self) -> &StopFlag {
        self.zoo().stop()
    }
}
