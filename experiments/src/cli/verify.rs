//! `vitrine verify`: the sections of a report once more, at its settings and seeds, and what came out differently of all
//! that the report states: findings, verdicts, titles, lists of figures and tables, the ledger, what was not run.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use serde::Serialize;
use serde_json::{Value, json};
use vitrine_data::read_regular;
use vitrine_lab::report::{Page, StudySummary, Summary};
use vitrine_lab::{About, Done, Job, Ledger, Origin, Outcome, StopFlag, slip};

use super::arguments::{Common, Verify};
use super::hints::explained;
use super::terminal::{note, print};
use super::{memory, open};
use crate::thesis::{Context, PAPER, Plan, SECTIONS, code, sections};

/// Differences named of one section; the rest is counted.
const MAX_NAMED: usize = 10;

/// No report is longer.
const MAX_BYTES: u64 = 1 << 30;

/// A section, or the ledger, with its differences, or why it could not be compared.
struct Verified {
    section: String,
    outcome: Result<Vec<String>, String>,
    /// What the section is now, where it could be run again.
    page: Option<Page>,
}

impl Verified {
    fn is_same(&self) -> bool {
        self.outcome.as_ref().is_ok_and(Vec::is_empty)
    }
}

pub fn run(common: &Common, args: &Verify, stop: &StopFlag) -> anyhow::Result<()> {
    let summary = read(&args.report)?;
    let temporary;
    let runs = match &args.into {
        Some(folder) => folder.as_path(),
        None => {
            temporary =
                tempfile::tempdir().context("a temporary folder is needed; name one with --into DIR")?;
            temporary.path()
        }
    };
    let networks = if args.reuse_networks { &common.runs } else { runs };
    let wanted = sections::find(&args.only)?;
    let is_wanted =
        |s: &&StudySummary| args.only.is_empty() || wanted.iter().any(|w| w.about().id == s.section);
    let chosen: Vec<&StudySummary> = summary.sections.iter().filter(is_wanted).collect();
    if chosen.is_empty() {
        return Err(slip(format!("{}: does not report {}", args.report.display(), args.only.join(" "))));
    }
    note_origins(common, &chosen);
    open::check_writable("--into", runs)?;
    let mut verified = Vec::new();
    for sections in by_plan(chosen) {
        let plan =
            Plan::from_run(&sections[0].plan(&summary)).with_context(|| args.report.display().to_string())?;
        memory::check_settings(&plan.settings)?;
        let cx = Context::new(plan, open::zoo(common, networks, stop)?);
        verified.extend(again(common, &cx, runs, &sections)?);
    }
    match args.only.is_empty() {
        true => verified.push(ledger(&summary, &verified)?),
        false => note("the ledger rests on all sections of the report, and is not compared"),
    }
    say(common, &verified)?;
    let n_wrong = verified.iter().filter(|v| !v.is_same()).count();
    match n_wrong {
        0 => Ok(()),
        n => Err(anyhow::anyhow!("{n} of {} parts differ or could not be made again", verified.len())),
    }
}

fn read(path: &Path) -> anyhow::Result<Summary> {
    let summary: Summary = serde_json::from_slice(&read_regular(path, MAX_BYTES)?)
        .with_context(|| format!("{}: is no report.json of this version", path.display()))?;
    let ids: Vec<&str> = summary.sections.iter().map(|section| section.section.as_str()).collect();
    ensure!(!ids.is_empty(), "{}: reports no section, so there is nothing to verify", path.display());
    if let Some(twice) = (1..ids.len()).find(|&i| ids[..i].contains(&ids[i])) {
        bail!("{}: reports {} twice", path.display(), ids[twice]);
    }
    Ok(summary)
}

/// What may explain a difference: another version, commit or device.
fn note_origins(common: &Common, sections: &[&StudySummary]) {
    let here = open::origin(common);
    let mut origins: Vec<&Origin> = Vec::new();
    for section in sections {
        if section.origin != here && !origins.contains(&&section.origin) {
            origins.push(&section.origin);
        }
    }
    for origin in origins {
        note(&format!("the report was made by {origin}; this is {here}"));
    }
}

/// Sections that ran with the same settings and seeds, together.
fn by_plan(sections: Vec<&StudySummary>) -> Vec<Vec<&StudySummary>> {
    let mut groups: Vec<Vec<&StudySummary>> = Vec::new();
    for section in sections {
        let is_same = |s: &StudySummary| (&s.settings, &s.seeds) == (&section.settings, &section.seeds);
        match groups.iter_mut().find(|group| is_same(group[0])) {
            Some(group) => group.push(section),
            None => groups.push(vec![section]),
        }
    }
    groups
}

