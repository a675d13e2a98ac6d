//! `vitrine report`: every figure is on the page, nothing outside it is loaded, and a real browser shows it all.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::vitrine;

/// Sections of three chapters: line charts, heat maps, diagrams, tables and claims, within seconds.
const TARGETS: [&str; 5] = ["fig3.1", "fig3.5", "fig3.14", "table3.4", "fig4.12"];

fn json(runs: &Path, arguments: &[&str]) -> Value {
    let output = vitrine(runs).args(arguments).arg("--json").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A runs folder in which `TARGETS` are done, and the text of their report.
fn reported() -> (tempfile::TempDir, String) {
    let runs = tempfile::tempdir().unwrap();
    let mut arguments = vec!["reproduce", "--preset", "smoke", "--seeds", "2", "--quiet"];
    arguments.extend(TARGETS);
    json(runs.path(), &arguments);
    json(runs.path(), &["report", "--preset", "smoke"]);
    let html = fs::read_to_string(runs.path().join("report/index.html")).unwrap();
    (runs, html)
}

/// Values of an attribute, in the order of the page.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn the_page_holds_every_figure_and_table_of_what_is_done_and_nothing_from_outside() {
    let (runs, html) = reported();
    let ids = attributes(&html, "id");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id occurs twice");
    let summary: Value =
        serde_json::from_slice(&fs::read(runs.path().join("report/report.json")).unwrap()).unwrap();
    let sections = summary["sections"].as_array().unwrap();
    assert_eq!(sections.len(), TARGETS.len());
    for section in sections {
        let id = section["section"].as_str().unwrap();
        for figure in section["figures"].as_array().unwrap() {
            assert!(
                ids.contains(&format!("fig-{id}-{}", figure.as_str().unwrap()).as_str()),
                "{id}: {figure}"
            );
        }
        for table in section["tables"].as_array().unwrap() {
            assert!(
                ids.contains(&format!("table-{id}-{}", table.as_str().unwrap()).as_str()),
                "{id}: {table}"
            );
        }
    }
    for source in attributes(&html, "src") {
        assert!(source.starts_with("data:image/"), "{}", &source[..60.min(source.len())]);
    }
    for link in attributes(&html, "href") {
        let is_inside = link.strip_prefix('#').is_some_and(|id| ids.contains(&id));
        let is_file = || runs.path().join("report").join(link.replace("%20", " ")).is_file();
        assert!(is_inside || link == "data:," || is_file(), "{link} leads nowhere");
    }
    assert!(!html.contains("http://") && !html.contains("https://"), "an address outside the page");
    assert!(html.len() < 25_000_000);
    assert_eq!(
        attributes(&html, "alt").iter().filter(|alt| alt.len() < 20).count(),
        0,
        "a figure without words"
    );
}

#[test]
fn all_that_the_listing_promises_is_in_the_report() {
    let runs = tempfile::tempdir().unwrap();
    json(runs.path(), &["reproduce", "all", "--preset", "smoke", "--quiet"]);
    let summary: Value =
        serde_json::from_slice(&fs::read(runs.path().join("report/report.json")).unwrap()).unwrap();
    let listed = json(runs.path(), &["list", "--preset", "smoke"]);
    for section in listed.as_array().unwrap() {
        let id = &section["section"];
        if section["done"] == false {
            assert_eq!(summary["not_run"], serde_json::json!([id]), "MNIST alone is missing");
            continue;
        }
        let reported = summary["sections"].as_array().unwrap().iter().find(|s| s["section"] == *id).unwrap();
        let drawn = |wanted: &str| {
            let is_part = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_digit());
            let mut figures = reported["figures"].as_array().unwrap().iter().map(|f| f.as_str().unwrap());
            figures.any(|name| name.strip_prefix(wanted).is_some_and(is_part))
        };
        for figure in section["figures"].as_array().unwrap() {
            assert!(drawn(figure.as_str().unwrap()), "{id}: figure {figure} is promised, not drawn");
        }
        for table in section["tables"].as_array().unwrap() {
            assert!(reported["tables"].as_array().unwrap().contains(table), "{id}: table {table}");
        }
        let claims: BTreeSet<&str> = reported["results"]["claims"]
            .as_array()
            .unwrap()
            .iter()
            .map(|claim| claim["id"].as_str().unwrap().split('.').next().unwrap())
            .collect();
        let promised = section["claims"].as_array().unwrap().iter().map(|claim| claim.as_str().unwrap());
        assert_eq!(claims, promised.collect(), "{id}: claims");
        let n_agreements = reported["results"]["agreements"].as_array().unwrap().len();
        let id = id.as_str().unwrap();
        let is_compared = !claims.is_empty() || 0 < n_agreements;
        assert!(is_compared || !COMPARED.iter().any(|chapter| id.starts_with(chapter)), "{id}");
    }
    every_statement_is_answered(&fs::read_to_string(runs.path().join("report/index.html")).unwrap());
}

