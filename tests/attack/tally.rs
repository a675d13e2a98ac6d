//! What came of an attack: counts by outcome, and the faults with what led to them.

use std::collections::BTreeMap;
use std::io::Write;

/// Faults shown in full; the rest is counted.
const MAX_SHOWN: usize = 20;

/// Outcomes of one kind of attack.
pub struct Tally {
    what: &'static str,
    outcomes: BTreeMap<String, usize>,
    faults: Vec<String>,
}

impl Tally {
    pub fn new(what: &'static str) -> Tally {
        Tally { what, outcomes: BTreeMap::new(), faults: Vec::new() }
    }

    /// One try that ended as it should.
    pub fn count(&mut self, outcome: impl Into<String>) {
        *self.outcomes.entry(outcome.into()).or_default() += 1;
    }

    /// One try that did not.
    pub fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(what.into());
    }

    /// One try, by what it returned.
    pub fn add(&mut self, outcome: Result<String, String>) {
        match outcome {
            Ok(outcome) => self.count(outcome),
            Err(fault) => self.fault(fault),
        }
    }

    /// Prints the row of the table in the documentation, then demands that there were no faults.
    ///
    /// # Panics
    /// If there were.
    pub fn assert_faultless(self) {
        let n: usize = self.outcomes.values().sum::<usize>() + self.faults.len();
        let outcomes: Vec<String> = self.outcomes.iter().map(|(what, n)| format!("{n} {what}")).collect();
        // Past the harness' capture, so that `just attack` shows it.
        let row = format!("| {} | {n} | {} | {} |", self.what, outcomes.join(", "), self.faults.len());
        _ = writeln!(std::io::stderr(), "{row}");
        let shown: Vec<&str> = self.faults.iter().take(MAX_SHOWN).map(String::as_str).collect();
        assert!(self.faults.is_empty(), "{}: {} faults\n{}", self.what, self.faults.len(), shown.join("\n"));
    }
}
