//! Every setting that sections share, with its default from the preset and `--set key=value` on top.

use serde::{Deserialize, Serialize};
use vitrine_data::{JumpSettings, Sigma};
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
        let known = toml::Value::try_from(self.with_all_given())?;
        for assignment in assignments {
            let (key, value) = assignment.split_once('=').ok_or_else(|| {
                slip(format!("--set {assignment}: want key=value, as in --set signals.jump_size=2"))
            })?;
            if !set(&mut table, &known, key.trim(), parse_value(value.trim())) {
                return Err(unknown_key(key.trim(), &known));
            }
        }
        let settings: Settings = table.try_into().map_err(|e: toml::de::Error| {
            slip(format!("--set {}: {}", assignments.join(" "), e.message()))
        })?;
        settings.check().map_err(|why| slip(format!("--set {why}")))?;
        Ok(settings)
    }

    /// The same with every setting given that may be left out, so that all of them have their keys.
    fn with_all_given(&self) -> Settings {
        let mut all = self.clone();
        all.signals.sigma_after.get_or_insert(Sigma::Fixed(1.0));
        all.tsne.learning_rate.get_or_insert(1.0);
        all.ascent.target.get_or_insert(1.0);
        all
    }

    /// Bytes that the work of a run holds at once, by the settings that decide them.
    pub fn memory(&self) -> [(String, f64); 4] {
        let s = self.signals.n_features as f64 * 4.0;
        let positions = self.signals.n_classes() as f64;
        let [n_train, n_validation, n_test] =
            [self.n_train, self.n_validation, self.n_test].map(|n| n as f64);
        [
            (
                format!("n_train={} n_validation={} n_test={}", self.n_train, self.n_validation, self.n_test),
                (n_train + n_validation + n_test) * s,
            ),
            // The signals, and the posterior over the position of each, whose evidence is as large.
            (
                format!("n_evaluation={}", self.n_evaluation),
                self.n_evaluation as f64 * (s + 2.0 * 8.0 * positions),
            ),
            // Inputs that climb, their best, their gradients and steps.
            (format!("n_starts={}", self.n_starts), self.n_starts as f64 * positions * 4.0 * s),
            (format!("n_fooled={}", self.n_fooled), self.n_fooled as f64 * 4.0 * s),
        ]
    }

    /// Refuses settings out of range.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check(&self) -> Result<(), String> {
        self.signals.check().map_err(|e| format!("signals: {e}"))?;
        self.check_fits_networks()?;
        self.training.check().map_err(|e| format!("training: {e}"))?;
        self.bottleneck_training.check().map_err(|e| format!("bottleneck_training: {e}"))?;
        self.ascent.check().map_err(|e| format!("ascent: {e}"))?;
        let n_classes = self.signals.n_classes();
        let counts = [("n_starts", self.n_starts), ("n_fooled", self.n_fooled)];
        for (name, n) in counts {
            if n == 0 {
                return Err(format!("{name}=0: at least one is needed"));
            }
        }
        // Classes drawn at random may miss one of few signals, and a section wants signals of each.
        let (n_of_each, each) = if self.signals.balanced { (1, "one") } else { (20, "twenty") };
        for (name, n) in [("n_train", self.n_train), ("n_evaluation", self.n_evaluation)] {
            let least = n_of_each * n_classes;
            if n < least {
                return Err(format!(
                    "{name}={n}: at least {least} are needed, {each} for each jump position"
                ));
            }
        }
        let n_embedded = self.n_train.min(MAX_EMBEDDED);
        self.tsne.check_for(n_embedded).map_err(|e| format!("tsne: {e} (n_train={})", self.n_train))
    }

    /// Sections train the networks that the thesis names, which take and tell apart what its signals have.
    fn check_fits_networks(&self) -> Result<(), String> {
        let JumpSettings { n_features, first_jump, last_jump, .. } = self.signals;
        let advice = "`vitrine train` takes recipes of other signals with networks that fit them";
        if n_features != N_FEATURES {
            return Err(format!(
                "signals.n_features={n_features}: the networks of the thesis take {N_FEATURES} samples; {advice}"
            ));
        }
        if self.signals.n_classes() != N_POSITIONS {
            let last = first_jump.saturating_add(N_POSITIONS - 1).min(N_FEATURES);
            return Err(format!(
                "signals.first_jump={first_jump} signals.last_jump={last_jump}: the networks of the thesis tell apart \
                 {N_POSITIONS} jump positions, not {}, as first_jump={} with last_jump={last}; {advice}",
                self.signals.n_classes(),
                last - (N_POSITIONS - 1)
            ));
        }
        Ok(())
    }
}

/// Samples of a signal and positions of its jump, which the names of the thesis' networks begin and end with.
const N_FEATURES: usize = 100;
const N_POSITIONS: usize = 60;
/// Signals embedded at most, where there are so many (thesis: the training set).
pub const MAX_EMBEDDED: usize = 12_000;

/// Sets what `known` has a key for; whether it does.
fn set(table: &mut toml::Value, known: &toml::Value, key: &str, value: toml::Value) -> bool {
    let (group, name) = key.rsplit_once('.').unwrap_or(("", key));
    let parts = || group.split('.').filter(|part| !part.is_empty());
    let known = parts().try_fold(known, |value, part| value.as_table()?.get(part));
    let is_known = known.and_then(|group| group.as_table()?.get(name)).is_some();
    let group = parts().try_fold(table, |value, part| value.as_table_mut()?.get_mut(part));
    match group.and_then(|group| group.as_table_mut()).filter(|_| is_known) {
        Some(group) => {
            group.insert(name.into(), value);
            true
        }
        None => false,
    }
}

fn parse_value(text: &str) -> toml::Value {
    let as_toml: Result<toml::Table, _> = toml::from_str(&format!("value = {text}"));
    match as_toml {
        Ok(mut table) => table.remove("value").unwrap_or_else(|| toml::Value::String(text.into())),
        Err(_) => toml::Value::String(text.into()),
    }
}

fn unknown_key(key: &str, known: &toml::Value) -> anyhow::Error {
    let mut keys = Vec::new();
    list_keys(known, "", &mut keys);
    slip(format!("--set {key}: no such setting; there are {}", keys.join(", ")))
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
mod tests;
