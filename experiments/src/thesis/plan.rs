//! Preset, settings and seeds of a run of the thesis, and the recipes that follow from them.

use anyhow::Context as _;
use vitrine_data::{DataSettings, JumpSource};
use vitrine_lab::{OutputStart, Preset, Recipe};
use vitrine_model::{Family, NetworkSpec, TrainSettings};

use super::settings::Settings;

/// Preset, settings and seeds of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The preset.
    pub preset: Preset,
    /// Its settings, with the user's changes.
    pub settings: Settings,
    /// The seeds.
    pub seeds: Vec<u64>,
}

impl Plan {
    /// The plan that the bench wrote down.
    ///
    /// # Errors
    /// When its settings are not the thesis' or out of range, or without a seed.
    pub fn from_run(run: &vitrine_lab::Plan) -> anyhow::Result<Plan> {
        let settings: Settings = run.settings.clone().try_into().context("settings of another version")?;
        settings.check().map_err(anyhow::Error::msg)?;
        anyhow::ensure!(!run.seeds.is_empty(), "seeds: at least one is needed");
        Ok(Plan { preset: run.preset, settings, seeds: run.seeds.clone() })
    }

    /// The plan as the bench writes it down.
    pub fn as_run(&self) -> vitrine_lab::Plan {
        let settings = toml::Table::try_from(&self.settings)
            .unwrap_or_else(|e| unreachable!("settings are plain data: {e}"));
        vitrine_lab::Plan { preset: self.preset, seeds: self.seeds.clone(), settings }
    }

    /// The seed of whatever is shown of one network.
    pub fn first_seed(&self) -> u64 {
        self.seeds.first().copied().unwrap_or(0)
    }

    /// The jump signals that networks are trained on.
    pub fn jump_data(&self) -> DataSettings {
        let s = &self.settings;
        DataSettings::from(JumpSource {
            signals: s.signals.clone(),
            n_train: s.n_train,
            n_validation: s.n_validation,
            n_test: s.n_test,
        })
    }

    /// The recipe of a network on the jump signals with the plan's training settings.
    pub fn recipe(&self, network: &NetworkSpec, seed: u64) -> Recipe {
        let training = match network.family() {
            Family::Bottleneck(_) => &self.settings.bottleneck_training,
            Family::Mlp(_) | Family::Cnn(_) => &self.settings.training,
        };
        self.recipe_with(network, seed, training.clone())
    }

    /// The same with other training settings.
    pub fn recipe_with(&self, network: &NetworkSpec, seed: u64, training: TrainSettings) -> Recipe {
        Recipe {
            seed,
            network: network.clone(),
            data: self.jump_data(),
            output_start: OutputStart::default(),
            training,
        }
    }

    /// Recipes of `networks`, one for each seed, networks outermost.
    pub fn recipes(&self, networks: &[NetworkSpec]) -> Vec<Recipe> {
        networks.iter().flat_map(|n| self.seeds.iter().map(|&seed| self.recipe(n, seed))).collect()
    }

    /// Recipes of `networks` of which the first seed is shown.
    pub fn recipes_of_first_seed(&self, networks: &[NetworkSpec]) -> Vec<Recipe> {
        networks.iter().map(|n| self.recipe(n, self.first_seed())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_survives_being_written_down() {
        let plan = Plan { preset: Preset::Smoke, settings: Settings::of(Preset::Smoke), seeds: vec![0, 1] };
        assert_eq!(Plan::from_run(&plan.as_run()).unwrap(), plan);
    }

    #[test]
    fn a_written_plan_that_cannot_be_run_is_refused_without_naming_an_option() {
        let settings = Settings::of(Preset::Smoke);
        let plan = |settings, seeds| Plan { preset: Preset::Smoke, settings, seeds }.as_run();
        let refused = |plan| Plan::from_run(&plan).unwrap_err().to_string();
        assert_eq!(refused(plan(settings.clone(), vec![])), "seeds: at least one is needed");
        let nothing = Settings { n_train: 0, ..settings };
        assert_eq!(refused(plan(nothing, vec![0])), "n_train=0: at least one is needed");
    }
}
