//! A run of many studies as one job: what is done is kept, the networks of the rest are trained together, and a study
//! that fails does not stop the others.

use std::path::Path;
use std::time::Instant;

use vitrine_data::DataError;

use crate::catalogue::Listed;
use crate::code::Code;
use crate::config::Config;
use crate::fingerprint::fingerprint;
use crate::gallery::Gallery;
use crate::guard::guarded;
use crate::origin::Origin;
use crate::plan::Given;
use crate::recipe::Recipe;
use crate::run_folder::RunFolder;
use crate::stop::Interrupted;
use crate::stored::{Stored, WHOLE};
use crate::study::{About, Missing};

/// How a study ended.
pub enum Outcome {
    /// It was measured.
    Measured(Box<Stored>),
    /// Its findings were there, of the same code, settings and seeds; they were tested and drawn again where the code
    /// that does so had changed.
    Kept {
        /// The findings.
        stored: Box<Stored>,
        /// Whether they were tested and drawn again.
        is_redrawn: bool,
    },
    /// What it needs is not there.
    NotRun(anyhow::Error),
    /// It failed.
    Failed(anyhow::Error),
}

/// A study with its end and its seconds.
pub struct Ended {
    /// The study's id, title and promises.
    pub about: &'static About,
    /// How it ended.
    pub outcome: Outcome,
    /// Seconds of measuring and drawing.
    pub seconds: f64,
}

/// What became of a job.
pub struct JobDone {
    /// Its studies in their order.
    pub studies: Vec<Ended>,
    /// Seconds of training what was missing.
    pub training_seconds: f64,
}

/// A job over studies: where its results go, and whether what is done is done again.
pub struct Job<'a, G: Given> {
    /// What each study is given: plans of one run, over one zoo.
    pub given: &'a dyn Fn(&About) -> &'a G,
    /// The folder of results.
    pub runs: &'a Path,
    /// What is written down as having made them.
    pub origin: Origin,
    /// The code behind each study, by its id.
    pub code: &'a dyn Fn(&str) -> Code,
    /// Measures again what is done.
    pub force: bool,
}

impl Outcome {
    /// The findings, where there are some.
    pub fn stored(&self) -> Option<&Stored> {
        match self {
            Outcome::Measured(stored) | Outcome::Kept { stored, .. } => Some(stored),
            Outcome::NotRun(_) | Outcome::Failed(_) => None,
        }
    }
}

impl<'a, G: Given> Job<'a, G> {
    /// Runs `studies` in their order: trains the networks that any of them lacks, long ones first, then measures.
    /// `seen` is told of each as it ends.
    ///
    /// # Errors
    /// When the user stops it, or `seen` fails; what fails within a study is its outcome.
    pub fn run(
        &self,
        studies: &[Listed<G>],
        seen: &mut dyn FnMut(Listed<G>, &Ended) -> anyhow::Result<()>,
    ) -> anyhow::Result<JobDone> {
        // Whatever they are given is of one zoo.
        let zoo = studies.first().map(|&study| self.given(study).zoo());
        let kept: Vec<anyhow::Result<Option<Stored>>> =
            studies.iter().map(|&study| guarded(|| self.kept(study))).collect();
        let recipes: Vec<Recipe> = studies
            .iter()
            .zip(&kept)
            .filter(|(_, kept)| matches!(kept, Ok(None)))
            // A failure is met again as the study is measured.
            .flat_map(|(study, _)| guarded(|| Ok(study.recipes(self.given(*study)))).unwrap_or_default())
            .collect();
        let started = Instant::now();
        // A failure is met again by the study whose network it is.
        match guarded(|| zoo.map_or(Ok(()), |zoo| zoo.prepare(&recipes))) {
            Err(error) if error.is::<Interrupted>() => return Err(error),
            _ => {}
        }
        let training_seconds = started.elapsed().as_secs_f64();
        let mut all = Vec::new();
        for (&study, kept) in studies.iter().zip(kept) {
            self.given(study).stop().check()?;
            let started = Instant::now();
            let outcome = match kept {
                Ok(Some(stored)) => guarded(|| self.redraw_if_changed(study, stored)),
                Ok(None) => guarded(|| self.measure(study)),
                // What is there cannot be judged, so it is not written over.
                Err(error) => Err(error),
            };
            let outcome = match outcome {
                Ok(outcome) => outcome,
                Err(error) if error.is::<Interrupted>() => return Err(error),
                Err(error) if is_missing(&error) => Outcome::NotRun(error),
                Err(error) => Outcome::Failed(error),
            };
            let ended = Ended { about: study.about(), outcome, seconds: started.elapsed().as_secs_f64() };
            seen(study, &ended)?;
            all.push(ended);
        }
        Ok(JobDone { studies: all, training_seconds })
    }

