//! How much is measured, over which seeds, with which settings; and what studies are given to work with.

use crate::preset::Preset;
use crate::run_name::RunName;
use crate::stop::StopFlag;
use crate::zoo::Zoo;

/// Name, seeds and settings of a study's run, as the bench writes them down.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The name of the run.
    pub run: RunName,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// The settings in full, whatever they are to those who use them.
    pub settings: toml::Table,
    /// What of the settings is not the preset's, `KEY=VALUE` each and in full, where the name may be cut short.
    pub changes: Vec<String>,
}

impl Plan {
    /// A preset as it is.
    pub fn of(preset: Preset, seeds: Vec<u64>, settings: toml::Table) -> Plan {
        Plan { run: preset.into(), seeds, settings, changes: Vec::new() }
    }
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