/// Chapters whose figures are all compared with what the thesis states of them.
const COMPARED: [&str; 3] = ["4", "5", "7"];

/// Under each figure on which the thesis states something stands how ours stands to it, and under no other.
fn every_statement_is_answered(html: &str) {
    let mut n_answered = 0;
    for figure in html.split("<figure id=\"fig-").skip(1) {
        let (figure, _) = figure.split_once("</figure>").unwrap();
        let (id, _) = figure.split_once('"').unwrap();
        if COMPARED.iter().any(|chapter| id.starts_with(chapter)) {
            let is_answered = figure.contains("<b>Ours:</b>");
            assert_eq!(figure.contains("class=\"says\""), is_answered, "{id}");
            n_answered += usize::from(is_answered);
        }
    }
    assert!(20 <= n_answered, "{n_answered} figures");
}

#[test]
fn every_claim_is_in_the_ledger_with_a_verdict() {
    let (runs, html) = reported();
    let ledger = json(runs.path(), &["claims", "--preset", "smoke"]);
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
fn without_findings_there_is_nothing_to_report() {
    let runs = tempfile::tempdir().unwrap();
    let output = vitrine(runs.path()).args(["report", "--preset", "smoke"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.trim_end().lines().count()), (Some(2), 1), "{said}");
    assert!(said.contains("vitrine reproduce all"), "{said}");
}

#[test]
fn figures_are_drawn_for_papers_in_the_format_and_width_asked_for() {
    let (runs, _) = reported();
    let out = runs.path().join("paper");
    let draw = |options: &[&str]| {
        let output = vitrine(runs.path())
            .args(["draw", "fig3.14", "--preset", "smoke", "--out"])
            .arg(&out)
            .args(options)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let before = fs::read(runs.path().join("3.3-one-layer/smoke/figures/fig3.15.svg")).unwrap();
    let (code, said) = draw(&["--format", "svg", "--format", "pdf", "--format", "png", "--width", "85mm"]);
    assert_eq!(code, Some(0), "{said}");
    let read = |name: &str| fs::read(out.join(name)).unwrap();
    // 8.5 cm are 240.945 points, and 1004 pixels at 300 to the inch.
    assert!(String::from_utf8_lossy(&read("fig3.14.pdf")).contains("/MediaBox [0 0 240.945 "));
    assert!(read("fig3.15.svg").starts_with(b"<svg width=\"8.500cm\""));
    assert_eq!(read("fig3.14.png")[16..20], 1004u32.to_be_bytes());
    assert_eq!(fs::read(runs.path().join("3.3-one-layer/smoke/figures/fig3.15.svg")).unwrap(), before);
    let (code, said) = draw(&["--width", "8.5"]);
    assert!(code == Some(2) && said.contains("8.5cm, 85mm or 3.35in"), "{said}");
}

/// Chromium, where it is: `VITRINE_CHROMIUM`, or one on the path.
fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("VITRINE_CHROMIUM").map(PathBuf::from);
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut on_path = std::env::split_paths(&paths).flat_map(|dir| names.map(|name| dir.join(name)));
    let found = named.or_else(|| on_path.find(|file| file.is_file()));
    if found.is_none() {
        _ = writeln!(std::io::stderr(), "skipped: no Chromium; set VITRINE_CHROMIUM to its program");
    }
    found
}

#[test]
fn a_browser_shows_all_figures_on_wide_and_narrow_screens_without_an_error() {
    let Some(chromium) = chromium() else { return };
    let (runs, html) = reported();
    let n_figures = html.matches("<figure ").count();
    assert!(6 <= n_figures, "{n_figures} figures");
    for size in ["1400,1000", "500,900"] {
        let profile = tempfile::tempdir().unwrap();
        let output = Command::new(&chromium)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"])
            .arg(format!("--window-size={size}"))
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!("file://{}", runs.path().join("report/index.html").display()))
            .output()
            .unwrap();
        let dom = String::from_utf8_lossy(&output.stdout);
        let said = String::from_utf8_lossy(&output.stderr);
        let root = dom.split("<head").next().unwrap();
        let shown = format!("data-pictures=\"{n_figures}\" data-shown=\"{n_figures}\"");
        assert!(root.contains(&shown), "{size}: {root} {said}");
        assert!(root.contains("data-errors=\"0\""), "{size}: {root}");
        assert!(root.contains("data-overflow=\"no\""), "{size}: the page is wider than its window");
        assert!(!said.contains(":CONSOLE"), "{size}: {said}");
    }
}
