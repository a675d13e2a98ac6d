//! `vitrine report`: every figure is on the page, nothing outside it is loaded, and a real browser shows it all.

mod report {
    pub mod ledger;
    pub mod reported;
}
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use report::ledger::every_registered_test_is_run_once_and_has_one_verdict_everywhere;
use report::reported::{RUN, TARGETS, folder, json, reported};
use serde_json::Value;
use support::vitrine;
use vitrine::thesis::{PAPER, SECTIONS};

/// An address as the path that it is written for: bytes in hexadecimal stand for themselves.
fn path_of(address: &str) -> String {
    let mut parts = address.split('%');
    let mut path = parts.next().unwrap().to_string();
    for part in parts {
        path.push(char::from(u8::from_str_radix(&part[..2], 16).unwrap()));
        path += &part[2..];
    }
    path
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
        serde_json::from_slice(&fs::read(folder(runs.path()).join("report.json")).unwrap()).unwrap();
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
        let is_file = || folder(runs.path()).join(path_of(link)).is_file();
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

/// Every figure and table on which the thesis states something has one agreement, with a part or more; every section
/// compares something; no page puts the reader off with its tables.
fn assert_that_every_statement_is_answered(runs: &Path, summary: &Value) {
    let reported = summary["sections"].as_array().unwrap();
    for about in SECTIONS.iter().map(|section| section.about()) {
        let Some(section) = reported.iter().find(|section| section["section"] == about.id) else {
            let not_run = summary["not_run"].as_array().unwrap();
            assert!(
                not_run.contains(&about.id.into()),
                "{}: neither reported nor without its data",
                about.id
            );
            continue;
        };
        let agreements = section["results"]["agreements"].as_array().unwrap();
        let states = |shown: Option<&vitrine_lab::Shown>| shown.is_some_and(|shown| shown.says.is_some());
        let figures = about.figures.iter().filter(|name| states(PAPER.figure(name)));
        let tables = about.tables.iter().filter(|name| states(PAPER.tables.get(**name)));
        let exhibits = figures.map(|name| ("figure", name)).chain(tables.map(|name| ("table", name)));
        for (kind, name) in exhibits {
            let mut of_it = agreements.iter().filter(|agreement| agreement["exhibit"][kind] == **name);
            let parts = of_it.next().map_or(0, |agreement| agreement["parts"].as_array().unwrap().len());
            assert!(0 < parts, "{}: what the thesis says of {kind} {name} is held against nothing", about.id);
            assert!(of_it.next().is_none(), "{}: {kind} {name} has two agreements", about.id);
        }
        let claims = section["results"]["claims"].as_array().unwrap();
        assert!(!agreements.is_empty() || !claims.is_empty(), "{}: nothing is compared", about.id);
    }
    let html = fs::read_to_string(runs.join("report/index.html")).unwrap();
    assert!(!html.contains("See the tables"), "a page puts its reader off");
}

#[test]
fn all_that_the_listing_promises_is_in_the_report_and_every_statement_of_the_thesis_is_answered() {
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
    }
    assert_that_every_statement_is_answered(runs.path(), &summary);
    every_statement_is_answered(&fs::read_to_string(runs.path().join("report/index.html")).unwrap());
    every_registered_test_is_run_once_and_has_one_verdict_everywhere(runs.path(), &summary);
}

/// Under each figure on which the thesis states something stands how ours stands to it, and under no other.
fn every_statement_is_answered(html: &str) {
    let mut n_answered = 0;
    for figure in html.split("<figure id=\"fig-").skip(1) {
        let (figure, _) = figure.split_once("</figure>").unwrap();
        let (id, _) = figure.split_once('"').unwrap();
        let is_answered = figure.contains("<b>Ours:</b>");
        assert_eq!(figure.contains("class=\"says\""), is_answered, "{id}");
        n_answered += usize::from(is_answered);
    }
    assert!(20 <= n_answered, "{n_answered} figures");
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
            .args(["draw", "fig3.14", "--variant", RUN, "--out"])
            .arg(&out)
            .args(options)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let before = fs::read(runs.path().join("3.3-one-layer").join(RUN).join("figures/fig3.15.svg")).unwrap();
    let (code, said) = draw(&["--format", "svg", "--format", "pdf", "--format", "png", "--width", "85mm"]);
    assert_eq!(code, Some(0), "{said}");
    let read = |name: &str| fs::read(out.join(name)).unwrap();
    // 8.5 cm are 240.945 points, and 1004 pixels at 300 to the inch.
    assert!(String::from_utf8_lossy(&read("fig3.14.pdf")).contains("/MediaBox [0 0 240.945 "));
    assert!(read("fig3.15.svg").starts_with(b"<svg width=\"8.500cm\""));
    assert_eq!(read("fig3.14.png")[16..20], 1004u32.to_be_bytes());
    assert_eq!(
        fs::read(runs.path().join("3.3-one-layer").join(RUN).join("figures/fig3.15.svg")).unwrap(),
        before
    );
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
            .arg(format!("file://{}", folder(runs.path()).join("index.html").display()))
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
