//! `vitrine reproduce`: train what is missing, then measure, test the claims, tabulate, draw and report.

use vitrine_lab::report::{self, Book};
use vitrine_lab::{Ended, Job, JobDone, Outcome, RunFolder, RunName, StopFlag, Stored, slip, table};

use super::arguments::{Common, Reproduce};
use super::terminal::{note, print};
use super::{closing, memory, open};
use crate::thesis::{Contexts, PAPER, SECTIONS, Section, Settings, code, sections};

pub fn run(common: &Common, args: &Reproduce, stop: &StopFlag) -> anyhow::Result<()> {
    let sections = chosen(args)?;
    let preset = args.preset.preset;
    let settings = Settings::of(preset).with(&args.set)?;
    memory::check_settings(&settings)?;
    let zoo = open::zoo(common, &common.runs, stop)?;
    let contexts = Contexts::new(preset, &settings, args.seeds.as_ref(), &sections, zoo);
    let (given, origin) = (|about: &_| contexts.of(about), open::origin(common));
    let job = Job { given: &given, runs: &common.runs, origin, code: &code::of, force: args.force };
    let run = contexts.run();
    if !run.is_preset() {
        note(&format!("run {run}, beside preset {preset}: `vitrine report --variant '{run}'` shows it"));
    }
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
        return done.studies.into_iter().try_for_each(|ended| alone(common, run, ended));
    }
    close(common, &done, run)
}

/// The report, the summary, and an error if something failed.
fn close(common: &Common, done: &JobDone, run: &RunName) -> anyhow::Result<()> {
    let is_any_done = done.studies.iter().any(|e| e.outcome.stored().is_some());
    let written = if is_any_done { Some(report::write(&PAPER, &SECTIONS, &common.runs, run)?) } else { None };
    if let Some(written) = &written {
        closing::damage(&written.damaged);
    }
    let summary = closing::summary(done, run, written.as_ref());
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

/// The section's tables, for the terminal, and among many sections the numbers of its tests: their verdicts come when all
/// have ended.
fn show(section: Section, ended: &Ended, is_one_of_many: bool) -> anyhow::Result<()> {
    let Some(stored) = ended.outcome.stored() else { return Ok(()) };
    print(&format!("\n{}  {}", ended.about.id, ended.about.title))?;
    for (name, table) in section.tables(stored)? {
        print(&format!("\n{}\n{}", table::label(&name), table.to_text()))?;
    }
    let tests = stored.claims.iter().filter(|_| is_one_of_many);
    tests.filter_map(closing::test).try_for_each(|line| print(&line))?;
    stored.agreements.iter().try_for_each(|agreement| print(&closing::agreement(agreement)))
}

/// The verdicts on the tests of a section, by everything that is done of its run; of a variant the tests alone.
fn verdicts(common: &Common, run: &RunName, stored: &Stored) -> anyhow::Result<()> {
    if !run.has_preset_settings() {
        return stored.claims.iter().filter_map(closing::test).try_for_each(|line| print(&line));
    }
    let ledger = Book::read(&PAPER, &SECTIONS, &common.runs, run).ledger;
    let tests = ledger.of_study(&stored.section);
    tests.map(|tested| closing::verdict(tested, ledger.n_registered())).try_for_each(|line| print(&line))
}

/// A section that was asked for alone ends as itself, with its own error.
fn alone(common: &Common, run: &RunName, ended: Ended) -> anyhow::Result<()> {
    let id = ended.about.id;
    let folder = || RunFolder::new(&common.runs, id, run).path().display().to_string();
    if let (false, Some(stored)) = (common.json, ended.outcome.stored()) {
        verdicts(common, run, stored)?;
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
