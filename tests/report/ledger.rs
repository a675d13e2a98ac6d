//! The claims with their registered tests: on the page, on the terminal and in `report.json`.

use std::fs;
use std::path::Path;

use serde_json::Value;
use vitrine::thesis::PAPER;

use super::reported::{RUN, json, reported};
use crate::support::vitrine;

/// The row of a test on the page.
fn row<'a>(html: &'a str, id: &str) -> &'a str {
    let (_, rest) = html.split_once(&format!("<td data-label=\"part\">{id}</td>")).expect(id);
    rest.split_once("</tr>").expect("a row ends").0
}

/// The line of a test on the terminal.
fn line<'a>(terminal: &'a str, id: &str) -> &'a str {
    terminal.lines().find(|line| line.split_whitespace().next() == Some(id)).expect(id)
}

/// What `vitrine claims` says of a run.
fn said_of_claims(runs: &Path, option: &str, run: &str) -> String {
    let output = vitrine(runs).args(["claims", option, run]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// With one seed nothing is decided, and what it points to is said wherever a verdict would stand.
pub fn every_registered_test_is_run_once_and_has_one_verdict_everywhere(runs: &Path, summary: &Value) {
    let ledger = json(runs, &["claims", "--preset", "smoke"]);
    assert_eq!(summary["claims"], ledger, "report.json and the ledger");
    let terminal = said_of_claims(runs, "--preset", "smoke");
    let html = fs::read_to_string(runs.join("report/index.html")).unwrap();
    let tests: Vec<&Value> =
        ledger.as_array().unwrap().iter().flat_map(|claim| claim["tests"].as_array().unwrap()).collect();
    let results = summary["sections"].as_array().unwrap().iter().map(|s| s["results"]["claims"].clone());
    let mut run: Vec<String> = results
        .flat_map(|claims| claims.as_array().unwrap().clone())
        .map(|claim| claim["id"].as_str().unwrap().to_string())
        .collect();
    run.sort_unstable();
    let n_run = run.len();
    run.dedup();
    assert_eq!(run.len(), n_run, "a test is run by one section");
    for test in &tests {
        let id = test["id"].as_str().unwrap();
        assert_eq!(run.iter().any(|known| known == id), !id.starts_with("C13"), "{id}");
        let (row, line) = (row(&html, id), line(&terminal, id));
        assert!(line.contains(test["verdict"].as_str().unwrap()), "{line}");
        let found = &test["found"];
        if found["values"].as_array().is_some_and(|values| values.len() == 1) {
            assert_eq!(test["verdict"], "undecided", "{id}");
            match test["one_seed_points_to"].as_str() {
                Some(side) => {
                    let words = format!("one seed points to {side}");
                    assert!(line.contains(&words) && row.contains(&words), "{line} {row}");
                }
                None => assert!(
                    found["statistic"].is_null()
                        || found["statistic"] == test["expected"]["below"]
                        || found["statistic"] == test["expected"]["above"]
                        || found["n_ties"] == 1,
                    "{id}: {found}"
                ),
            }
        }
    }
    assert_eq!(tests.len(), run.len() + 2, "MNIST's two tests are registered and not run");
    assert!(html.contains(&format!("for all {} registered tests", tests.len())));
}

#[test]
fn every_claim_is_in_the_ledger_with_a_verdict() {
    let (runs, html) = reported();
    let ledger = json(runs.path(), &["claims", "--variant", RUN]);
    let claims = ledger.as_array().unwrap();
    let ids: Vec<String> = (1..=17).map(|n| format!("C{n}")).collect();
    assert_eq!(claims.iter().map(|c| c["id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    for claim in claims {
        let verdict = claim["verdict"].as_str().unwrap();
        assert!(!claim["sentence"].as_str().unwrap().is_empty());
        assert!(html.contains(&format!("id=\"claim-{}\"", claim["id"].as_str().unwrap())));
        let is_tested = ["C1", "C2", "C3", "C6"].contains(&claim["id"].as_str().unwrap());
        assert_eq!(verdict != "not run", is_tested, "{claim}");
        assert_eq!(claim["n_seeds"], if is_tested { 2 } else { 0 });
        assert_eq!(claim["interval"].is_array(), is_tested);
    }
}

#[test]
fn a_test_says_on_the_page_how_and_over_how_many_seeds_it_was_made_and_what_it_was_before() {
    let (runs, html) = reported();
    let test = row(&html, "C1.l1");
    assert!(test.contains("Student&#39;s t of the mean over seeds · registered 2026-"), "{test}");
    assert!(test.contains("<td data-label=\"seeds\">2</td>"), "{test}");
    let changed = row(&html, "C5.long");
    assert!(changed.contains("changed after a look, 2 times"), "{changed}");
    let registered = PAPER.register.test("C5.long").unwrap();
    for change in &registered.changed {
        let result_before = change.result_before.replace('<', "&lt;");
        assert!(changed.contains(&format!("({result_before}) to")), "{changed}");
    }
    // The seeds stand before the section, which comes last.
    let terminal = said_of_claims(runs.path(), "--variant", RUN);
    let seeds = |id: &str| line(&terminal, id).split_whitespace().rev().nth(1);
    assert_eq!((seeds("C1.l1"), seeds("C5.long")), (Some("2"), Some("0")));
}
