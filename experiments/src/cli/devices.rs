//! `vitrine devices`: what this build and this machine can use.

use serde_json::json;
use vitrine_lab::Table;
use vitrine_model::device;

use super::arguments::Common;
use super::terminal::print;

pub fn run(common: &Common) -> anyhow::Result<()> {
    let reports = device::survey();
    if common.json {
        let rows: Vec<_> = reports
            .iter()
            .map(|r| json!({ "device": r.name, "compiled": r.compiled, "works": r.works.is_ok(), "note": note(r) }))
            .collect();
        return print(&serde_json::to_string_pretty(&rows)?);
    }
    let mut table = Table::new(["device", "compiled in", "works here", "note"]);
    for report in &reports {
        let yes_no = |yes: bool| if yes { "yes" } else { "no" };
        table.row([&report.name, yes_no(report.compiled), yes_no(report.works.is_ok()), &note(report)]);
    }
    print(&table.to_text())
}

fn note(report: &device::DeviceReport) -> String {
    match &report.works {
        Ok(note) | Err(note) => note.clone(),
    }
}
