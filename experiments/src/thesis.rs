//! Numbers printed in the thesis, from `assets/thesis.toml`.

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thesis {
    errors: BTreeMap<String, ThesisErrors>,
}

static THESIS: LazyLock<Thesis> = LazyLock::new(|| {
    toml::from_str(include_str!("../../assets/thesis.toml"))
        .expect("assets/thesis.toml is part of the program")
});

/// The thesis' errors of a detector, by its name or specification.
pub fn errors(detector: &str) -> Option<ThesisErrors> {
    THESIS.errors.get(detector).copied()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_thesis_values_are_there() {
        assert_eq!(super::errors("mlp:100-100-60").unwrap().l1, 0.3083);
        assert_eq!(super::errors("bayes-median"), None);
    }
}