    /// Findings of the same code, settings and seeds, with sound networks and all their figures.
    fn kept(&self, study: Listed<G>) -> anyhow::Result<Option<Stored>> {
        let (id, given) = (study.about().id, self.given(study));
        let folder = self.folder(study);
        let Some(done) = folder.done().filter(|_| !self.force) else { return Ok(None) };
        let Some(recipes) = self.resolved_as_recorded(study, &folder) else { return Ok(None) };
        if done != fingerprint(id, &given.plan(), &recipes, &(self.code)(id)) {
            return Ok(None);
        }
        if given.zoo().sets_aside_damage(&recipes)? {
            return Ok(None);
        }
        // What cannot be read is measured again.
        let stored = folder.read_findings().ok();
        let is_whole = |stored: &Stored| {
            stored.figures.iter().all(|name| folder.has_figure(name)) && study.tables(stored).is_ok()
        };
        Ok(stored.filter(is_whole))
    }

    /// The recipes of a study with the content of their data; where those are not there now, with that of the run which
    /// is there, since nothing says that they have changed.
    fn resolved_as_recorded(&self, study: Listed<G>, folder: &RunFolder) -> Option<Vec<Recipe>> {
        let given = self.given(study);
        let recorded = folder.read_config().ok()?.contents;
        let resolve = |mut recipe: Recipe| {
            let resolved = given.zoo().resolved(&recipe).ok();
            resolved.or_else(|| {
                recipe.data.content = Some(recorded.get(recipe.data.name())?.clone());
                Some(recipe)
            })
        };
        study.recipes(given).into_iter().map(resolve).collect()
    }

    fn given(&self, study: Listed<G>) -> &'a G {
        (self.given)(study.about())
    }

    fn folder(&self, study: Listed<G>) -> RunFolder {
        RunFolder::new(self.runs, study.about().id, &self.given(study).plan().run)
    }

    fn measure(&self, study: Listed<G>) -> anyhow::Result<Outcome> {
        let started = Instant::now();
        let (id, given) = (study.about().id, self.given(study));
        let plan = given.plan();
        // Data that are not there are met before anything is written over.
        let zoo = given.zoo();
        let recipes: Vec<Recipe> =
            study.recipes(given).iter().map(|recipe| zoo.resolved(recipe)).collect::<Result<_, _>>()?;
        let fingerprint = fingerprint(id, &plan, &recipes, &(self.code)(id));
        let config = Config::new(id, &plan, &recipes, fingerprint, self.origin.clone());
        let found = study.run(given)?;
        // From here on what was there is written over: the configuration first, which unmakes the old findings.
        let folder = self.folder(study);
        folder.write_config(&config)?;
        let mut stored = Stored::new(id, plan.run, &plan.seeds, found);
        stored.fingerprint = config.fingerprint;
        self.show(study, &mut stored, &folder)?;
        stored.timings.insert(WHOLE.into(), started.elapsed().as_secs_f64());
        folder.write_findings(&stored)?;
        Ok(Outcome::Measured(Box::new(stored)))
    }

    /// Findings that rest on unchanged code are tested and drawn again if the code that does so has changed.
    fn redraw_if_changed(&self, study: Listed<G>, mut stored: Stored) -> anyhow::Result<Outcome> {
        let is_redrawn = stored.drawn_by != (self.code)(study.about().id).draws;
        if is_redrawn {
            let folder = self.folder(study);
            self.show(study, &mut stored, &folder)?;
            folder.write_findings(&stored)?;
        }
        Ok(Outcome::Kept { stored: Box::new(stored), is_redrawn })
    }

    /// Tests, draws and tabulates what was found, and notes what did so.
    fn show(&self, study: Listed<G>, stored: &mut Stored, folder: &RunFolder) -> anyhow::Result<()> {
        let mut gallery = Gallery::new(folder.figures());
        let display = study.show(stored, &mut gallery)?;
        for (name, table) in &display.tables {
            folder.write_table(name, table)?;
        }
        stored.claims = display.claims;
        stored.figures = gallery.names();
        stored.drawn_by = (self.code)(study.about().id).draws;
        Ok(())
    }
}

/// Whether it is something absent that stopped a study.
fn is_missing(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<Missing>()
            || matches!(cause.downcast_ref(), Some(DataError::NoFolder { .. } | DataError::Missing { .. }))
    })
}
