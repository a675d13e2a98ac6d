//! A registered test with what came of it, and the rule for its verdict.

use serde::Serialize;

use crate::claim::Claim;
use crate::numbers;
use crate::register::{Method, Registered, WithoutNumber};
use crate::stored::Stored;
use crate::study::About;

/// Chance of any false verdict among all.
const LEVEL: f64 = 0.05;

/// What is known of a claim, or of one of its tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Standing {
    /// It holds.
    #[serde(rename = "holds")]
    Holds,
    /// It fails.
    #[serde(rename = "fails")]
    Fails,
    /// Neither can be said.
    #[serde(rename = "undecided")]
    Undecided,
    /// Nothing has tested it yet.
    #[serde(rename = "not run")]
    NotRun,
}

/// A registered test with what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Tested {
    /// The test as registered.
    #[serde(flatten)]
    pub test: Registered,
    /// Its numbers, where it has been run.
    pub found: Option<Claim>,
    /// Its p-value corrected for the number of tests registered (Holm 1979); 1 where it has not been run.
    pub p_holm: f64,
    /// What follows.
    pub verdict: Standing,
    /// Where one seed alone lies, which decides nothing.
    pub one_seed_points_to: Option<Standing>,
    /// The study that ran it.
    pub section: Option<&'static str>,
    /// The figures of that study.
    pub figures: Vec<String>,
}

/// A study whose findings are at hand.
#[derive(Clone, Copy)]
pub struct Done<'a> {
    /// What it makes.
    pub about: &'static About,
    /// What it found.
    pub stored: &'a Stored,
}

impl Standing {
    /// As in tables and on the page.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Holds => "holds",
            Standing::Fails => "fails",
            Standing::Undecided => "undecided",
            Standing::NotRun => "not run",
        }
    }

    /// The same with what one seed points to: `undecided (one seed points to holds)`.
    pub fn words(self, one_seed_points_to: Option<Standing>) -> String {
        match one_seed_points_to {
            Some(side) => format!("{} (one seed points to {})", self.word(), side.word()),
            None => self.word().into(),
        }
    }
}

impl Tested {
    /// A test before correction; of several studies that ran it the first counts.
    pub(crate) fn new(test: &Registered, done: &[Done<'_>]) -> Tested {
        let mut ran = done.iter().filter_map(|done| {
            let claim = done.stored.claims.iter().find(|claim| claim.id == test.id)?;
            Some((done, claim))
        });
        let (section, figures, found) = match ran.next() {
            Some((done, claim)) => {
                (Some(done.about.id), done.stored.figures.clone(), Some(test.over(&claim.values)))
            }
            None => (None, Vec::new(), None),
        };
        let one_seed_points_to = found.as_ref().and_then(|found| points_to(test, found));
        Tested {
            test: test.clone(),
            found,
            p_holm: 1.0,
            verdict: Standing::NotRun,
            one_seed_points_to,
            section,
            figures,
        }
    }

    /// A test without a p-value has decided nothing.
    pub(crate) fn p_value(&self) -> f64 {
        self.found.as_ref().and_then(|found| found.p_value).filter(|p| p.is_finite()).unwrap_or(1.0)
    }

    /// The rule.
    pub(crate) fn ruled(&self) -> Standing {
        let Some(found) = &self.found else { return Standing::NotRun };
        let is_whole = found.n_without_number == 0
            || self.test.method == Method::Share
            || self.test.without_number == WithoutNumber::Dropped;
        match self.test.expected {
            _ if LEVEL <= self.p_holm => Standing::Undecided,
            side if side.holds(found.statistic) && is_whole => Standing::Holds,
            side if side.fails(found.statistic) => Standing::Fails,
            _ => Standing::Undecided,
        }
    }

    /// How many units there were, in words where they are no seeds: `10`, `5 repeats`.
    pub fn n_words(&self) -> String {
        let n = self.found.as_ref().map_or(0, Claim::n_units);
        match self.test.unit.as_str() {
            "seed" => n.to_string(),
            unit => format!("{n} {unit}s"),
        }
    }

    /// The verdict in words, with what one seed points to.
    pub fn verdict_words(&self) -> String {
        self.verdict.words(self.one_seed_points_to)
    }

    /// The corrected p-value as tables show it; a dash where there is nothing to correct.
    pub fn p_words(&self) -> String {
        let p = self.found.as_ref().and_then(|found| found.p_value);
        p.map_or("–".into(), |_| numbers::p_value(self.p_holm))
    }
}

/// On which side a single unit lies.
fn points_to(test: &Registered, found: &Claim) -> Option<Standing> {
    match test.expected {
        _ if found.n_units() != 1 => None,
        side if side.holds(found.statistic) => Some(Standing::Holds),
        side if side.fails(found.statistic) => Some(Standing::Fails),
        _ => None,
    }
}