fn again(
    common: &Common,
    cx: &Context,
    runs: &Path,
    reported: &[&StudySummary],
) -> anyhow::Result<Vec<Verified>> {
    let mut verified = Vec::new();
    let mut known = Vec::new();
    for section in reported {
        match sections::one(&section.section) {
            Ok(found) => known.push(found),
            Err(_) => {
                let outcome = Err("this version has no such section".to_string());
                verified.push(Verified { section: section.section.clone(), outcome, page: None });
            }
        }
    }
    let job = Job { given: &|_| cx, runs, origin: open::origin(common), code: &code::of, force: true };
    for ended in job.run(&known, &mut |_, _| Ok(()))?.studies {
        let section = ended.about.id.to_string();
        verified.push(match ended.outcome {
            Outcome::Measured(_) | Outcome::Kept { .. } => {
                let page = Page::read(runs, sections::one(&section)?, &cx.plan.as_run().run)?;
                let page = page.context("findings were just written")?;
                let before = reported.iter().find(|s| s.section == section);
                let before = before.context("every section came from the report")?;
                let outcome = Ok(differences(&stated(before)?, &stated(&StudySummary::of(&page)?)?));
                Verified { section, outcome, page: Some(page) }
            }
            Outcome::NotRun(error) | Outcome::Failed(error) => {
                Verified { section, outcome: Err(explained(&error)), page: None }
            }
        });
    }
    Ok(verified)
}

/// All that a report states of a section but what made it, which may differ.
fn stated(section: &StudySummary) -> anyhow::Result<Value> {
    let mut value = as_read(section)?;
    if let Some(fields) = value.as_object_mut() {
        fields.remove("provenance");
    }
    Ok(value)
}

/// The ledger that follows from the sections as they are now, against that of the report; and what was not run.
fn ledger(summary: &Summary, verified: &[Verified]) -> anyhow::Result<Verified> {
    let section = "ledger".to_string();
    let page_of = |id: &str| verified.iter().find(|v| v.section == id).and_then(|v| v.page.as_ref());
    if verified.iter().any(|verified| verified.page.is_none()) {
        let outcome = Err("it rests on all sections, and not all could be run again".to_string());
        return Ok(Verified { section, outcome, page: None });
    }
    let abouts: Vec<&'static About> = SECTIONS.iter().map(|section| section.about()).collect();
    let pages: Vec<&Page> = abouts.iter().filter_map(|about| page_of(about.id)).collect();
    let done: Vec<Done> = pages.iter().map(|page| Done { about: page.about, stored: &page.stored }).collect();
    let not_run: Vec<&str> = abouts.iter().map(|about| about.id).filter(|id| page_of(id).is_none()).collect();
    let now = json!({ "claims": as_read(&Ledger::of_run(&summary.run, &PAPER, &abouts, &done))?, "not_run": not_run });
    let before = json!({ "claims": summary.claims, "not_run": summary.not_run });
    Ok(Verified { section, outcome: Ok(differences(&before, &now)), page: None })
}

/// A value as it is read from text, where the last digit of a number may be rounded.
fn as_read(value: &impl Serialize) -> anyhow::Result<Value> {
    Ok(serde_json::from_str(&serde_json::to_string(value)?)?)
}

/// Where two values differ: the path of each number with both.
fn differences(before: &Value, now: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", before, now, &mut found);
    found
}

fn compare(path: &str, before: &Value, now: &Value, found: &mut Vec<String>) {
    let below = |name: &str| if path.is_empty() { name.to_string() } else { format!("{path} / {name}") };
    match (before, now) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, value) in a {
                compare(&below(name), value, b.get(name).unwrap_or(&Value::Null), found);
            }
            for (name, value) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
                compare(&below(name), &Value::Null, value, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (x, y)) in a.iter().zip(b).enumerate() {
                compare(&below(&i.to_string()), x, y, found);
            }
        }
        _ if before == now => {}
        _ => found.push(format!("{path}: {} → {}", brief(before), brief(now))),
    }
}

/// A value in a few words.
fn brief(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "a group of values".into(),
        Value::Null => "nothing".into(),
        other => other.to_string(),
    }
}

fn say(common: &Common, verified: &[Verified]) -> anyhow::Result<()> {
    if common.json {
        let rows: Vec<Value> = verified
            .iter()
            .map(|v| {
                json!({
                    "section": v.section,
                    "same": v.is_same(),
                    "differences": v.outcome.as_ref().unwrap_or(&Vec::new()),
                    "not_verified": v.outcome.as_ref().err(),
                })
            })
            .collect();
        return print(&serde_json::to_string_pretty(&rows)?);
    }
    for Verified { section, outcome, .. } in verified {
        match outcome {
            Ok(differences) if differences.is_empty() => print(&format!("{section}: the same"))?,
            Ok(differences) => {
                print(&format!("{section}: {} differences", differences.len()))?;
                for difference in differences.iter().take(MAX_NAMED) {
                    print(&format!("  {difference}"))?;
                }
            }
            Err(why) => print(&format!("{section}: not verified: {why}"))?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_named_by_its_path_with_both_values() {
        let mut found = Vec::new();
        let before = json!({ "l1": [0.5, 0.25], "n": 2, "gone": 1 });
        compare("", &before, &json!({ "l1": [0.5, 0.75], "n": 2, "new": true }), &mut found);
        assert_eq!(found, ["l1 / 1: 0.25 → 0.75", "gone: 1 → nothing", "new: nothing → true"]);
    }

    #[test]
    fn equal_values_and_lists_of_equal_length_are_no_difference() {
        let mut found = Vec::new();
        compare("", &json!([1, 2]), &json!([1, 2]), &mut found);
        assert!(found.is_empty());
        compare("list", &json!([1, 2]), &json!([1]), &mut found);
        assert_eq!(found, ["list: a list of 2 → a list of 1"]);
    }
}
