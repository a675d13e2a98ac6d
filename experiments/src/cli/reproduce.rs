//! `vitrine reproduce`: train what is missing, then measure, test the claims, tabulate, draw and report.

use vitrine_lab::report::{self, Book};
use vitrine_lab::{Ended, Job, JobDone, Outcome, Preset, RunFolder, StopFlag, Stored, slip, table};

use super::arguments::{Common, Reproduce};
use super::terminal::{note, print};
use super::{closing, open};
use crate::thesis::{Context, PAPER, Plan, SECTIONS, Section, Settings, code, sections};

/// More seeds are a slip of the keyboard: the thesis' claims are settled by twenty.
const MAX_SEEDS: u64 = 10_000;

pub fn run(common: &Common, args: &Reproduce, stop: &StopFlag) -> anyhow::Result<()> {
    let sections = chosen(args)?;
    let cx = Context::new(plan(args)?, open::zoo(common, &common.runs, stop)?);
    let origin = open::origin(common);
    let job = Job { given: &cx, runs: &common.runs, origin, code: &code::of, force: args.force };
    let n_sections = sections.len();
    let mut n_ended = 0;
    let done = job.run(&sections, &mut |section, ended| {
        n_ended += 1;
        if 1 < n_sections {
            note(&format!("[{n_ended}/{n_sections}] {}", closing::line(ended)));
        }
        if common.json { Ok(()) } else { show(section, ended, 1 < n_sections) }
    })?;
    if common.json {
        let all: Vec<&Stored> = done.studies.iter().filter_map(|e| e.outcome.stored()).collect();
        let text = match &all[..] {
            [one] if n_sections == 1 => serde_json::to_string_pretty(one)?,
            many => serde_json::to_string_pretty(many)?,
        };
        print(&text)?;
    }
    if n_sections == 1 {
        return done.studies.into_iter().try_for_each(|ended| alone(common, cx.plan.preset, ended));
    }
    close(common, &done, cx.plan.preset)
}

/// The report, the summary, and an error if something failed.
fn close(common: &Common, done: &JobDone, preset: Preset) -> anyhow::Result<()> {
    let is_any_done = done.studies.iter().any(|e| e.outcome.stored().is_some());
    let written =
        if is_any_done { Some(report::write(&PAPER, &SECTIONS, &common.runs, preset)?) } else { None };
    if let Some(written) = &written {
        closing::damage(&written.damaged);
    }
    let summary = closing::summary(done, written.as_ref());
    if common.json {
        note(&summary)
    } else {
        print(&format!("\n{summary}"))?
    }
    closing::failures(done).map_or(Ok(()), |failures| Err(anyhow::anyhow!(failures)))
}

/// The sections that the targets name, less those left out.
fn chosen(args: &Reproduce) -> anyhow::Result<Vec<Section>> {
    let ids = |targets: &[String]| -> anyhow::Result<Vec<&str>> {
        Ok(sections::find(targets)?.iter().map(|s| s.about().id).collect())
    };
    let (only, skip) = (ids(&args.only)?, ids(&args.skip)?);
    let mut chosen = sections::find(&args.targets)?;
    chosen
        .retain(|s| (args.only.is_empty() || only.contains(&s.about().id)) && !skip.contains(&s.about().id));
    if chosen.is_empty() {
        return Err(slip("--only, --skip: no section is left"));
    }
    Ok(chosen)
}

fn plan(args: &Reproduce) -> anyhow::Result<Plan> {
    let preset = args.preset.preset;
    let n_seeds = args.seeds.unwrap_or_else(|| preset.n_seeds());
    if n_seeds == 0 {
        return Err(slip("--seeds 0: at least one seed is needed"));
    }
    if MAX_SEEDS < n_seeds {
        return Err(slip(format!("--seeds {n_seeds}: at most {MAX_SEEDS} seeds")));
    }
    Ok(Plan { preset, settings: Settings::of(preset).with(&args.set)?, seeds: (0..n_seeds).collect() })
}

/// The section's tables, for the terminal, and among many sections the numbers of its tests: their verdicts come when all
/// have ended.
fn show(section: Section, ended: &Ended, is_one_of_many: bool) -> anyhow::Result<()> {
    let Some(stored) = ended.outcome.stored() else { return Ok(()) };
    print(&format!("\n{}  {}", ended.about.id, ended.about.title))?;
    for (name, table) in section.tables(stored)? {
        print(&format!("\n{}\n{}", table::label(&name), table.to_text()))?;
    }
    let tests = stored.claims.iter().filter(|_| is_one_of_many);
    tests.filter_map(closing::test).try_for_each(|line| print(&line))
}

/// The verdicts on the tests of a section, by everything that is done at its preset.
fn verdicts(common: &Common, preset: Preset, id: &str) -> anyhow::Result<()> {
    let ledger = Book::read(&PAPER, &SECTIONS, &common.runs, preset).ledger;
    ledger.of_study(id).try_for_each(|tested| print(&closing::verdict(tested, ledger.n_registered())))
}

/// A section that was asked for alone ends as itself, with its own error.
fn alone(common: &Common, preset: Preset, ended: Ended) -> anyhow::Result<()> {
    let id = ended.about.id;
    let folder = || RunFolder::new(&common.runs, id, preset).path().display().to_string();
    if !common.json && ended.outcome.stored().is_some() {
        verdicts(common, preset, id)?;
    }
    match ended.outcome {
        Outcome::Measured(stored) => {
            note(&format!("{} figures and the numbers behind them: {}", stored.figures.len(), folder()))
        }
        Outcome::Kept { is_redrawn, .. } => {
            let drawn = if is_redrawn { ", drawn again by a changed program" } else { "" };
            note(&format!(
                "done before with these settings and seeds{drawn}, --force measures again: {}",
                folder()
            ));
        }
        Outcome::NotRun(why) => return Err(why.context(format!("{id}: not run"))),
        Outcome::Failed(error) => return Err(error),
    }
    Ok(())
}
