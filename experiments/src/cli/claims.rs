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
    let dash = || "–".to_string();
    for tested in ledger.tests() {
        let found = tested.found.as_ref();
        table.row([
            tested.test.id.clone(),
            tested.verdict_words(),
            found.map_or_else(dash, |found| numbers::short(found.statistic)),
            found.and_then(|found| found.interval).map_or_else(dash, numbers::interval),
            tested.p_words(),
            found.map_or(0, |found| found.n_units()).to_string(),
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
