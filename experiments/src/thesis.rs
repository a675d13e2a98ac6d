//! What the thesis prints and says, from `assets/thesis.toml`: errors of detectors, captions, statements, claims.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The four errors of a detector as printed in the thesis' tables.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThesisErrors {
    /// Mean absolute error, in samples.
    pub l1: f64,
    /// Root of the mean squared error, in samples.
    pub l2: f64,
    /// Mean absolute error of the best 99 %.
    pub p99_l1: f64,
    /// Root of the mean squared error of the best 99 %.
    pub p99_l2: f64,
}

/// A figure or table: what is shown, and what the thesis says of its own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The caption.
    pub shows: String,
    /// The thesis' statement, where it makes one.
    pub says: Option<String>,
}

/// An error in print.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The detector of table 7.1 it belongs to.
    pub detector: String,
    /// The field of [`ThesisErrors`] it belongs to.
    pub quantity: String,
    /// What stands there.
    pub printed: String,
    /// What is meant.
    pub meant: f64,
    /// Why.
    pub why: String,
}

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thesis {
    /// Errors by detector.
    errors: BTreeMap<String, ThesisErrors>,
    /// Errors in print.
    pub corrections: Vec<Correction>,
    /// Titles of the chapters by number.
    pub chapters: BTreeMap<String, String>,
    /// Sentences of the claims by id.
    pub claims: BTreeMap<String, String>,
    /// Figures by number.
    pub figures: BTreeMap<String, Shown>,
    /// Tables by number.
    pub tables: BTreeMap<String, Shown>,
}

/// What the thesis prints and says.
pub static THESIS: LazyLock<Thesis> = LazyLock::new(|| {
    toml::from_str(include_str!("../../assets/thesis.toml"))
        .unwrap_or_else(|e| unreachable!("assets/thesis.toml is part of the program: {e}"))
});

/// The thesis' errors of a detector, by its name or specification.
pub fn errors(detector: &str) -> Option<ThesisErrors> {
    THESIS.errors.get(detector).copied()
}

impl Thesis {
    /// What a figure shows: by its own name, else by the longest one that it is a part or variant of (`3.13a`,
    /// `4.14-linear`).
    pub fn figure(&self, name: &str) -> Option<&Shown> {
        let is_part = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_digit());
        let wholes =
            self.figures.iter().filter(|(key, _)| name.strip_prefix(key.as_str()).is_some_and(is_part));
        wholes.max_by_key(|(key, _)| key.len()).map(|(_, shown)| shown)
    }

    /// Ids of the claims in the order of their numbers: C2 before C10.
    pub fn claim_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.claims.keys().map(String::as_str).collect();
        ids.sort_by_key(|id| claim_number(id));
        ids
    }
}

/// The number of a claim or of a part of it: 16 of `C16.start`.
pub fn claim_number(id: &str) -> usize {
    let digits = id.trim_start_matches('C').split('.').next().unwrap_or_default();
    digits.parse().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thesis_values_are_there() {
        assert_eq!(errors("mlp:100-100-60").unwrap().l1, 0.3083);
        assert_eq!(errors("bayes-median"), None);
    }

    #[test]
    fn parts_and_variants_of_a_figure_share_its_caption() {
        let shows = |name: &str| THESIS.figure(name).map(|f| f.shows.clone());
        assert_eq!(shows("3.13a"), shows("3.13"));
        assert_eq!(shows("4.14-linear"), shows("4.14"));
        assert!(shows("3.1").is_some() && shows("9.1").is_none());
    }

    #[test]
    fn claims_are_counted_and_not_spelled() {
        let ids = THESIS.claim_ids();
        assert_eq!((ids[1], ids[9], ids.len()), ("C2", "C10", 17));
    }

    #[test]
    fn a_correction_is_what_the_errors_hold() {
        for correction in &THESIS.corrections {
            assert_eq!(correction.quantity, "p99_l2");
            assert_eq!(errors(&correction.detector).unwrap().p99_l2, correction.meant);
        }
    }
}
