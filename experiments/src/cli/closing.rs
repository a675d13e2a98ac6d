//! What a job says of its sections as they end, and of itself when it does.

use vitrine_lab::numbers::duration;
use vitrine_lab::report::Written;
use vitrine_lab::{About, Agreement, Claim, Done, Ended, JobDone, Ledger, Outcome, RunName, Standing, Verdict};

use super::hints::explained;
use super::terminal::note;
use crate::thesis::{PAPER, SECTIONS};

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
    let found: Vec<Done> = done
        .studies
        .iter()
        .filter_map(|ended| Some(Done { about: ended.about, stored: ended.outcome.stored()? }))
        .collect();
    let n_figures: usize = found.iter().map(|done| done.stored.figures.len()).sum();
    let again = if redrawn.is_empty() { String::new() } else { format!(" ({} drawn again)", redrawn.len()) };
    let mut lines = vec![format!(
        "{} sections measured, {} kept from before{again}, {} not run, {} failed; {n_figures} figures",
        measured.len(),
        kept.len(),
        not_run.len(),
        failed.len()
    )];
    let abouts: Vec<&'static About> = SECTIONS.iter().map(|section| section.about()).collect();
    lines.push(match run.has_preset_settings() {
        true => verdicts(&Ledger::of(&PAPER, &abouts, &found)),
        false => tests(found.iter().flat_map(|done| &done.stored.claims)),
    });
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

/// How the tests of a variant came out, which are no verdicts on the thesis' claims.
pub fn tests<'a>(tests: impl Iterator<Item = &'a Claim>) -> String {
    let tests: Vec<Verdict> = tests.map(|claim| claim.verdict).collect();
    let n = |verdict: Verdict| tests.iter().filter(|v| **v == verdict).count();
    format!(
        "tests of the variant, no verdicts on the thesis' claims: holds {}, fails {}, undecided {}",
        n(Verdict::Holds),
        n(Verdict::Fails),
        n(Verdict::Undecided)
    )
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

/// A tested claim, for the terminal: the paper's sentence, the test, its statistic; of a variant the test alone, since
/// the sentence is about other settings.
pub fn claim(claim: &Claim, run: &RunName) -> String {
    let sentence = match run.has_preset_settings() {
        true => PAPER.sentence(&claim.id).unwrap_or_default(),
        false => "test of a variant",
    };
    let head =
        format!("{} {}: {sentence}\n   {}: {:.4}", claim.id, claim.verdict, claim.words(), claim.statistic);
    match claim.interval {
        Some([lo, hi]) => format!("{head} [{lo:.4}, {hi:.4}] over {} seeds", claim.n_seeds),
        None => format!("{head} with one seed; an interval needs at least two"),
    }
}

/// Whether ours agrees with what the thesis states of a figure or table, for the terminal: its parts, and why not.
pub fn agreement(agreement: &Agreement) -> String {
    let parts: String = agreement.parts.iter().map(|part| format!("\n   {}", part.words())).collect();
    let why = agreement.why.as_ref().map_or(String::new(), |why| format!("\n   why: {why}"));
    format!("{} {}:{parts}{why}", agreement.exhibit.label(), agreement.stands().word())
}
