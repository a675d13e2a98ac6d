//! `vitrine list`: sections with their figures, tables and claims, and what is done.

use serde_json::json;

use vitrine_lab::{Preset, RunFolder, Table};

use super::arguments::Common;
use super::closing;
use super::terminal::print;
use crate::thesis::SECTIONS;

pub fn run(common: &Common, preset: Preset) -> anyhow::Result<()> {
    // What is damaged is measured again, so it is not done.
    let done = |id: &str| {
        is_done(&RunFolder::new(&common.runs, id, preset)).unwrap_or_else(|error| {
            closing::damage(&[format!("{error:#}")]);
            false
        })
    };
    if common.json {
        let rows: Vec<_> = SECTIONS
            .iter()
            .map(|section| {
                let about = section.about();
                json!({
                    "section": about.id,
                    "title": about.title,
                    "figures": about.figures,
                    "tables": about.tables,
                    "claims": about.claims,
                    "done": done(about.id),
                })
            })
            .collect();
        return print(&serde_json::to_string_pretty(&rows)?);
    }
    let mut table = Table::new(["section", "figures", "tables", "claims", "done", "what it shows"]);
    for section in SECTIONS.iter() {
        let about = section.about();
        let list = |names: &[&str]| {
            if names.is_empty() { "–".into() } else { names.join(" ") }
        };
        table.row([
            about.id.to_string(),
            list(about.figures),
            list(about.tables),
            list(about.claims),
            if done(about.id) { "yes" } else { "no" }.into(),
            about.title.to_string(),
        ]);
    }
    print(&table.to_text())
}

/// Whether a run was finished there and is what was sealed.
fn is_done(folder: &RunFolder) -> anyhow::Result<bool> {
    let Some(sealed) = folder.open()? else { return Ok(false) };
    sealed.config()?;
    sealed.check_shown(&sealed.findings()?)?;
    Ok(true)
}
