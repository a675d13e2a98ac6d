//! `vitrine reproduce`: train what is missing, then measure, test the claims, tabulate, draw and report.

use crate::cli::{Common, Reproduce};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::job::{Ended, Job, JobDone, Outcome};
use crate::preset::Preset;
use crate::run_folder::RunFolder;
use crate::section::Section;
use crate::settings::Settings;
use crate::terminal::{note, print};
use crate::usage::usage;
use crate::{closing, report, sections, table};

pub fn run(common: &Common, args: &Reproduce) -> anyhow::Result<()> {
    let sections = chosen(args)?;
    let cx = Context::new(plan(args)?, super::open_zoo(common, &common.runs)?);
    let job = Job { cx: &cx, runs: &common.runs, device: common.device.to_string(), force: args.force };
    let n_sections = sections.len();
    let mut n_ended = 0;
    let done = job.run(&sections, &mut |ended| {
        n_ended += 1;
        if 1 < n_sections {
            note(&format!("[{n_ended}/{n_sections}] {}", closing::line(ended)));
        }
        if common.json { Ok(()) } else { show(ended) }
    })?;
    if common.json {
        let all: Vec<&Findings> = done.sections.iter().filter_map(|e| e.outcome.findings()).collect();
        let text = match &all[..] {
            [one] if n_sections == 1 => serde_json::to_string_pretty(one)?,
            many => serde_json::to_string_pretty(many)?,
        };
        print(&text)?;
    }
    if n_sections == 1 {
        return done.sections.into_iter().try_for_each(|ended| alone(common, cx.plan.preset, ended));
    }
    close(common, &done, cx.plan.preset)
}

/// The report, the summary, and an error if something failed.
fn close(common: &Common, done: &JobDone, preset: Preset) -> anyhow::Result<()> {
    let is_any_done = done.sections.iter().any(|e| e.outcome.findings().is_some());
    let written = if is_any_done { Some(report::write(&common.runs, preset)?) } else { None };
    let summary = closing::summary(done, written.as_ref());
    if common.json {
        note(&summary)
    } else {
        print(&format!("\n{summary}"))?
    }
    closing::failures(done).map_or(Ok(()), |failures| Err(anyhow::anyhow!(failures)))
}

/// The sections that the targets name, less those left out.
fn chosen(args: &Reproduce) -> anyhow::Result<Vec<&'static dyn Section>> {
    let ids = |targets: &[String]| -> anyhow::Result<Vec<&str>> {
        Ok(sections::find(targets)?.iter().map(|s| s.about().id).collect())
    };
    let (only, skip) = (ids(&args.only)?, ids(&args.skip)?);
    let mut chosen = sections::find(&args.targets)?;
    chosen
        .retain(|s| (args.only.is_empty() || only.contains(&s.about().id)) && !skip.contains(&s.about().id));
    if chosen.is_empty() {
        return Err(usage("--only, --skip: no section is left"));
    }
    Ok(chosen)
}

fn plan(args: &Reproduce) -> anyhow::Result<Plan> {
    let preset = args.preset.preset;
    let n_seeds = args.seeds.unwrap_or_else(|| preset.n_seeds());
    if n_seeds == 0 {
        return Err(usage("--seeds 0: at least one seed is needed"));
    }
    Ok(Plan { preset, settings: Settings::of(preset).with(&args.set)?, seeds: (0..n_seeds).collect() })
}

/// The section's tables and claims, for the terminal.
fn show(ended: &Ended) -> anyhow::Result<()> {
    let Some(findings) = ended.outcome.findings() else { return Ok(()) };
    let about = ended.section.about();
    print(&format!("\n{}  {}", about.id, about.title))?;
    for (name, table) in ended.section.tables(findings) {
        print(&format!("\n{}\n{}", table::label(&name), table.to_text()))?;
    }
    for claim in &findings.claims {
        print(&claim.to_string())?;
    }
    Ok(())
}

/// A section that was asked for alone ends as itself, with its own error.
fn alone(common: &Common, preset: Preset, ended: Ended) -> anyhow::Result<()> {
    let id = ended.section.about().id;
    let folder = || RunFolder::new(&common.runs, id, preset).path().display().to_string();
    match ended.outcome {
        Outcome::Measured(findings) => {
            note(&format!("{} figures and the numbers behind them: {}", findings.figures.len(), folder()))
        }
        Outcome::Kept(_) => {
            note(&format!("done before with these settings and seeds, --force measures again: {}", folder()));
        }
        Outcome::NotRun(why) => anyhow::bail!("{id}: not run: {why}"),
        Outcome::Failed(error) => return Err(error),
    }
    Ok(())
}
