//! A runs folder with a report, for the tests of the page.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::vitrine;

/// Sections of three chapters: line charts, heat maps, diagrams, tables and claims, within seconds.
pub const TARGETS: [&str; 5] = ["fig3.1", "fig3.5", "fig3.14", "table3.4", "fig4.12"];

/// What a command says with `--json`.
pub fn json(runs: &Path, arguments: &[&str]) -> Value {
    let output = vitrine(runs).args(arguments).arg("--json").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The run that is reported: of two seeds, which the preset's is not.
pub const RUN: &str = "smoke+seeds=0..2";

/// A runs folder in which `TARGETS` are done, and the text of their report.
pub fn reported() -> (tempfile::TempDir, String) {
    let runs = tempfile::tempdir().unwrap();
    let mut arguments = vec!["reproduce", "--preset", "smoke", "--seeds", "2", "--quiet"];
    arguments.extend(TARGETS);
    json(runs.path(), &arguments);
    json(runs.path(), &["report", "--variant", RUN]);
    let html = fs::read_to_string(folder(runs.path()).join("index.html")).unwrap();
    (runs, html)
}

/// The folder of the report.
pub fn folder(runs: &Path) -> PathBuf {
    runs.join("report").join(RUN)
}
