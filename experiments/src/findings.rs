//! What a section found: values, rows, claims, and the arrays that its figures are drawn from.

use std::collections::BTreeMap;

use anyhow::Context as _;
use ndarray::{Array, ArrayD, ArrayView, Dimension, Ix1, Ix2};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::claim::Claim;
use crate::preset::Preset;
use crate::rows::Row;

/// Findings of a section; everything its figures show is in here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Findings {
    /// The section's id.
    pub section: String,
    /// The preset it ran at.
    pub preset: Preset,
    /// The seeds it ran over.
    pub seeds: Vec<u64>,
    /// The fingerprint of the configuration that they were made with.
    #[serde(default)]
    pub fingerprint: String,
    /// Rows of its table of detectors, if it has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// Its numbers by name.
    pub values: BTreeMap<String, Value>,
    /// Its claims with their verdicts.
    pub claims: Vec<Claim>,
    /// Names of its arrays: `arrays/NAME.npy`.
    pub arrays: Vec<String>,
    /// Names of its figures: `figures/NAME.svg` and `.png`.
    pub figures: Vec<String>,
    /// Seconds, by what took them. Kept apart from the values, since they differ from run to run.
    #[serde(default)]
    pub timings: BTreeMap<String, f64>,
    /// The arrays themselves.
    #[serde(skip)]
    pub data: BTreeMap<String, ArrayD<f64>>,
}

impl Findings {
    /// Findings without content yet.
    pub fn new(section: &str, preset: Preset, seeds: &[u64]) -> Findings {
        Findings {
            section: section.into(),
            preset,
            seeds: seeds.to_vec(),
            fingerprint: String::new(),
            rows: Vec::new(),
            values: BTreeMap::new(),
            claims: Vec::new(),
            arrays: Vec::new(),
            figures: Vec::new(),
            timings: BTreeMap::new(),
            data: BTreeMap::new(),
        }
    }

    /// States a value.
    pub fn value(&mut self, name: &str, value: impl Serialize) -> anyhow::Result<()> {
        let value = serde_json::to_value(value).with_context(|| format!("value {name}"))?;
        self.values.insert(name.to_string(), value);
        Ok(())
    }

    /// Keeps an array of numbers.
    pub fn array<T: Copy + Into<f64>, D: Dimension>(&mut self, name: &str, array: ArrayView<'_, T, D>) {
        self.data.insert(name.to_string(), array.mapv(Into::into).into_dyn());
        self.arrays = self.data.keys().cloned().collect();
    }

    /// Keeps a list of whole numbers as an array: labels, positions, counts.
    pub fn counts(&mut self, name: &str, counts: &[usize]) {
        let numbers = Array::from_iter(counts.iter().map(|&c| c as f64));
        self.array(name, numbers.view());
    }

    /// A value of that name and type.
    pub fn get<T: serde::de::DeserializeOwned>(&self, name: &str) -> anyhow::Result<T> {
        let value = self.values.get(name).with_context(|| format!("{}: no value {name}", self.section))?;
        serde_json::from_value(value.clone()).with_context(|| format!("{}: value {name}", self.section))
    }

    /// The one-dimensional array of that name.
    pub fn vector(&self, name: &str) -> anyhow::Result<ArrayView<'_, f64, Ix1>> {
        self.view(name)?.into_dimensionality().with_context(|| format!("{}: array {name}", self.section))
    }

    /// The two-dimensional array of that name.
    pub fn matrix(&self, name: &str) -> anyhow::Result<ArrayView<'_, f64, Ix2>> {
        self.view(name)?.into_dimensionality().with_context(|| format!("{}: array {name}", self.section))
    }

    fn view(&self, name: &str) -> anyhow::Result<ArrayView<'_, f64, ndarray::IxDyn>> {
        Ok(self.data.get(name).with_context(|| format!("{}: no array {name}", self.section))?.view())
    }
}
