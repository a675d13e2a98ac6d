//! The ledger page: each claim in one sentence with its registered tests, and its verdict as plain as can be.

use super::anchors;
use super::html::escape;
use crate::ledger::{Entry, Ledger};
use crate::numbers;
use crate::register::{Change, Registered};
use crate::tested::{Standing, Tested};

/// A verdict as a badge; all are of one size and weight. What one seed points to stands beside it.
pub fn badge(standing: Standing, one_seed_points_to: Option<Standing>) -> String {
    let (class, sign) = match standing {
        Standing::Holds => ("holds", "✓"),
        Standing::Fails => ("fails", "✗"),
        Standing::Undecided => ("undecided", "?"),
        Standing::NotRun => ("not-run", "–"),
    };
    let points = one_seed_points_to.map_or(String::new(), |side| {
        format!(" <span class=\"points\">one seed points to {}</span>", side.word())
    });
    format!("<span class=\"verdict {class}\">{sign} {}</span>{points}", standing.word())
}

/// A test in one list item, as a study shows it.
pub fn line(tested: &Tested) -> String {
    format!(
        "<li>{} <b>{}</b> {}: {}</li>",
        badge(tested.verdict, tested.one_seed_points_to),
        escape(&tested.test.id),
        escape(&tested.test.words()),
        numbers_of(tested)
    )
}

/// The whole ledger; `run` is the command that runs studies.
pub fn ledger(ledger: &Ledger, run: &str) -> String {
    let rows: String = ledger.claims.iter().map(|claim| entry(claim, run)).collect();
    format!(
        "<p>Each claim of the paper in our words, with all tests that are registered for it. A statistic is a mean over seeds; where \
         networks are compared it is their difference seed by seed, since networks of one seed share their data. Means are tested \
         by Student's t, shares of seeds by the exact sign test, each with the 95 % interval that goes with it. One rule for all: \
         a test holds if its p-value, corrected by Holm's step-down method for all {} registered tests whether run or not, is below .05 and its \
         statistic lies on the claimed side of its threshold; it fails if that lies on the other; else it is undecided, as it is with \
         one seed. A claim holds if all its tests do, and fails if one fails. Tests are registered before they are run; those \
         that were changed after a look say so, with both results.</p>\n<div class=\"table\" tabindex=\"0\"><table class=\"ledger\"><thead><tr><th scope=\"col\">claim</th>\
         <th scope=\"col\">verdict</th><th scope=\"col\">test</th><th scope=\"col\">statistic [95 % interval]</th>\
         <th scope=\"col\">p (Holm)</th><th scope=\"col\">seeds</th><th scope=\"col\">where</th></tr></thead>\n{rows}</table></div>\n",
        ledger.n_registered()
    )
}

fn entry(entry: &Entry, run: &str) -> String {
    let tests: String = entry.tests.iter().map(test).collect();
    let untested = if entry.not_run.is_empty() { String::new() } else { untested(&entry.not_run, run) };
    format!(
        "<tbody id=\"{}\"><tr class=\"claim\"><th scope=\"rowgroup\">{}</th><td>{}</td><td colspan=\"5\">{}</td></tr>\n{tests}{untested}</tbody>\n",
        anchors::claim(&entry.id),
        escape(&entry.id),
        badge(entry.verdict, entry.one_seed_points_to),
        escape(&entry.sentence)
    )
}

/// A row for the studies that have not been run.
fn untested(studies: &[&str], run: &str) -> String {
    format!(
        "<tr class=\"test\"><td></td><td></td><td colspan=\"5\"><code>{} {}</code></td></tr>\n",
        escape(run),
        escape(&studies.join(" "))
    )
}

fn test(tested: &Tested) -> String {
    let figures: String = match tested.section {
        Some(section) => {
            let figure = |name: &String| {
                format!(" <a href=\"#{}\">{}</a>", anchors::figure(section, name), escape(name))
            };
            let figures: String = tested.figures.iter().map(figure).collect();
            format!("<a href=\"#{}\">{}</a>{figures}", anchors::study(section), escape(section))
        }
        None => "–".into(),
    };
    format!(
        "<tr class=\"test\"><td data-label=\"part\">{}</td><td data-label=\"verdict\">{}</td><td data-label=\"test\">{}{}</td>\
         <td data-label=\"statistic\">{}</td><td data-label=\"p (Holm)\">{}</td><td data-label=\"seeds\">{}</td>\
         <td data-label=\"where\">{figures}</td></tr>\n",
        escape(&tested.test.id),
        badge(tested.verdict, tested.one_seed_points_to),
        escape(&tested.test.words()),
        registered(&tested.test),
        numbers_of(tested),
        escape(&tested.p_words()),
        escape(&tested.n_words()),
    )
}

/// How a test is made and since when, and what it was before.
fn registered(test: &Registered) -> String {
    let fixed: Vec<String> =
        test.fixed.iter().map(|fixed| format!("{} {}", fixed.name, fixed.value)).collect();
    let fixed = if fixed.is_empty() { String::new() } else { format!(" · fixed: {}", fixed.join(", ")) };
    let how = format!("{} over {}s · registered {}{fixed}", test.method.name(), test.unit, test.registered);
    let changes: String = test.changed.iter().map(change).collect();
    let changed = match test.changed.len() {
        0 => String::new(),
        n => format!(
            "<details class=\"changed\"><summary>changed after a look{}</summary><ul>{changes}</ul></details>",
            if n == 1 { String::new() } else { format!(", {n} times") }
        ),
    };
    format!("<div class=\"registered\">{}</div>{changed}", escape(&how))
}

fn change(change: &Change) -> String {
    let text = format!(
        "{}: from “{}” ({}) to “{}” ({}): {}",
        change.date, change.from, change.result_before, change.to, change.result_after, change.why
    );
    format!("<li>{}</li>", escape(&text))
}

/// Statistic with its interval, or what is missing for one, and what must be said beside.
fn numbers_of(tested: &Tested) -> String {
    let Some(found) = &tested.found else { return "–".into() };
    let interval = match found.interval {
        Some(interval) => numbers::interval(interval),
        None if found.is_by_signs || found.n_seeds == 0 => String::new(),
        None => format!("(an interval needs two {}s)", tested.test.unit),
    };
    let remarks = match found.remarks(&tested.test) {
        remarks if remarks.is_empty() => remarks,
        remarks => format!("<div class=\"remarks\">{}</div>", escape(&remarks)),
    };
    format!("<span class=\"number\">{} {interval}</span>{remarks}", numbers::short(found.statistic))
}
