//! What a job says of its sections as they end, and of itself when it does.

use crate::job::{Ended, JobDone, Outcome};
use crate::ledger::{Ledger, Standing};
use crate::numbers::duration;
use crate::report::Written;

/// One line on a section that ended.
pub fn line(ended: &Ended) -> String {
    let id = ended.section.about().id;
    match &ended.outcome {
        Outcome::Measured(findings) => {
            format!("{id}: {} figures, {:.1} s", findings.figures.len(), ended.seconds)
        }
        Outcome::Kept(_) => format!("{id}: done before with these settings and seeds"),
        Outcome::NotRun(why) => format!("{id}: not run: {why}"),
        Outcome::Failed(error) => format!("{id}: failed: {error:#}"),
    }
}

/// Figures, claims, what was not run and why, time by part, and where the report is.
pub fn summary(done: &JobDone, report: Option<&Written>) -> String {
    let of_kind = |is_kind: fn(&Outcome) -> bool| -> Vec<&Ended> {
        done.sections.iter().filter(|e| is_kind(&e.outcome)).collect()
    };
    let measured = of_kind(|o| matches!(o, Outcome::Measured(_)));
    let kept = of_kind(|o| matches!(o, Outcome::Kept(_)));
    let not_run = of_kind(|o| matches!(o, Outcome::NotRun(_)));
    let failed = of_kind(|o| matches!(o, Outcome::Failed(_)));
    let found = || done.sections.iter().filter_map(|e| Some((e.section, e.outcome.findings()?)));
    let n_figures: usize = found().map(|(_, findings)| findings.figures.len()).sum();
    let mut lines = vec![format!(
        "{} sections measured, {} kept from before, {} not run, {} failed; {n_figures} figures",
        measured.len(),
        kept.len(),
        not_run.len(),
        failed.len()
    )];
    lines.push(verdicts(&Ledger::of(found())));
    lines.extend(not_run.iter().chain(&failed).map(|ended| line(ended)));
    lines.push(times(done));
    if let Some(written) = report {
        lines.push(format!("report: {written}"));
    }
    lines.join("\n")
}

/// How many claims hold, fail and are undecided, with their ids.
pub fn verdicts(ledger: &Ledger) -> String {
    let standings = [Standing::Holds, Standing::Fails, Standing::Undecided, Standing::NotRun];
    let parts = standings.map(|standing| {
        let ids = ledger.ids(standing);
        let named = if ids.is_empty() { String::new() } else { format!(" ({})", ids.join(" ")) };
        format!("{} {}{named}", standing.word(), ids.len())
    });
    format!("claims: {}", parts.join(", "))
}

/// Seconds of training and of each chapter.
fn times(done: &JobDone) -> String {
    let mut chapters: Vec<(&str, f64)> = Vec::new();
    for ended in &done.sections {
        let chapter = ended.section.about().chapter();
        match chapters.last_mut() {
            Some((last, seconds)) if *last == chapter => *seconds += ended.seconds,
            _ => chapters.push((chapter, ended.seconds)),
        }
    }
    let chapters: Vec<String> = chapters
        .iter()
        .map(|(chapter, seconds)| format!("chapter {chapter} {}", duration(*seconds)))
        .collect();
    format!(
        "time: training {}; measuring and drawing {}",
        duration(done.training_seconds),
        chapters.join(", ")
    )
}

/// The sections that failed, in one line; `None` where none did.
pub fn failures(done: &JobDone) -> Option<String> {
    let failed: Vec<&str> = done
        .sections
        .iter()
        .filter(|e| matches!(e.outcome, Outcome::Failed(_)))
        .map(|e| e.section.about().id)
        .collect();
    match failed.len() {
        0 => None,
        1 => Some(format!("1 section failed: {}", failed[0])),
        n => Some(format!("{n} sections failed: {}", failed.join(", "))),
    }
}
