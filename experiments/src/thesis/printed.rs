//! The numbers that the thesis prints, from `printed.toml`: errors of detectors, and its errors in print.

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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Printed {
    errors: BTreeMap<String, ThesisErrors>,
    corrections: Vec<Correction>,
}

static PRINTED: LazyLock<Printed> = LazyLock::new(|| {
    toml::from_str(include_str!("printed.toml"))
        .unwrap_or_else(|e| unreachable!("printed.toml is part of the program: {e}"))
});

/// The thesis' errors of a detector, by its name or specification.
pub fn errors(detector: &str) -> Option<ThesisErrors> {
    PRINTED.errors.get(detector).copied()
}

/// The thesis' errors in print.
pub fn corrections() -> &'static [Correction] {
    &PRINTED.corrections
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
    fn a_correction_is_what_the_errors_hold() {
        for correction in corrections() {
            assert_eq!(correction.quantity, "p99_l2");
            assert_eq!(errors(&correction.detector).unwrap().p99_l2, correction.meant);
        }
    }
}
