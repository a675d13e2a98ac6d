//! Every setting that sections share, with its default from the preset and `--set key=value` on top.

use serde::{Deserialize, Serialize};
use vitrine_data::JumpSettings;
use vitrine_explain::ascent::Ascent;
use vitrine_lab::{Preset, slip};
use vitrine_model::{Stop, TrainSettings};
use vitrine_tsne::Tsne;

/// Settings of a run; written out in full to `config.toml` before work starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Training signals (thesis: 12 000, 200 per class).
    pub n_train: usize,
    /// Validation signals (thesis: 6 000).
    pub n_validation: usize,
    /// Test signals of a recipe (thesis: 6 000).
    pub n_test: usize,
    /// Signals that detectors are compared on and activations averaged over (thesis: 60 000).
    pub n_evaluation: usize,
    /// The jump signals.
    pub signals: JumpSettings,
    /// Training of the networks of chapter 3; other chapters start from it.
    pub training: TrainSettings,
    /// Training of bottlenecks, which need thousands of epochs and rest on plateaus on the way.
    pub bottleneck_training: TrainSettings,
    /// Random starts of gradient ascent for each class.
    pub n_starts: usize,
    /// Signals that networks are fooled with.
    pub n_fooled: usize,
    /// Gradient ascent on inputs (thesis ch. 5).
    pub ascent: Ascent,
    /// t-SNE of signals and activations.
    pub tsne: Tsne,
}

impl Settings {
    /// The settings of a preset.
    pub fn of(preset: Preset) -> Settings {
        let training = |max_epochs, patience| TrainSettings {
            max_epochs,
            stop: Stop::ValidationLoss { patience },
            ..TrainSettings::default()
        };
        let thesis = Settings {
            n_train: 12_000,
            n_validation: 6_000,
            n_test: 6_000,
            n_evaluation: 60_000,
            signals: JumpSettings::default(),
            training: training(1_500, 30),
            bottleneck_training: training(10_000, 100),
            n_starts: 100,
            n_fooled: 300,
            ascent: Ascent::default(),
            tsne: Tsne::default(),
        };
        match preset {
            Preset::Quick | Preset::Full => thesis,
            Preset::Smoke => Settings {
                n_train: 1_200,
                n_validation: 600,
                n_test: 600,
                n_evaluation: 1_200,
                training: training(6, 30),
                bottleneck_training: training(6, 30),
                n_starts: 2,
                n_fooled: 20,
                ascent: Ascent { max_steps: 500, ..thesis.ascent },
                tsne: Tsne { n_early_iterations: 50, n_iterations: 100, ..Tsne::default() },
                ..thesis
            },
        }
    }

    /// The settings with `key=value` assignments applied: `signals.jump_size=2`, `training.learning_rate=0.03`.
    ///
    /// A value is read as TOML, and as a plain string where it is no TOML.
    pub fn with(self, assignments: &[String]) -> anyhow::Result<Settings> {
        let mut table = toml::Value::try_from(&self)?;
        for assignment in assignments {
            let (key, value) = assignment.split_once('=').ok_or_else(|| {
                slip(format!("--set {assignment}: want key=value, as in --set signals.jump_size=2"))
            })?;
            let slot = find(&mut table, key.trim()).ok_or_else(|| unknown_key(key.trim(), &self))?;
            *slot = parse_value(value.trim());
        }
        let settings: Settings = table.try_into().map_err(|e: toml::de::Error| {
            slip(format!("--set {}: {}", assignments.join(" "), e.message()))
        })?;
        settings.check().map_err(|why| slip(format!("--set {why}")))?;
        Ok(settings)
    }

    /// Refuses settings out of range.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check(&self) -> Result<(), String> {
        self.signals.check().map_err(|e| format!("signals: {e}"))?;
        self.training.check().map_err(|e| format!("training: {e}"))?;
        self.bottleneck_training.check().map_err(|e| format!("bottleneck_training: {e}"))?;
        self.ascent.check().map_err(|e| format!("ascent: {e}"))?;
        let counts = [
            ("n_train", self.n_train),
            ("n_evaluation", self.n_evaluation),
            ("n_starts", self.n_starts),
            ("n_fooled", self.n_fooled),
        ];
        for (name, n) in counts {
            if n == 0 {
                return Err(format!("{name}=0: at least one is needed"));
            }
        }
        Ok(())
    }
}

fn find<'a>(table: &'a mut toml::Value, key: &str) -> Option<&'a mut toml::Value> {
    key.split('.').try_fold(table, |value, part| value.as_table_mut()?.get_mut(part))
}

fn parse_value(text: &str) -> toml::Value {
    let as_toml: Result<toml::Table, _> = toml::from_str(&format!("value = {text}"));
    match as_toml {
        Ok(mut table) => table.remove("value").unwrap_or_else(|| toml::Value::String(text.into())),
        Err(_) => toml::Value::String(text.into()),
    }
}

fn unknown_key(key: &str, settings: &Settings) -> anyhow::Error {
    let mut known = Vec::new();
    if let Ok(value) = toml::Value::try_from(settings) {
        list_keys(&value, "", &mut known);
    }
    slip(format!("--set {key}: no such setting; there are {}", known.join(", ")))
}

fn list_keys(value: &toml::Value, prefix: &str, keys: &mut Vec<String>) {
    match value.as_table() {
        Some(table) => {
            for (name, inner) in table {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                list_keys(inner, &path, keys);
            }
        }
        None => keys.push(prefix.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_changes_one_setting() {
        let settings = Settings::of(Preset::Quick).with(&["signals.jump_size=2".into()]).unwrap();
        assert_eq!(settings.signals.jump_size, 2.0);
        assert_eq!(settings.n_train, 12_000);
    }

    #[test]
    fn an_unknown_key_names_the_known_ones() {
        let error = Settings::of(Preset::Quick).with(&["signals.size=2".into()]).unwrap_err();
        assert!(error.to_string().contains("signals.jump_size"), "{error}");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_refused() {
        assert!(Settings::of(Preset::Quick).with(&["n_train=many".into()]).is_err());
    }
}
