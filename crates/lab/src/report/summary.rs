//! `report.json`: what the report says, for programs, and what `vitrine verify` compares with.
//!
//! It holds nothing that differs from run to run: no times, no paths of the machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::book::{Book, Page};
use crate::names::short;
use crate::origin::Origin;
use crate::plan::Plan;
use crate::preset::Preset;

/// The report for programs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// The preset of all its sections.
    pub preset: Preset,
    /// The sections that are in it.
    pub sections: Vec<StudySummary>,
    /// Ids of those that are not.
    pub not_run: Vec<String>,
    /// The ledger, as `vitrine claims --json` prints it.
    pub claims: Value,
}

/// One study.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StudySummary {
    /// Its id.
    pub section: String,
    /// What it shows.
    pub title: String,
    /// Device, version and commit that made it.
    #[serde(rename = "provenance")]
    pub origin: Origin,
    /// Its seeds.
    pub seeds: Vec<u64>,
    /// Its settings in full.
    pub settings: toml::Table,
    /// Its figures.
    pub figures: Vec<String>,
    /// Its tables.
    pub tables: Vec<String>,
    /// Its findings: what must come out again.
    pub results: Results,
}

impl StudySummary {
    /// The plan that it ran with, at the preset of its report.
    pub fn plan(&self, preset: Preset) -> Plan {
        Plan { preset, seeds: self.seeds.clone(), settings: self.settings.clone() }
    }
}

/// What a study found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Its numbers by name.
    pub values: Value,
    /// The numbers of its tests.
    pub claims: Value,
    /// Its arrays by name.
    pub arrays: BTreeMap<String, ArraySummary>,
}

/// An array by its shape and content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArraySummary {
    /// Its shape.
    pub shape: Vec<usize>,
    /// The first 16 hexadecimal digits of BLAKE3 of its numbers, row by row, as little-endian bytes of double precision.
    pub blake3: String,
}

impl Summary {
    /// The summary of a book.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn of(book: &Book<'_>) -> anyhow::Result<Summary> {
        Ok(Summary {
            preset: book.preset,
            sections: book.pages.iter().map(StudySummary::of).collect::<anyhow::Result<_>>()?,
            not_run: book.absent.iter().map(|about| about.id.to_string()).collect(),
            claims: serde_json::to_value(&book.ledger)?,
        })
    }
}

impl StudySummary {
    /// The summary of a study.
    ///
    /// # Errors
    /// When a claim cannot be written.
    pub fn of(page: &Page) -> anyhow::Result<StudySummary> {
        let Page { about, config, stored, tables, .. } = page;
        let array = |(name, array): (&String, &ndarray::ArrayD<f64>)| {
            let mut hasher = blake3::Hasher::new();
            array.iter().for_each(|value| _ = hasher.update(&value.to_le_bytes()));
            let blake3 = short(hasher.finalize());
            (name.clone(), ArraySummary { shape: array.shape().to_vec(), blake3 })
        };
        Ok(StudySummary {
            section: about.id.into(),
            title: about.title.into(),
            origin: config.origin.clone(),
            seeds: config.seeds.clone(),
            settings: config.settings.clone(),
            figures: stored.figures.clone(),
            tables: tables.iter().map(|(name, _)| name.clone()).collect(),
            results: Results {
                values: serde_json::to_value(&stored.values)?,
                claims: serde_json::to_value(&stored.claims)?,
                arrays: stored.data.iter().map(array).collect(),
            },
        })
    }
}
