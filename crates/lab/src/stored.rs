//! Findings as a run folder holds them: whatever type a study gave them, with what made them beside.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::agreement::Agreement;
use crate::claim::Claim;
use crate::run_name::RunName;
use crate::saved::{Parts, assemble};

/// Findings of a study; everything its figures show is in here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stored {
    /// The study's id.
    pub section: String,
    /// The name of its run.
    pub run: RunName,
    /// The seeds it ran over.
    pub seeds: Vec<u64>,
    /// Names what they rest on: code that measures, settings, seeds, recipes.
    #[serde(default)]
    pub fingerprint: String,
    /// Names the code that drew and tested: where it differs, they are drawn and tested again, not measured.
    #[serde(default)]
    pub drawn_by: String,
    /// What was found, with a reference in the place of each array.
    pub values: Value,
    /// The tests that were made on it, without a verdict: that is the ledger's.
    pub claims: Vec<Claim>,
    /// What the paper states of its figures and tables, beside what was found.
    #[serde(default)]
    pub agreements: Vec<Agreement>,
    /// Names of its arrays: `arrays/NAME.npy`.
    pub arrays: Vec<String>,
    /// Names of its figures: `figures/figNAME.svg` and `.png`.
    pub figures: Vec<String>,
    /// Seconds, by what took them. Kept apart from the values, since they differ from run to run.
    #[serde(default)]
    pub timings: BTreeMap<String, f64>,
    /// The arrays themselves.
    #[serde(skip)]
    pub data: BTreeMap<String, ndarray::ArrayD<f64>>,
}

/// The name under which the seconds of a whole study are kept.
pub const WHOLE: &str = "section";

impl Stored {
    /// What a study found, before it was tested and drawn.
    pub fn new(section: &str, run: RunName, seeds: &[u64], parts: Parts) -> Stored {
        Stored {
            section: section.into(),
            run,
            seeds: seeds.to_vec(),
            fingerprint: String::new(),
            drawn_by: String::new(),
            values: parts.values,
            claims: Vec::new(),
            agreements: Vec::new(),
            arrays: parts.arrays.keys().cloned().collect(),
            figures: Vec::new(),
            timings: parts.seconds,
            data: parts.arrays,
        }
    }

    /// The findings in the type that the study gave them.
    ///
    /// # Errors
    /// When they are of another type.
    pub fn read<F: DeserializeOwned>(&self) -> anyhow::Result<F> {
        assemble(&self.values, &self.data, &self.timings)
            .with_context(|| format!("{} at preset {}", self.section, self.run))
    }

    /// Seconds of measuring and drawing, where they are known.
    pub fn seconds(&self) -> Option<f64> {
        self.timings.get(WHOLE).copied()
    }
}
