//! `vitrine verify`: the sections of a report once more, at its settings and seeds, and what came out differently.

use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};

use vitrine_lab::report::{Page, Results, StudySummary, Summary};
use vitrine_lab::{Job, Origin, Outcome, StopFlag, slip};

use super::arguments::{Common, Verify};
use super::hints::explained;
use super::terminal::{note, print};
use super::{memory, open};
use crate::thesis::{Context, Plan, code, sections};

/// Differences named of one section; the rest is counted.
const MAX_NAMED: usize = 10;

/// A section with its differences, or why it could not be run again.
struct Verified {
    section: String,
    outcome: Result<Vec<String>, String>,
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
        let asked = if args.only.is_empty() { "any section".into() } else { args.only.join(" ") };
        return Err(slip(format!("{}: does not report {asked}", args.report.display())));
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
    say(common, &verified)?;
    let n_wrong = verified.iter().filter(|v| !v.is_same()).count();
    match n_wrong {
        0 => Ok(()),
        n => Err(anyhow::anyhow!("{n} of {} sections differ or could not be run again", verified.len())),
    }
}

fn read(path: &Path) -> anyhow::Result<Summary> {
    let bytes = std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    serde_json::from_slice(&bytes)
        .with_context(|| format!("{}: is no report.json of this version", path.display()))
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
                verified.push(Verified { section: section.section.clone(), outcome });
            }
        }
    }
    let job = Job { given: &|_| cx, runs, origin: open::origin(common), code: &code::of, force: true };
    for ended in job.run(&known, &mut |_, _| Ok(()))?.studies {
        let id = ended.about.id;
        let outcome = match ended.outcome {
            Outcome::Measured(_) | Outcome::Kept { .. } => {
                let section = sections::one(id)?;
                let page = Page::read(runs, section, &cx.plan.as_run().run)?
                    .context("findings were just written")?;
                let before = reported
                    .iter()
                    .find(|s| s.section == id)
                    .context("every section came from the report")?;
                Ok(differences(&before.results, &StudySummary::of(&page)?.results)?)
            }
            Outcome::NotRun(error) | Outcome::Failed(error) => Err(explained(&error)),
        };
        verified.push(Verified { section: id.to_string(), outcome });
    }
    Ok(verified)
}

/// Where two results differ: the path of each number with both values.
fn differences(before: &Results, now: &Results) -> anyhow::Result<Vec<String>> {
    // The report was read from text, where the last digit of a number may be rounded; so is what it is compared with.
    let now: Value = serde_json::from_str(&serde_json::to_string(now)?)?;
    let mut found = Vec::new();
    compare("", &serde_json::to_value(before)?, &now, &mut found);
    Ok(found)
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
    for Verified { section, outcome } in verified {
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
