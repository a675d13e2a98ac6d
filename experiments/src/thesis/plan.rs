//! Preset, settings and seeds of a run of the thesis, and the recipes that follow from them.

use anyhow::Context as _;
use vitrine_data::{DataSettings, JumpSource};
use vitrine_lab::{About, OutputStart, Preset, Recipe, RunName, Seeds, changes};
use vitrine_model::{Family, NetworkSpec, TrainSettings};

use super::seeds;
use super::settings::Settings;

/// Preset, settings and seeds of a section's run.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The preset.
    pub preset: Preset,
    /// Its settings, with the user's changes.
    pub settings: Settings,
    /// The section's seeds.
    pub seeds: Seeds,
    /// Whether they were asked for, in the place of the preset's.
    pub has_own_seeds: bool,
}

impl Plan {
    /// The plan of the section `about`: over the seeds that were asked for, else over as many as the preset has for it.
    pub fn of(preset: Preset, settings: Settings, asked: Option<&Seeds>, about: &About) -> Plan {
        // Seeds that are the preset's for all sections make no run of its own.
        let asked = asked.filter(|asked| seeds::of_all(preset).as_ref() != Some(asked));
        let has_own_seeds = asked.is_some();
        let seeds = asked.cloned().unwrap_or_else(|| seeds::of(preset, about));
        Plan { preset, settings, seeds, has_own_seeds }
    }

    /// Whether the settings are those of the preset, for which the thesis prints its numbers.
    pub fn has_preset_settings(&self) -> bool {
        self.settings == Settings::of(self.preset)
    }

    /// The plan that the bench wrote down.
    ///
    /// # Errors
    /// When its settings are not the thesis' or out of range, it has no seed, or its name is that of another run.
    pub fn from_run(run: &vitrine_lab::Plan) -> anyhow::Result<Plan> {
        let settings: Settings = run.settings.clone().try_into().context("settings of another version")?;
        settings.check().map_err(anyhow::Error::msg)?;
        let seeds = Seeds::try_from(run.seeds.clone()).map_err(|why| anyhow::anyhow!("seeds: {why}"))?;
        let has_own_seeds = !run.run.has_preset_seeds();
        let plan = Plan { preset: run.run.preset(), settings, seeds, has_own_seeds };
        let name = plan.as_run().run;
        anyhow::ensure!(name == run.run, "run {}: its settings and seeds are those of {name}", run.run);
        Ok(plan)
    }

    /// The plan as the bench writes it down.
    pub fn as_run(&self) -> vitrine_lab::Plan {
        let table = |settings: &Settings| {
            toml::Table::try_from(settings).unwrap_or_else(|e| unreachable!("settings are plain data: {e}"))
        };
        let settings = table(&self.settings);
        let changes = changes(&table(&Settings::of(self.preset)), &settings);
        let seeds = Some(&self.seeds).filter(|_| self.has_own_seeds);
        vitrine_lab::Plan {
            run: RunName::new(self.preset, seeds, &changes),
            seeds: self.seeds.clone().into(),
            settings,
            changes,
        }
    }

    /// The seed of whatever is shown of one network.
    pub fn first_seed(&self) -> u64 {
        self.seeds[0]
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
            Family::Mlp(_) | Family::Cnn(_) | Family::Channels(_) => &self.settings.training,
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
    use crate::thesis::sections;

    fn plan(changes: &[&str], seeds: Option<&str>) -> Plan {
        let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
        let settings = Settings::of(Preset::Quick).with(&changes).unwrap();
        let seeds: Option<Seeds> = seeds.map(|seeds| seeds.parse().unwrap());
        Plan::of(Preset::Quick, settings, seeds.as_ref(), sections::one("3.4-cnn").unwrap().about())
    }

    #[test]
    fn a_plan_survives_being_written_down() {
        for plan in [plan(&[], None), plan(&["signals.jump_size=2"], Some("3,7"))] {
            assert_eq!(Plan::from_run(&plan.as_run()).unwrap(), plan);
        }
    }

    #[test]
    fn a_run_is_named_after_what_is_not_the_preset_s_whatever_was_typed() {
        let name = |changes: &[&str], seeds| plan(changes, seeds).as_run().run.to_string();
        assert_eq!(name(&[], None), "quick");
        assert_eq!(name(&["signals.jump_size=3", "n_train=12000"], None), "quick");
        assert_eq!(
            name(&["signals.jump_size=2.0", "n_train=600"], None),
            "quick+n_train=600+signals.jump_size=2"
        );
        assert_eq!(name(&[], Some("5")), "quick+seeds=0..5");
        assert_eq!(plan(&[], None).seeds.len(), 10);
        let smoke = Plan::of(
            Preset::Smoke,
            Settings::of(Preset::Smoke),
            Some(&Seeds::first(1)),
            sections::one("3.4-cnn").unwrap().about(),
        );
        assert_eq!(smoke.as_run().run.to_string(), "smoke");
    }

    #[test]
    fn a_written_plan_that_cannot_be_run_is_refused_without_naming_an_option() {
        let run = plan(&["signals.jump_size=2"], None).as_run();
        let refused = |run| Plan::from_run(&run).unwrap_err().to_string();
        let without_seeds = vitrine_lab::Plan { seeds: Vec::new(), ..run.clone() };
        assert_eq!(refused(without_seeds), "seeds: at least one seed is needed");
        let nothing = vitrine_lab::Plan { settings: plan(&[], None).as_run().settings, ..run.clone() };
        assert_eq!(
            refused(nothing),
            "run quick+signals.jump_size=2: its settings and seeds are those of quick"
        );
        let mut out_of_range = run;
        out_of_range.settings.insert("n_train".into(), 0.into());
        assert_eq!(refused(out_of_range), "n_train=0: at least 60 are needed, one for each jump position");
    }
}
