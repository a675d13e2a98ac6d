//! The ledger page: each claim in one sentence with its tests, and its verdict as plain as can be.

use super::anchors;
use super::html::escape;
use crate::claim::Claim;
use crate::ledger::{Entry, Ledger, Standing, Tested};
use crate::numbers;

/// A verdict as a badge; all are of one size and weight.
pub fn badge(standing: Standing) -> String {
    let (class, sign) = match standing {
        Standing::Holds => ("holds", "✓"),
        Standing::Fails => ("fails", "✗"),
        Standing::Undecided => ("undecided", "?"),
        Standing::NotRun => ("not-run", "–"),
    };
    format!("<span class=\"verdict {class}\">{sign} {}</span>", standing.word())
}

/// A tested claim in one list item, as a study shows it.
pub fn line(claim: &Claim) -> String {
    format!(
        "<li>{} <b>{}</b> {}: {}</li>",
        badge(claim.verdict.into()),
        escape(&claim.id),
        escape(&claim.words()),
        numbers_of(claim)
    )
}

/// The whole ledger; `run` is the command that runs studies.
pub fn ledger(ledger: &Ledger, run: &str) -> String {
    let rows: String = ledger.claims.iter().map(|claim| entry(claim, run)).collect();
    format!(
        "<p>Each claim of the paper in our words, with the tests that it was put to. A statistic is a mean over seeds; where \
         networks are compared it is their difference seed by seed, since networks of one seed share their data. Intervals hold \
         95 %, Student's t of means and Wilson's of shares; a test holds if its whole interval lies on the claimed side of its threshold, fails if it lies on the \
         other, and is undecided otherwise, as it is with one seed. A claim holds if all its tests do, and fails if one fails. \
         The p-values are corrected for all {} tests on this page by Holm's step-down method; a verdict that the correction \
         takes away says so.</p>\n<div class=\"table\" tabindex=\"0\"><table class=\"ledger\"><thead><tr><th scope=\"col\">claim</th>\
         <th scope=\"col\">verdict</th><th scope=\"col\">test</th><th scope=\"col\">statistic [95 % interval]</th>\
         <th scope=\"col\">p (Holm)</th><th scope=\"col\">seeds</th><th scope=\"col\">where</th></tr></thead>\n{rows}</table></div>\n",
        ledger.n_corrected()
    )
}

fn entry(entry: &Entry, run: &str) -> String {
    let tests: String = entry.tests.iter().map(test).collect();
    let untested = if entry.not_run.is_empty() { String::new() } else { untested(&entry.not_run, run) };
    format!(
        "<tbody id=\"{}\"><tr class=\"claim\"><th scope=\"rowgroup\">{}</th><td>{}{}</td><td colspan=\"5\">{}</td></tr>\n{tests}{untested}</tbody>\n",
        anchors::claim(&entry.id),
        escape(&entry.id),
        badge(entry.verdict),
        lost(entry.is_lost_in_correction()),
        escape(&entry.sentence)
    )
}

/// What is said of a verdict that the correction for many tests takes away.
fn lost(is_lost: bool) -> &'static str {
    if is_lost { "<br><span class=\"lost\">undecided after correction</span>" } else { "" }
}

/// A row for the tests that have not been made.
fn untested(studies: &[&str], run: &str) -> String {
    format!(
        "<tr class=\"test\"><td></td><td>{}</td><td colspan=\"5\"><code>{} {}</code></td></tr>\n",
        badge(Standing::NotRun),
        escape(run),
        escape(&studies.join(" "))
    )
}

fn test(tested: &Tested) -> String {
    let claim = &tested.claim;
    let lost = lost(tested.is_lost_in_correction());
    let figures: String = tested
        .figures
        .iter()
        .map(|name| format!(" <a href=\"#{}\">{}</a>", anchors::figure(tested.section, name), escape(name)))
        .collect();
    format!(
        "<tr class=\"test\"><td data-label=\"part\">{}</td><td data-label=\"verdict\">{}{lost}</td><td data-label=\"test\">{}</td>\
         <td data-label=\"statistic\">{}</td><td data-label=\"p (Holm)\">{}</td><td data-label=\"seeds\">{}</td>\
         <td data-label=\"where\"><a href=\"#{}\">{}</a>{figures}</td></tr>\n",
        escape(&claim.id),
        badge(claim.verdict.into()),
        escape(&claim.words()),
        numbers_of(claim),
        tested.p_holm.map_or("–".into(), |p| escape(&numbers::p_value(p))),
        claim.n_seeds,
        anchors::study(tested.section),
        escape(tested.section)
    )
}

/// Statistic with its interval, or what is missing for one.
fn numbers_of(claim: &Claim) -> String {
    let interval = claim.interval.map_or("(an interval needs two seeds)".into(), numbers::interval);
    format!("<span class=\"number\">{} {interval}</span>", numbers::short(claim.statistic))
}
