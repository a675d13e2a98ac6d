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
use crate::run_name::RunName;

/// The report for programs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The run of all its sections.
    pub run: RunName,
    /// What of its settings is not the preset's, in full.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// The sections that are in it.
    pub sections: Vec<StudySummary>,
    /// Ids of those that are not.
    pub not_run: Vec<String>,
    /// The ledger, as `vitrine claims --json` prints it.
    pub claims: Value,
}

/// One study.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// The plan that it ran with, in the run that its report is of.
    pub fn plan(&self, of: &Summary) -> Plan {
        Plan {
            run: of.run.clone(),
            seeds: self.seeds.clone(),
            settings: self.settings.clone(),
            changes: of.changes.clone(),
        }
    }
}

/// What a study found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// Its numbers by name.
    pub values: Value,
    /// The numbers of its tests.
    pub claims: Value,
    /// What the paper states of its figures and tables, beside what was found.
    pub agreements: Value,
    /// Its arrays by name.
    pub arrays: BTreeMap<String, ArraySummary>,
}

/// An array by its shape and content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
            run: book.run.clone(),
            changes: book.changes().to_vec(),
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
                agreements: serde_json::to_value(&stored.agreements)?,
                arrays: stored.data.iter().map(array).collect(),
            },
        })
    }
}
