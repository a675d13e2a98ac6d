//! A run of many studies as one job: what is done is kept, the networks of the rest are trained together, and a study
//! that fails does not stop the others.

use std::path::Path;
use std::time::Instant;

use anyhow::anyhow;
use vitrine_data::DataError;

use crate::catalogue::Listed;
use crate::code::Code;
use crate::config::Config;
use crate::fingerprint::fingerprint;
use crate::guard::guarded;
use crate::origin::Origin;
use crate::plan::Given;
use crate::recipe::Recipe;
use crate::run_folder::RunFolder;
use crate::show::{redraw, show};
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
        let kept: Vec<anyhow::Result<Option<Kept>>> =
            studies.iter().map(|&study| guarded(|| self.kept(study, true))).collect();
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
                Ok(Some(kept)) => guarded(|| self.redraw_if_changed(study, kept)),
                Ok(None) => guarded(|| self.measure_once(study)),
                // What is there cannot be judged, so it is not written over.
                Err(error) => Err(error),
            };
            let outcome = match outcome {
                Ok(outcome) => outcome,
                // Whatever broke off when a stop was asked for broke off because of it.
                Err(_) if self.given(study).stop().is_requested() => return Err(Interrupted.into()),
                Err(error) if is_missing(&error) => Outcome::NotRun(error),
                Err(error) => Outcome::Failed(error),
            };
            let ended = Ended { about: study.about(), outcome, seconds: started.elapsed().as_secs_f64() };
            seen(study, &ended)?;
            all.push(ended);
        }
        Ok(JobDone { studies: all, training_seconds })
    }

    /// Findings of the same code, settings and seeds, with sound networks. Where `says`, what is damaged is named.
    fn kept(&self, study: Listed<G>, says: bool) -> anyhow::Result<Option<Kept>> {
        let (id, given) = (study.about().id, self.given(study));
        let folder = self.folder(study);
        let named = |what: &anyhow::Error, cure: &str| {
            if says {
                given.zoo().watch().warn(&format!("{what:#}; {cure}"));
            }
        };
        // What cannot be read is measured again.
        let measured_again = |error: anyhow::Error| named(&error, "measured again");
        if self.force {
            return Ok(None);
        }
        let Some(sealed) = folder.open().map_err(measured_again).ok().flatten() else { return Ok(None) };
        let Ok(config) = sealed.config().map_err(measured_again) else { return Ok(None) };
        let Some(recipes) = self.resolved_as_recorded(study, &config) else { return Ok(None) };
        if config.fingerprint != fingerprint(id, &given.plan(), &recipes, &(self.code)(id)) {
            return Ok(None);
        }
        let engine = given.zoo().engine();
        if !config.origin.is_of_engine(engine) {
            let why = anyhow!("{id}: of networks of engine {}, not {engine}", config.origin.engine);
            named(&why, "measured again");
            return Ok(None);
        }
        if given.zoo().sets_aside_any(&recipes)? {
            return Ok(None);
        }
        let findings = sealed.findings().and_then(|stored| study.tables(&stored).map(|_| stored));
        let Ok(stored) = findings.map_err(measured_again) else { return Ok(None) };
        let is_of_other_code = stored.drawn_by != (self.code)(id).draws;
        let is_spoilt = || sealed.check_shown(&stored).map_err(|error| named(&error, "drawn again")).is_err();
        Ok(Some(Kept { is_drawn: !is_of_other_code && !is_spoilt(), stored }))
    }

    /// The recipes of a study with the content of their data; where those are not there now, with that of the run which
    /// is there, since nothing says that they have changed.
    fn resolved_as_recorded(&self, study: Listed<G>, config: &Config) -> Option<Vec<Recipe>> {
        let given = self.given(study);
        let recorded = &config.contents;
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

    /// Measures, unless another process on the same folder does so: then what it found is kept.
    fn measure_once(&self, study: Listed<G>) -> anyhow::Result<Outcome> {
        let (folder, given) = (self.folder(study), self.given(study));
        let waits = || {
            let path = folder.path().display();
            given.zoo().watch().warn(&format!("{path}: another process measures this; waiting for it"));
        };
        let _measuring = folder.lock_measuring(given.stop(), waits)?;
        match self.kept(study, false)? {
            Some(kept) => self.redraw_if_changed(study, kept),
            None => self.measure(study, &folder),
        }
    }

    fn measure(&self, study: Listed<G>, folder: &RunFolder) -> anyhow::Result<Outcome> {
        let started = Instant::now();
        let (id, given) = (study.about().id, self.given(study));
        let plan = given.plan();
        // Data that are not there are met before anything is written over.
        let zoo = given.zoo();
        let recipes: Vec<Recipe> =
            study.recipes(given).iter().map(|recipe| zoo.resolved(recipe)).collect::<Result<_, _>>()?;
        let code = (self.code)(id);
        let fingerprint = fingerprint(id, &plan, &recipes, &code);
        let config = Config::new(id, &plan, &recipes, fingerprint, self.origin.clone());
        let found = study.run(given)?;
        // From here on what was there is written over: its seal goes first, which unmakes the old findings.
        let mut writing = folder.begin(given.stop())?;
        writing.unseal()?;
        writing.config(&config)?;
        let mut stored = Stored::new(id, plan.run, &plan.seeds, found);
        stored.fingerprint = config.fingerprint;
        show(study, &mut stored, &mut writing, &code.draws)?;
        stored.timings.insert(WHOLE.into(), started.elapsed().as_secs_f64());
        writing.finish(&stored)?;
        Ok(Outcome::Measured(Box::new(stored)))
    }

    /// Findings that rest on unchanged code are tested and drawn again if the code that does so has changed, or what was
    /// drawn is damaged.
    fn redraw_if_changed(&self, study: Listed<G>, kept: Kept) -> anyhow::Result<Outcome> {
        let code = (self.code)(study.about().id);
        let stop = self.given(study).stop();
        let Kept { stored, is_drawn } = kept;
        let stored = match is_drawn {
            true => stored,
            false => redraw(study, &self.folder(study), &code.draws, stop)?.0,
        };
        Ok(Outcome::Kept { stored: Box::new(stored), is_redrawn: !is_drawn })
    }
}

/// Findings that need not be measured again.
struct Kept {
    stored: Stored,
    /// Whether their figures and tables are sound, and drawn by this code.
    is_drawn: bool,
}

/// Whether it is something absent that stopped a study.
fn is_missing(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<Missing>()
            || matches!(cause.downcast_ref(), Some(DataError::NoFolder { .. } | DataError::Missing { .. }))
    })
}
