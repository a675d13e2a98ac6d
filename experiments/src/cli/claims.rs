//! `vitrine claims`: the ledger of the thesis' claims with their verdicts.

use vitrine_lab::report::Book;
use vitrine_lab::{Preset, Table, numbers};

use super::arguments::Common;
use super::closing;
use super::terminal::print;
use crate::thesis::{PAPER, SECTIONS};

pub fn run(common: &Common, preset: Preset) -> anyhow::Result<()> {
    let Book { ledger, damaged, .. } = Book::read(&PAPER, &SECTIONS, &common.runs, preset);
    closing::damage(&damaged);
    if common.json {
        return print(&serde_json::to_string_pretty(&ledger)?);
    }
    let mut table =
        Table::new(["claim", "verdict", "statistic", "95 % interval", "p (Holm)", "seeds", "section"]);
    for entry in &ledger.claims {
        let dash = || "–".to_string();
        if entry.tests.is_empty() {
            let sections = if entry.sections.is_empty() { dash() } else { entry.sections.join(" ") };
            table.row([entry.id.clone(), "not run".into(), dash(), dash(), dash(), "0".into(), sections]);
        }
        for test in &entry.tests {
            let claim = &test.claim;
            table.row([
                claim.id.clone(),
                claim.verdict.to_string(),
                numbers::short(claim.statistic),
                claim.interval.map_or_else(dash, numbers::interval),
                test.p_holm.map_or_else(dash, numbers::p_value),
                claim.n_seeds.to_string(),
                test.section.to_string(),
            ]);
        }
    }
    print(&format!(
        "{}\n{}; p-values corrected for {} tests by Holm's method\n",
        table.to_text(),
        closing::verdicts(&ledger),
        ledger.n_corrected()
    ))
}
