//! The claims ledger: every claim of a paper with all its registered tests, and one rule for their verdicts.
//!
//! A test holds if its p-value, corrected by Holm's method for all tests of the register whether run or not, is below .05
//! and its statistic lies on the claimed side; it fails if the statistic lies on the other; else it is undecided. A claim
//! holds if all its tests do, and fails if one does.

use serde::Serialize;
use vitrine_analysis::statistics::holm;

use crate::paper::Paper;
use crate::register::RegisteredClaim;
use crate::run_name::RunName;
use crate::study::About;
use crate::tested::{Done, Standing, Tested};

/// One claim of the paper. Its numbers are those of the test that decided it.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// As in `C1`.
    pub id: String,
    /// The claim in one sentence.
    pub sentence: String,
    /// What the deciding test measured.
    pub test: Option<String>,
    /// Its statistic.
    pub statistic: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<[f64; 2]>,
    /// Its number of seeds.
    pub n_seeds: usize,
    /// Its corrected p-value.
    pub p_holm: Option<f64>,
    /// What follows for the claim.
    pub verdict: Standing,
    /// Where one seed alone lies, which decides nothing.
    pub one_seed_points_to: Option<Standing>,
    /// Studies that test it, run or not.
    pub sections: Vec<&'static str>,
    /// Those of them that have not been run.
    pub not_run: Vec<&'static str>,
    /// All its tests.
    pub tests: Vec<Tested>,
}

/// The claims of the paper in their order.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Ledger {
    /// One entry per claim.
    pub claims: Vec<Entry>,
}

impl Ledger {
    /// The ledger of a paper's claims, tested by what is done of `all` its studies. Every registered test is in it, run or
    /// not; what is not registered is not. Values are tested as the register has it now.
    pub fn of(paper: &Paper, all: &[&'static About], done: &[Done<'_>]) -> Ledger {
        let mut tests: Vec<Tested> = paper.register.tests().map(|test| Tested::new(test, done)).collect();
        let p_values: Vec<f64> = tests.iter().map(Tested::p_value).collect();
        for (test, p_holm) in tests.iter_mut().zip(holm(&p_values)) {
            test.p_holm = p_holm;
            test.verdict = test.ruled();
        }
        let done: Vec<&str> = done.iter().map(|done| done.about.id).collect();
        let mut tests = tests.into_iter();
        let entry = |claim: &RegisteredClaim| {
            let own = tests.by_ref().take(claim.tests.len()).collect();
            Entry::new(claim, own, all, &done)
        };
        Ledger { claims: paper.register.claims.iter().map(entry).collect() }
    }

    /// The ledger of a run: one with settings of its own puts no claim of the paper to the test.
    pub fn of_run(run: &RunName, paper: &Paper, all: &[&'static About], done: &[Done<'_>]) -> Ledger {
        match run.has_preset_settings() {
            true => Ledger::of(paper, all, done),
            false => Ledger { claims: Vec::new() },
        }
    }

    /// All registered tests, claim by claim.
    pub fn tests(&self) -> impl Iterator<Item = &Tested> {
        self.claims.iter().flat_map(|entry| &entry.tests)
    }

    /// The tests that a study ran.
    pub fn of_study<'a>(&'a self, study: &'a str) -> impl Iterator<Item = &'a Tested> {
        self.tests().filter(move |test| test.section == Some(study))
    }

    /// Ids of the claims of that standing.
    pub fn ids(&self, standing: Standing) -> Vec<&str> {
        self.claims.iter().filter(|e| e.verdict == standing).map(|e| e.id.as_str()).collect()
    }

    /// Ids of the claims of which one seed alone lies on that side.
    pub fn ids_pointed_to(&self, side: Standing) -> Vec<&str> {
        self.claims.iter().filter(|e| e.one_seed_points_to == Some(side)).map(|e| e.id.as_str()).collect()
    }

    /// How many tests are registered, and corrected for.
    pub fn n_registered(&self) -> usize {
        self.tests().count()
    }

    /// How many tests have that standing.
    pub fn n_tests(&self, standing: Standing) -> usize {
        self.tests().filter(|test| test.verdict == standing).count()
    }
}

impl Entry {
    fn new(claim: &RegisteredClaim, tests: Vec<Tested>, all: &[&'static About], done: &[&str]) -> Entry {
        let sections: Vec<&'static str> = all
            .iter()
            .filter(|about| about.claims.contains(&claim.id.as_str()))
            .map(|about| about.id)
            .collect();
        let not_run: Vec<&'static str> = sections.iter().copied().filter(|s| !done.contains(s)).collect();
        let deciding = deciding(&tests);
        let found = deciding.and_then(|t| t.found.as_ref());
        Entry {
            id: claim.id.clone(),
            sentence: claim.sentence.clone(),
            test: found.and(deciding).map(|t| t.test.words()),
            statistic: found.map(|c| c.statistic).filter(|s| s.is_finite()),
            interval: found.and_then(|c| c.interval),
            n_seeds: found.map_or(0, |c| c.n_seeds),
            p_holm: found.and(deciding).map(|t| t.p_holm),
            verdict: standing(&tests),
            one_seed_points_to: all_point_to(&tests),
            sections,
            not_run,
            tests,
        }
    }

    /// The verdict in words, with what one seed points to.
    pub fn verdict_words(&self) -> String {
        self.verdict.words(self.one_seed_points_to)
    }
}

/// What follows for a claim from its tests.
fn standing(tests: &[Tested]) -> Standing {
    let is = |standing: Standing| move |test: &Tested| test.verdict == standing;
    if tests.iter().all(is(Standing::NotRun)) {
        Standing::NotRun
    } else if tests.iter().any(is(Standing::Fails)) {
        Standing::Fails
    } else if tests.iter().all(is(Standing::Holds)) {
        Standing::Holds
    } else {
        Standing::Undecided
    }
}

/// Where a claim lies whose tests were all run with one seed: on the side of the worst of them.
fn all_point_to(tests: &[Tested]) -> Option<Standing> {
    let sides: Option<Vec<Standing>> = tests.iter().map(|test| test.one_seed_points_to).collect();
    let sides = sides.filter(|sides| !sides.is_empty())?;
    Some(if sides.contains(&Standing::Fails) { Standing::Fails } else { Standing::Holds })
}

/// The test whose numbers stand for a claim: the clearest of those that fail, else the least clear of those that were run
/// and are undecided, else of those that hold.
fn deciding(tests: &[Tested]) -> Option<&Tested> {
    let of = |standing: Standing| tests.iter().filter(move |t| t.verdict == standing);
    let clearer = |a: &&Tested, b: &&Tested| a.p_value().total_cmp(&b.p_value());
    of(Standing::Fails)
        .min_by(clearer)
        .or_else(|| of(Standing::Undecided).max_by(clearer))
        .or_else(|| of(Standing::Holds).max_by(clearer))
}

#[cfg(test)]
mod tests;
