//! `vitrine claims`: the ledger of the thesis' claims with their verdicts.

use serde_json::json;
use vitrine_lab::report::Book;
use vitrine_lab::{RunName, Table, numbers};

use super::arguments::Common;
use super::closing;
use super::terminal::print;
use crate::thesis::{PAPER, SECTIONS};

pub fn run(common: &Common, name: &RunName) -> anyhow::Result<()> {
    let book = Book::read(&PAPER, &SECTIONS, &common.runs, name);
    closing::damage(&book.damaged);
    if !name.has_preset_settings() {
        return of_variant(common, &book);
    }
    let ledger = book.ledger;
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

/// The tests of a run with settings of its own, which are no verdicts on the thesis' claims.
fn of_variant(common: &Common, book: &Book<'_>) -> anyhow::Result<()> {
    let tests =
        || book.pages.iter().flat_map(|page| page.stored.claims.iter().map(|claim| (page.about.id, claim)));
    if common.json {
        let rows: Vec<_> =
            tests().map(|(section, test)| json!({ "section": section, "test": test })).collect();
        let whole = json!({ "run": book.run, "changes": book.changes(), "tests": rows });
        return print(&serde_json::to_string_pretty(&whole)?);
    }
    let mut table = Table::new(["test", "outcome", "statistic", "95 % interval", "seeds", "section"]);
    for (section, test) in tests() {
        table.row([
            test.id.clone(),
            test.verdict.to_string(),
            numbers::short(test.statistic),
            test.interval.map_or("–".into(), numbers::interval),
            test.n_seeds.to_string(),
            section.to_string(),
        ]);
    }
    let counts = closing::tests(tests().map(|(_, test)| test));
    print(&format!("variant {}: {}\n{}\n{counts}\n", book.run, book.changes().join(" "), table.to_text()))
}
