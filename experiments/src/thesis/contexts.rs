//! What the sections of one run are given: a context each, with its own seeds, over one zoo.

use std::collections::BTreeMap;

use vitrine_lab::{About, Preset, RunName, Seeds, Zoo};

use super::context::{Context, Section};
use super::plan::Plan;
use super::settings::Settings;

/// The contexts of a run's sections.
pub struct Contexts {
    run: RunName,
    by_section: BTreeMap<&'static str, Context>,
}

impl Contexts {
    /// A context for each of `sections`, over the seeds that were asked for, else over those that the preset has for it.
    ///
    /// # Panics
    /// If there are no sections.
    pub fn new(
        preset: Preset,
        settings: &Settings,
        asked: Option<&Seeds>,
        sections: &[Section],
        zoo: Zoo,
    ) -> Contexts {
        let plan = |section: &Section| Plan::of(preset, settings.clone(), asked, section.about());
        let first = Context::new(plan(&sections[0]), zoo);
        let context = |section: &Section| (section.about().id, first.with_seeds(plan(section).seeds));
        Contexts { run: first.plan.as_run().run, by_section: sections.iter().map(context).collect() }
    }

    /// The name of the run.
    pub fn run(&self) -> &RunName {
        &self.run
    }

    /// The context of one of the sections.
    ///
    /// # Panics
    /// If it is none of them.
    pub fn of(&self, section: &About) -> &Context {
        &self.by_section[section.id]
    }
}
