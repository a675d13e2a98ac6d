//! `vitrine reproduce`: the same numbers for any number of threads, after a kill, and when drawn again.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::vitrine;

fn reproduce(runs: &Path, more: &[&str]) -> Value {
    let output = vitrine(runs)
        .args(["reproduce", "table3.4", "--preset", "smoke", "--json", "--quiet"])
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What must not change from run to run: all but how long it took.
fn lasting(findings: &Value) -> Value {
    let mut findings = findings.clone();
    findings.as_object_mut().unwrap().remove("timings");
    findings
}

/// Folders of the networks that are stored; one that is still being written has a dot before its name.
fn networks(runs: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(runs.join("networks")).into_iter().flatten().map(|f| f.unwrap().path());
    let is_hidden = |f: &Path| f.file_name().unwrap().to_string_lossy().starts_with('.');
    folders.filter(|f| !is_hidden(f) && f.join("done.json").is_file()).collect()
}

/// Bytes of every network's weights, by folder.
fn models(runs: &Path) -> Vec<(String, Vec<u8>)> {
    let mut models: Vec<_> = networks(runs)
        .into_iter()
        .map(|f| {
            (
                f.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read(f.join("model.safetensors")).unwrap(),
            )
        })
        .collect();
    models.sort();
    models
}

#[test]
fn any_number_of_threads_gives_the_same_values_and_weights() {
    let runs: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let findings: Vec<Value> = ["1", "2", "5"]
        .iter()
        .zip(&runs)
        .map(|(threads, runs)| lasting(&reproduce(runs.path(), &["--threads", threads])))
        .collect();
    assert_eq!(findings[0], findings[1]);
    assert_eq!(findings[0], findings[2]);
    let models: Vec<_> = runs.iter().map(|r| models(r.path())).collect();
    assert_eq!(models[0].len(), 7);
    assert_eq!(models[0], models[1]);
    assert_eq!(models[0], models[2]);
}

#[test]
fn the_table_names_every_detector_with_errors_thesis_and_floor() {
    let runs = tempfile::tempdir().unwrap();
    let findings = reproduce(runs.path(), &["--seeds", "2"]);
    assert_eq!(
        (findings["section"].as_str(), findings["run"].as_str()),
        (Some("3.4-cnn"), Some("smoke+seeds=0..2"))
    );
    assert_eq!(findings["seeds"], serde_json::json!([0, 1]));
    let rows = findings["values"]["comparison"]["rows"].as_array().unwrap();
    let names: Vec<&str> = rows.iter().map(|row| row["detector"].as_str().unwrap()).collect();
    for name in [
        "signal-processing",
        "signal-processing (21..80)",
        "mlp:100-60",
        "cnn:100,conv5,conv7,conv9,60",
        "least-squares",
        "bayes-median",
    ] {
        assert!(names.contains(&name), "{name} is missing from {names:?}");
    }
    let mlp = &rows[names.iter().position(|n| *n == "mlp:100-100-60").unwrap()];
    assert_eq!(mlp["thesis"]["l1"], 0.3083);
    assert!(mlp["l1"]["lo"].as_f64() < mlp["l1"]["hi"].as_f64());
    assert!(1.0 < mlp["floor_ratio"].as_f64().unwrap());
    let folder = runs.path().join("3.4-cnn/smoke+seeds=0..2");
    for file in ["config.toml", "findings.json", "tables/table3.4.csv", "tables/table3.4.md"] {
        assert!(folder.join(file).is_file(), "{file}");
    }
}

#[test]
fn a_killed_run_is_finished_by_the_same_command_with_the_values_of_an_undisturbed_one() {
    let (killed, undisturbed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // Long enough that the kill lands in the middle: the first network is stored, the last is not begun.
    let more = ["--threads", "1", "--set", "training.max_epochs=120"];
    let mut child = vitrine(killed.path())
        .args(["reproduce", "table3.4", "--preset", "smoke", "--json", "--quiet"])
        .args(more)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while networks(killed.path()).is_empty() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let stored_before = models(killed.path()).len();
    assert!((1..7).contains(&stored_before), "{stored_before} networks were stored when the run was killed");
    assert_eq!(lasting(&reproduce(killed.path(), &more)), lasting(&reproduce(undisturbed.path(), &more)));
    assert_eq!(models(killed.path()), models(undisturbed.path()));
}

#[test]
fn a_damaged_network_is_named_set_aside_and_trained_anew() {
    let runs = tempfile::tempdir().unwrap();
    let before = reproduce(runs.path(), &[]);
    let (hash, bytes) = models(runs.path()).remove(0);
    let folder = runs.path().join("networks").join(&hash);
    fs::write(folder.join("model.safetensors"), &bytes[..bytes.len() - 4]).unwrap();
    let output =
        vitrine(runs.path()).args(["reproduce", "table3.4", "--preset", "smoke", "--json"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(&hash) && said.contains("damaged"), "{said}");
    assert_eq!(lasting(&serde_json::from_slice(&output.stdout).unwrap()), lasting(&before));
    assert_eq!(fs::read(folder.join("model.safetensors")).unwrap(), bytes);
    assert!(folder.with_extension("damaged-1").is_dir());
}

#[test]
fn two_processes_on_one_zoo_do_not_harm_each_other() {
    let (shared, alone) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let start = || {
        vitrine(shared.path())
            .args(["reproduce", "table3.4", "--preset", "smoke", "--json", "--quiet"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let outputs = [start(), start()].map(|child| child.wait_with_output().unwrap());
    let expected = lasting(&reproduce(alone.path(), &[]));
    for output in outputs {
        assert_eq!(lasting(&serde_json::from_slice(&output.stdout).unwrap()), expected);
    }
}

#[test]
fn figures_are_drawn_again_from_the_findings_alone() {
    let runs = tempfile::tempdir().unwrap();
    let output =
        vitrine(runs.path()).args(["reproduce", "ch3", "--preset", "smoke", "--quiet"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::remove_dir_all(runs.path().join("networks")).unwrap();
    for (section, figure) in
        [("3.1-examples", "3.1"), ("3.2-baseline", "3.7"), ("3.3-mlp", "3.9"), ("3.3-mlp", "3.10")]
    {
        let path = runs.path().join(format!("{section}/smoke/figures/fig{figure}.svg"));
        let before = fs::read(&path).unwrap();
        assert!(
            path.with_extension("png").is_file() || path.with_file_name(format!("fig{figure}.png")).is_file()
        );
        fs::remove_file(&path).unwrap();
        let target = format!("fig{figure}");
        assert!(
            vitrine(runs.path()).args(["draw", &target, "--preset", "smoke"]).status().unwrap().success()
        );
        assert_eq!(fs::read(&path).unwrap(), before);
    }
    let list = vitrine(runs.path()).args(["list", "--preset", "smoke", "--json"]).output().unwrap();
    let list: Value = serde_json::from_slice(&list.stdout).unwrap();
    for section in list.as_array().unwrap() {
        assert_eq!(section["done"], section["section"].as_str().unwrap().starts_with("3."), "{section}");
    }
}

#[test]
fn made_inputs_and_unlike_signals_are_the_same_on_any_number_of_threads_and_when_drawn_again() {
    let runs: Vec<_> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
    let findings: Vec<Vec<Value>> = ["1", "3"]
        .iter()
        .zip(&runs)
        .map(|(threads, runs)| {
            let output = vitrine(runs.path())
                .args(["reproduce", "ch5", "fig7.1", "--preset", "smoke", "--json", "--quiet"])
                .args(["--threads", threads])
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let all: Value = serde_json::from_slice(&output.stdout).unwrap();
            all.as_array().unwrap().iter().map(lasting).collect()
        })
        .collect();
    assert_eq!(findings[0], findings[1]);
    let claims: Vec<&str> = findings[0]
        .iter()
        .flat_map(|f| f["claims"].as_array().unwrap())
        .filter_map(|c| c["id"].as_str())
        .collect();
    for id in ["C10.position_one_layer", "C10.blur", "C17.another_l2", "C15"] {
        assert!(claims.contains(&id), "{id} is missing from {claims:?}");
    }
    let folder = runs[0].path();
    fs::remove_dir_all(folder.join("networks")).unwrap();
    for (section, figure) in
        [("5.1-mlp-inputs", "5.2"), ("5.2-cnn-inputs", "5.5"), ("7.1-unlike-signals", "7.1")]
    {
        let path = folder.join(format!("{section}/smoke/figures/fig{figure}.svg"));
        let before = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let target = format!("fig{figure}");
        assert!(vitrine(folder).args(["draw", &target, "--preset", "smoke"]).status().unwrap().success());
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}
