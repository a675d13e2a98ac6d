//! `report.json`: what the report says, for programs, and what `vitrine verify` compares with.
//!
//! It holds nothing that differs from run to run: no times, no paths of the machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Book, Page};
use crate::preset::Preset;
use crate::run_folder::Provenance;
use crate::settings::Settings;

/// The report for programs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// The preset of all its sections.
    pub preset: Preset,
    /// The sections that are in it.
    pub sections: Vec<SectionSummary>,
    /// Ids of those that are not.
    pub not_run: Vec<String>,
    /// The ledger, as `vitrine claims --json` prints it.
    pub claims: Value,
}

/// One section.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SectionSummary {
    /// Its id.
    pub section: String,
    /// What it shows.
    pub title: String,
    /// Device, version and commit that made it.
    pub provenance: Provenance,
    /// Its seeds.
    pub seeds: Vec<u64>,
    /// Its settings in full.
    pub settings: Settings,
    /// Its figures.
    pub figures: Vec<String>,
    /// Its tables.
    pub tables: Vec<String>,
    /// Its findings: what must come out again.
    pub results: Results,
}

/// What a section found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Rows of its table of detectors.
    pub rows: Value,
    /// Its numbers by name.
    pub values: Value,
    /// Its claims with their verdicts.
    pub claims: Value,
    /// Its arrays: shape, and BLAKE3 of the numbers as little-endian bytes.
    pub arrays: BTreeMap<String, ArraySummary>,
}

/// An array by its shape and content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArraySummary {
    /// Its shape.
    pub shape: Vec<usize>,
    /// BLAKE3 of its numbers, row by row, as little-endian bytes of double precision.
    pub blake3: String,
}

impl Summary {
    /// The summary of a book.
    pub fn of(book: &Book) -> anyhow::Result<Summary> {
        Ok(Summary {
            preset: book.preset,
            sections: book.pages.iter().map(SectionSummary::of).collect::<anyhow::Result<_>>()?,
            not_run: book.absent.iter().map(|section| section.about().id.to_string()).collect(),
            claims: serde_json::to_value(&book.ledger)?,
        })
    }
}

impl SectionSummary {
    /// The summary of a section.
    pub fn of(page: &Page) -> anyhow::Result<SectionSummary> {
        let Page { section, config, findings, .. } = page;
        let array = |(name, array): (&String, &ndarray::ArrayD<f64>)| {
            let mut hasher = blake3::Hasher::new();
            array.iter().for_each(|value| _ = hasher.update(&value.to_le_bytes()));
            let blake3 = hasher.finalize().to_hex()[..16].to_string();
            (name.clone(), ArraySummary { shape: array.shape().to_vec(), blake3 })
        };
        Ok(SectionSummary {
            section: section.about().id.into(),
            title: section.about().title.into(),
            provenance: config.provenance.clone(),
            seeds: config.seeds.clone(),
            settings: config.settings.clone(),
            figures: findings.figures.clone(),
            tables: section.tables(findings).into_iter().map(|(name, _)| name).collect(),
            results: Results {
                rows: serde_json::to_value(&findings.rows)?,
                values: serde_json::to_value(&findings.values)?,
                claims: serde_json::to_value(&findings.claims)?,
                arrays: findings.data.iter().map(array).collect(),
            },
        })
    }
}
