//! A run of many sections as one job: what is done is kept, the networks of the rest are trained together, and a
//! section that fails does not stop the others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use vitrine_data::{DataError, DataSettings, mnist};

use crate::config::{Config, fingerprint};
use crate::context::Context;
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::run_folder::{Gallery, RunFolder};
use crate::section::{Missing, Section};
use crate::signals;
use crate::usage::Interrupted;

/// How a section ended.
pub enum Outcome {
    /// It was measured.
    Measured(Box<Findings>),
    /// Its findings were there, of the same program, settings and seeds.
    Kept(Box<Findings>),
    /// What it needs is not there.
    NotRun(String),
    /// It failed.
    Failed(anyhow::Error),
}

/// A section with its end and its seconds.
pub struct Ended {
    /// The section.
    pub section: &'static dyn Section,
    /// How it ended.
    pub outcome: Outcome,
    /// Seconds of measuring and drawing.
    pub seconds: f64,
}

/// What became of a job.
pub struct JobDone {
    /// Its sections in their order.
    pub sections: Vec<Ended>,
    /// Seconds of training what was missing.
    pub training_seconds: f64,
}

/// A job over sections: where its results go, and whether what is done is done again.
pub struct Job<'a> {
    /// The plan, the zoo.
    pub cx: &'a Context,
    /// The folder of results.
    pub runs: &'a Path,
    /// The device that is written down.
    pub device: String,
    /// Measures again what is done.
    pub force: bool,
}

impl Outcome {
    /// The findings, where there are some.
    pub fn findings(&self) -> Option<&Findings> {
        match self {
            Outcome::Measured(findings) | Outcome::Kept(findings) => Some(findings),
            Outcome::NotRun(_) | Outcome::Failed(_) => None,
        }
    }
}

impl Job<'_> {
    /// Runs `sections` in their order: trains the networks that any of them lacks, long ones first, then measures.
    /// `seen` is told of each as it ends.
    ///
    /// # Errors
    /// When the user stops it, or `seen` fails; what fails within a section is its outcome.
    pub fn run(
        &self,
        sections: &[&'static dyn Section],
        seen: &mut dyn FnMut(&Ended) -> anyhow::Result<()>,
    ) -> anyhow::Result<JobDone> {
        let mut kept = sections.iter().map(|s| self.kept(*s)).collect::<anyhow::Result<Vec<_>>>()?;
        let no_mnist = self.lacks_mnist();
        let recipes: Vec<Recipe> = sections
            .iter()
            .zip(&kept)
            .filter(|(_, kept)| kept.is_none())
            .flat_map(|(section, _)| section.recipes(&self.cx.plan))
            .filter(|recipe| no_mnist.is_none() || !is_mnist(recipe))
            .collect();
        let started = Instant::now();
        // A failure is met again by the section whose network it is.
        if let Err(error) = guarded(|| self.cx.zoo.prepare(&recipes)) {
            tracing::debug!("{error:#}");
        }
        let training_seconds = started.elapsed().as_secs_f64();
        let mut all = Vec::new();
        for (&section, kept) in sections.iter().zip(&mut kept) {
            signals::check()?;
            let started = Instant::now();
            let outcome = match (kept.take(), &no_mnist) {
                (Some(findings), _) => Outcome::Kept(Box::new(findings)),
                (None, Some(why)) if section.recipes(&self.cx.plan).iter().any(is_mnist) => {
                    Outcome::NotRun(why.clone())
                }
                _ => match guarded(|| self.measure(section)) {
                    Ok(findings) => Outcome::Measured(Box::new(findings)),
                    Err(error) if error.is::<Interrupted>() => return Err(error),
                    Err(error) => missing(&error).map_or_else(|| Outcome::Failed(error), Outcome::NotRun),
                },
            };
            let ended = Ended { section, outcome, seconds: started.elapsed().as_secs_f64() };
            seen(&ended)?;
            all.push(ended);
        }
        Ok(JobDone { sections: all, training_seconds })
    }

    /// Findings of the same program, settings and seeds, with sound networks and all their figures.
    fn kept(&self, section: &dyn Section) -> anyhow::Result<Option<Findings>> {
        let folder = RunFolder::new(self.runs, section.about().id, self.cx.plan.preset);
        if self.force || folder.done() != Some(fingerprint(section, &self.cx.plan)) {
            return Ok(None);
        }
        let recipes = section.recipes(&self.cx.plan);
        if self.cx.zoo.sets_aside_damage(&recipes)? {
            return Ok(None);
        }
        match folder.read_findings() {
            Ok(findings) if findings.figures.iter().all(|name| folder.has_figure(name)) => Ok(Some(findings)),
            Ok(_) => Ok(None),
            Err(error) => {
                tracing::warn!("{}: measured again ({error:#})", section.about().id);
                Ok(None)
            }
        }
    }

    /// Why sections on MNIST cannot run; `None` where its files are there.
    fn lacks_mnist(&self) -> Option<String> {
        let error = match &self.cx.zoo.mnist_dir {
            None => Some(DataError::NoMnistFolder),
            Some(folder) => mnist::first_missing(folder),
        };
        error.map(|e| e.to_string())
    }

    fn measure(&self, section: &'static dyn Section) -> anyhow::Result<Findings> {
        let started = Instant::now();
        let folder = RunFolder::new(self.runs, section.about().id, self.cx.plan.preset);
        let config = Config::new(section, &self.cx.plan, &self.device);
        folder.write_config(&config)?;
        let mut findings = section.run(self.cx)?;
        findings.fingerprint = config.fingerprint;
        findings.claims = section.claims(&findings)?;
        let mut gallery = Gallery::new(&folder);
        section.draw(&findings, &mut gallery)?;
        findings.figures = gallery.names();
        for (name, table) in section.tables(&findings) {
            folder.write_table(&name, &table)?;
        }
        findings.timings.insert("section".into(), started.elapsed().as_secs_f64());
        folder.write_findings(&findings)?;
        Ok(findings)
    }
}

fn is_mnist(recipe: &Recipe) -> bool {
    matches!(recipe.data, DataSettings::Mnist { .. })
}

/// What is not there, where that is what stopped a section.
fn missing(error: &anyhow::Error) -> Option<String> {
    let is_absent = error.chain().any(|cause| {
        cause.is::<Missing>()
            || matches!(cause.downcast_ref(), Some(DataError::NoMnistFolder | DataError::Missing { .. }))
    });
    is_absent.then(|| format!("{error:#}"))
}

/// A panic within one section is an error of that section.
fn guarded<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        Err(anyhow::anyhow!("panicked: {said}"))
    })
}
