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
    let dash = || "–".to_string();
    for tested in ledger.tests() {
        let found = tested.found.as_ref();
        table.row([
            tested.test.id.clone(),
            tested.verdict_words(),
            found.map_or_else(dash, |found| numbers::short(found.statistic)),
            found.and_then(|found| found.interval).map_or_else(dash, numbers::interval),
            tested.p_words(),
            tested.n_words(),
            tested.section.map_or_else(dash, String::from),
        ]);
    }
    let remarks = ledger.tests().filter_map(|tested| {
        let remarks = tested.found.as_ref()?.remarks(&tested.test);
        (!remarks.is_empty()).then(|| format!("{}: {remarks}\n", tested.test.id))
    });
    print(&format!(
        "{}\n{}{}\np-values are corrected by Holm's method for all {} registered tests, run or not; a test holds or fails below .05\n",
        table.to_text(),
        remarks.collect::<String>(),
        closing::verdicts(&ledger),
        ledger.n_registered()
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
    let mut table = Table::new(["test", "statistic", "95 % interval", "p", "seeds", "section"]);
    for (section, test) in tests() {
        table.row([
            test.id.clone(),
            numbers::short(test.statistic),
            test.interval.map_or("–".into(), numbers::interval),
            test.p_value.map_or("–".into(), numbers::p_value),
            test.n_units().to_string(),
            section.to_string(),
        ]);
    }
    let counts = closing::tests(book.pages.iter().map(|page| &page.stored));
    print(&format!("variant {}: {}\n{}\n{counts}\n", book.run, book.changes().join(" "), table.to_text()))
}
