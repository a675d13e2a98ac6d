//! What a job says of its sections as they end, and of itself when it does.

use vitrine_lab::numbers::{self, duration};
use vitrine_lab::report::Written;
use vitrine_lab::{
    Agreement, Claim, Ended, JobDone, Ledger, Outcome, Registered, RunName, Standing, Stored, Tested,
};

use super::hints::explained;
use super::terminal::note;
use crate::thesis::PAPER;

/// Says which folders could not be read, and that their studies count as not done.
pub fn damage(damaged: &[String]) {
    for what in damaged {
        note(&format!("{what}; it counts as not done, and `vitrine reproduce` measures it again"));
    }
}

/// One line on a section that ended.
pub fn line(ended: &Ended) -> String {
    let id = ended.about.id;
    match &ended.outcome {
        Outcome::Measured(stored) => {
            format!("{id}: {} figures, {:.1} s", stored.figures.len(), ended.seconds)
        }
        Outcome::Kept { is_redrawn: false, .. } => format!("{id}: done before with these settings and seeds"),
        Outcome::Kept { is_redrawn: true, .. } => {
            format!(
                "{id}: measured before with these settings and seeds, drawn again, {:.1} s",
                ended.seconds
            )
        }
        Outcome::NotRun(why) => format!("{id}: not run: {}", explained(why)),
        Outcome::Failed(error) => format!("{id}: failed: {}", explained(error)),
    }
}

/// Figures, claims, what was not run and why, time by part, and where the report is.
pub fn summary(done: &JobDone, run: &RunName, report: Option<&Written>) -> String {
    let of_kind = |is_kind: fn(&Outcome) -> bool| -> Vec<&Ended> {
        done.studies.iter().filter(|e| is_kind(&e.outcome)).collect()
    };
    let measured = of_kind(|o| matches!(o, Outcome::Measured(_)));
    let kept = of_kind(|o| matches!(o, Outcome::Kept { .. }));
    let not_run = of_kind(|o| matches!(o, Outcome::NotRun(_)));
    let failed = of_kind(|o| matches!(o, Outcome::Failed(_)));
    let redrawn = of_kind(|o| matches!(o, Outcome::Kept { is_redrawn: true, .. }));
    let found = done.studies.iter().filter_map(|ended| ended.outcome.stored());
    let n_figures: usize = found.map(|stored| stored.figures.len()).sum();
    let again = if redrawn.is_empty() { String::new() } else { format!(" ({} drawn again)", redrawn.len()) };
    let mut lines = vec![format!(
        "{} sections measured, {} kept from before{again}, {} not run, {} failed; {n_figures} figures",
        measured.len(),
        kept.len(),
        not_run.len(),
        failed.len()
    )];
    // Verdicts are those of the page: by everything that is done, not by this job alone.
    lines.extend(report.map(|written| match run.has_preset_settings() {
        true => verdicts(&written.ledger),
        false => tests(done.studies.iter().filter_map(|ended| ended.outcome.stored())),
    }));
    lines.extend(not_run.iter().chain(&failed).map(|ended| line(ended)));
    lines.push(times(done));
    if let Some(written) = report {
        lines.push(format!("report: {written}"));
    }
    lines.join("\n")
}

/// How many claims hold, fail and are undecided, with their ids; where there is one seed, what it points to.
pub fn verdicts(ledger: &Ledger) -> String {
    let named = |what: &str, ids: &[&str]| {
        let named = if ids.is_empty() { String::new() } else { format!(" ({})", ids.join(" ")) };
        format!("{what} {}{named}", ids.len())
    };
    let standings = [Standing::Holds, Standing::Fails, Standing::Undecided, Standing::NotRun];
    let mut parts = standings.map(|standing| named(standing.word(), &ledger.ids(standing))).to_vec();
    for side in [Standing::Holds, Standing::Fails] {
        let ids = ledger.ids_pointed_to(side);
        if !ids.is_empty() {
            parts.push(named(&format!("one seed points to {}", side.word()), &ids));
        }
    }
    format!("claims: {}", parts.join(", "))
}

/// How many tests of a variant were made, which give no verdicts on the thesis' claims.
pub fn tests<'a>(found: impl Iterator<Item = &'a Stored>) -> String {
    let n: usize = found.map(|stored| stored.claims.len()).sum();
    format!("{n} tests of the variant, no verdicts on the thesis' claims")
}

/// Seconds of training and of each chapter.
fn times(done: &JobDone) -> String {
    let mut chapters: Vec<(&str, f64)> = Vec::new();
    for ended in &done.studies {
        let chapter = ended.about.chapter();
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
    let failed: Vec<&str> =
        done.studies.iter().filter(|e| matches!(e.outcome, Outcome::Failed(_))).map(|e| e.about.id).collect();
    match failed.len() {
        0 => None,
        1 => Some(format!("1 section failed: {}", failed[0])),
        n => Some(format!("{n} sections failed: {}", failed.join(", "))),
    }
}

/// A test with its verdict, for the terminal: the paper's sentence, the test, its numbers.
pub fn verdict(tested: &Tested, n_registered: usize) -> String {
    let sentence = PAPER.sentence(&tested.test.id).unwrap_or_default();
    let corrected = match tested.found.as_ref().and_then(|found| found.p_value) {
        Some(_) => format!("; {} after correction for {n_registered} tests", p_of(tested.p_holm)),
        None => String::new(),
    };
    let numbers = tested.found.as_ref().map_or(String::new(), |found| numbers_of(&tested.test, found));
    format!(
        "{} {}: {sentence}\n   {}: {numbers}{corrected}",
        tested.test.id,
        tested.verdict_words(),
        tested.test.words()
    )
}

/// A test before there is a verdict: its numbers alone; `None` of what is not registered, as findings may hold that
/// another version left.
pub fn test(claim: &Claim) -> Option<String> {
    let test = PAPER.register.test(&claim.id)?;
    Some(format!("{} {}: {}", claim.id, test.words(), numbers_of(test, claim)))
}

/// Statistic, interval, p-value and what must be said beside.
fn numbers_of(test: &Registered, claim: &Claim) -> String {
    let interval = claim.interval.map_or(String::new(), |[lo, hi]| format!(" [{lo:.4}, {hi:.4}]"));
    let over = match claim.n_units() {
        1 => format!("with one {}; a test needs at least two", test.unit),
        n => format!("over {n} {}s", test.unit),
    };
    let p = claim.p_value.map_or(String::new(), |p| format!(", {}", p_of(p)));
    let remarks = match claim.remarks(test) {
        remarks if remarks.is_empty() => remarks,
        remarks => format!("; {remarks}"),
    };
    format!("{:.4}{interval} {over}{p}{remarks}", claim.statistic)
}

/// `p = 0.0312`, `p < 0.0001`.
fn p_of(p: f64) -> String {
    let text = numbers::p_value(p);
    if text.starts_with('<') { format!("p {text}") } else { format!("p = {text}") }
}

/// Whether ours agrees with what the thesis states of a figure or table, for the terminal: its parts, and why not.
pub fn agreement(agreement: &Agreement) -> String {
    let parts: String = agreement.parts.iter().map(|part| format!("\n   {}", part.words())).collect();
    let why = agreement.why.as_ref().map_or(String::new(), |why| format!("\n   why: {why}"));
    format!("{} {}:{parts}{why}", agreement.exhibit.label(), agreement.stands().word())
}
