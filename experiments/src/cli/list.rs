//! `vitrine list`: sections with their figures, tables and claims, and what is done.

use std::collections::BTreeMap;

use serde_json::json;

use vitrine_lab::{RunFolder, RunName, Table};

use super::arguments::Common;
use super::closing;
use super::terminal::print;
use crate::thesis::SECTIONS;

pub fn run(common: &Common, name: &RunName) -> anyhow::Result<()> {
    // What is damaged is measured again, so it is not done.
    let done = |id: &str| {
        is_done(&RunFolder::new(&common.runs, id, name)).unwrap_or_else(|error| {
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
                    "run": name,
                    "done": done(about.id),
                    "runs": RunFolder::done_of(&common.runs, about.id),
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
    let done = format!("done: of run {name}\n");
    print(&format!("{}{done}{}", table.to_text(), variants(common)))
}

/// A line for each run that is there and is no preset, with the command that shows it.
fn variants(common: &Common) -> String {
    let mut n_sections: BTreeMap<RunName, usize> = BTreeMap::new();
    for section in SECTIONS.iter() {
        for run in RunFolder::done_of(&common.runs, section.about().id) {
            if !run.is_preset() {
                *n_sections.entry(run).or_default() += 1;
            }
        }
    }
    let line = |(run, n): (&RunName, &usize)| {
        let sections = if *n == 1 { "section" } else { "sections" };
        format!("variant {run}: {n} {sections}; `vitrine report --variant '{run}'` shows it\n")
    };
    n_sections.iter().map(line).collect()
}

/// Whether a run was finished there and is what was sealed.
fn is_done(folder: &RunFolder) -> anyhow::Result<bool> {
    let Some(sealed) = folder.open()? else { return Ok(false) };
    sealed.config()?;
    sealed.check_shown(&sealed.findings()?)?;
    Ok(true)
}
