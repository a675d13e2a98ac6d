//! What a study ran with: written out in full before its findings, and read back by the report.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock;
use crate::origin::Origin;
use crate::plan::Plan;
use crate::recipe::Recipe;
use crate::run_name::RunName;

/// Settings, seeds and origin of a study's findings: `config.toml` of its folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// The study's id.
    pub section: String,
    /// The name of the run.
    pub run: RunName,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// What of the settings is not the preset's, in full.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// Names what the findings rest on: where it is the same they need not be measured again.
    #[serde(default)]
    pub fingerprint: String,
    /// When work began, RFC 3339.
    #[serde(default)]
    pub started: String,
    /// The content of the files that data were read from, by source.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub contents: BTreeMap<String, String>,
    /// What made them.
    #[serde(rename = "provenance")]
    pub origin: Origin,
    /// The settings.
    pub settings: toml::Table,
}

impl Config {
    /// The configuration of the study of that id at `plan`, with the recipes of its networks, starting now.
    pub fn new(
        section: &str,
        plan: &Plan,
        recipes: &[Recipe],
        fingerprint: String,
        origin: Origin,
    ) -> Config {
        let content = |recipe: &Recipe| Some((recipe.data.name().to_string(), recipe.data.content.clone()?));
        Config {
            contents: recipes.iter().filter_map(content).collect(),
            section: section.into(),
            run: plan.run.clone(),
            changes: plan.changes.clone(),
            seeds: plan.seeds.clone(),
            fingerprint,
            started: clock::now(),
            origin,
            settings: plan.settings.clone(),
        }
    }

    /// The plan that it was.
    pub fn plan(&self) -> Plan {
        Plan {
            run: self.run.clone(),
            seeds: self.seeds.clone(),
            settings: self.settings.clone(),
            changes: self.changes.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preset::Preset;

    #[test]
    fn a_configuration_survives_its_file() {
        let settings: toml::Table = toml::from_str("n = 3\n[training]\nrate = 0.5").unwrap();
        let changes = vec!["n=3".to_string()];
        let run = RunName::new(Preset::Smoke, None, &changes);
        let plan = Plan { run, seeds: vec![0, 1], settings, changes };
        let config = Config::new("1.1-x", &plan, &[], "ab".into(), Origin::default());
        let read: Config = toml::from_str(&toml::to_string(&config).unwrap()).unwrap();
        assert_eq!((&read, read.plan()), (&config, plan));
    }
}
