//! What a section ran with: written out in full before work starts, and read back by the report.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::context::Plan;
use crate::preset::Preset;
use crate::run_folder::Provenance;
use crate::section::Section;
use crate::settings::Settings;

/// Settings, seeds and origin of a section's findings: `config.toml` of its folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// The section's id.
    pub section: String,
    /// The preset.
    pub preset: Preset,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// Names program, settings and seeds: findings with the same fingerprint need not be measured again.
    #[serde(default)]
    pub fingerprint: String,
    /// When work began, RFC 3339.
    #[serde(default)]
    pub started: String,
    /// What made them.
    pub provenance: Provenance,
    /// The settings.
    pub settings: Settings,
}

impl Config {
    /// The configuration of `section` at `plan`, starting now.
    pub fn new(section: &dyn Section, plan: &Plan, device: &str) -> Config {
        Config {
            section: section.about().id.into(),
            preset: plan.preset,
            seeds: plan.seeds.clone(),
            fingerprint: fingerprint(section, plan),
            started: crate::clock::now(),
            provenance: Provenance::here(device),
            settings: plan.settings.clone(),
        }
    }
}

/// 16 hexadecimal digits of the BLAKE3 hash of everything that decides a section's findings: the program itself,
/// the section, preset, settings and seeds, and the recipes of its networks.
pub fn fingerprint(section: &dyn Section, plan: &Plan) -> String {
    let mut hasher = blake3::Hasher::new();
    let settings = toml::to_string(&plan.settings).unwrap_or_else(|e| unreachable!("plain data: {e}"));
    let recipes: Vec<String> = section.recipes(plan).iter().map(|r| r.hash()).collect();
    for part in [
        program(),
        section.about().id,
        &plan.preset.to_string(),
        &settings,
        &format!("{:?}", plan.seeds),
        &recipes.join(" "),
    ] {
        hasher.update(part.as_bytes()).update(b"\n");
    }
    hasher.finalize().to_hex()[..16].to_string()
}

/// The running program by its content, so that a changed formula measures again; by its version where it cannot
/// be read.
fn program() -> &'static str {
    static PROGRAM: LazyLock<String> = LazyLock::new(|| {
        let bytes = std::env::current_exe().and_then(std::fs::read);
        bytes.map_or(env!("CARGO_PKG_VERSION").into(), |b| blake3::hash(&b).to_hex().to_string())
    });
    &PROGRAM
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::SECTIONS;

    fn plan(seeds: &[u64]) -> Plan {
        Plan { preset: Preset::Smoke, settings: Settings::of(Preset::Smoke), seeds: seeds.to_vec() }
    }

    #[test]
    fn a_fingerprint_changes_with_the_section_the_seeds_and_the_settings() {
        let of_plan = |plan: &Plan| fingerprint(SECTIONS[0], plan);
        let one = of_plan(&plan(&[0]));
        assert_eq!(one, of_plan(&plan(&[0])));
        assert_ne!(one, of_plan(&plan(&[0, 1])));
        assert_ne!(one, fingerprint(SECTIONS[1], &plan(&[0])));
        let mut other = plan(&[0]);
        other.settings.signals.jump_size = 2.0;
        assert_ne!(one, of_plan(&other));
    }

    #[test]
    fn a_configuration_survives_its_file() {
        let config = Config::new(SECTIONS[0], &plan(&[0, 1]), "cpu");
        let read: Config = toml::from_str(&toml::to_string(&config).unwrap()).unwrap();
        assert_eq!(read, config);
    }
}
