//! `vitrine reproduce` over many sections as one job, and `vitrine verify`: what is done is kept, what fails is named,
//! and a run that was killed ends as an undisturbed one.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use support::vitrine;

fn reproduce(runs: &Path, arguments: &[&str]) -> Output {
    vitrine(runs).args(["reproduce", "--preset", "smoke"]).args(arguments).output().unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

#[test]
fn what_is_done_is_kept_unless_it_is_forced_and_other_settings_are_a_run_of_their_own() {
    let runs = tempfile::tempdir().unwrap();
    let findings = runs.path().join("3.1-examples/smoke/findings.json");
    let run = |more: &[&str]| {
        let output = reproduce(runs.path(), &[&["fig3.1", "fig4.12"], more].concat());
        assert!(output.status.success(), "{}", words(&output.stderr));
        (words(&output.stdout), modified(&findings))
    };
    let (said, first) = run(&[]);
    assert!(said.contains("2 sections measured, 0 kept"), "{said}");
    let (said, second) = run(&[]);
    assert!(said.contains("0 sections measured, 2 kept") && second == first, "{said}");
    let (said, forced) = run(&["--force"]);
    assert!(said.contains("2 sections measured") && first < forced, "{said}");
    let (said, _) = run(&["--set", "signals.jump_size=2"]);
    assert!(said.contains("2 sections measured"), "{said}");
    let variant = runs.path().join("3.1-examples/smoke+signals.jump_size=2");
    fs::remove_file(variant.join("figures/fig3.1.png")).unwrap();
    let (said, _) = run(&["--set", "signals.jump_size=2"]);
    assert!(said.contains("0 sections measured, 2 kept from before (1 drawn again)"), "{said}");
}

#[test]
fn findings_that_are_being_written_over_are_not_taken_for_done() {
    let runs = tempfile::tempdir().unwrap();
    assert!(reproduce(runs.path(), &["fig3.1"]).status.success());
    let config = runs.path().join("3.1-examples/smoke/config.toml");
    let text = fs::read_to_string(&config).unwrap();
    let at = text.find("fingerprint = \"").unwrap() + "fingerprint = \"".len();
    let is_done = || {
        let list = vitrine(runs.path()).args(["list", "--preset", "smoke", "--json"]).output().unwrap();
        let rows: Value = serde_json::from_slice(&list.stdout).unwrap();
        (rows[0]["done"] == true, words(&list.stderr))
    };
    assert!(is_done().0);
    fs::write(&config, format!("{}0123456789abcdef{}", &text[..at], &text[at + 16..])).unwrap();
    let (done, said) = is_done();
    assert!(
        !done && said.contains("config.toml: does not match its checksum; it counts as not done"),
        "{said}"
    );
    fs::write(&config, text).unwrap();
    fs::remove_file(config.with_file_name("done.json")).unwrap();
    assert!(!is_done().0);
}

#[test]
fn a_section_that_fails_is_named_and_the_others_run() {
    let runs = tempfile::tempdir().unwrap();
    // A file where the section's folder would be.
    fs::write(runs.path().join("3.2-filters"), "in the way").unwrap();
    let output = reproduce(runs.path(), &["fig3.1", "fig3.3", "fig4.12"]);
    let (said, error) = (words(&output.stdout), words(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(said.contains("2 sections measured, 0 kept from before, 0 not run, 1 failed"), "{said}");
    assert!(
        said.contains("3.2-filters: failed: ") && error.contains("1 section failed: 3.2-filters"),
        "{said}"
    );
    assert!(runs.path().join("report/index.html").is_file());
}

#[test]
fn sections_without_their_data_are_not_run_and_that_is_no_failure() {
    let runs = tempfile::tempdir().unwrap();
    let output = reproduce(runs.path(), &["all", "--only", "fig3.1", "--only", "6.4-mnist"]);
    let said = words(&output.stdout);
    assert!(output.status.success(), "{}", words(&output.stderr));
    assert!(said.contains("1 sections measured, 0 kept from before, 1 not run, 0 failed"), "{said}");
    assert!(said.contains("6.4-mnist: not run: ") && said.contains("--mnist DIR"), "{said}");
    let summary: Value =
        serde_json::from_slice(&fs::read(runs.path().join("report/report.json")).unwrap()).unwrap();
    assert!(summary["not_run"].as_array().unwrap().contains(&"6.4-mnist".into()));
}

#[test]
fn only_and_skip_choose_among_the_targets() {
    let runs = tempfile::tempdir().unwrap();
    let output = reproduce(
        runs.path(),
        &["all", "--only", "fig3.1", "--only", "fig3.3", "--skip", "3.2-filters", "--json"],
    );
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(findings["section"], "3.1-examples");
    let output = reproduce(runs.path(), &["fig3.1", "--skip", "ch3"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output.stderr).contains("no section is left"));
}

#[test]
fn a_run_killed_five_times_ends_with_the_report_of_an_undisturbed_one() {
    let (killed, undisturbed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let arguments = ["reproduce", "ch3", "4.2-errors", "--preset", "smoke", "--quiet"];
    let report = |runs: &Path| fs::read(runs.join("report/report.json")).unwrap();
    let run = |runs: &Path| {
        assert!(vitrine(runs).args(arguments).stdout(Stdio::null()).status().unwrap().success())
    };
    let started = std::time::Instant::now();
    run(undisturbed.path());
    let whole = started.elapsed();
    // From the first networks to the last drawing, wherever the machine is by then.
    for share in [0.05, 0.2, 0.35, 0.3, 0.5] {
        let mut child = vitrine(killed.path()).args(arguments).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_secs_f64(share * whole.as_secs_f64()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    run(killed.path());
    assert!(report(killed.path()) == report(undisturbed.path()), "the reports differ");
}

#[test]
fn verify_finds_the_same_again_and_names_what_was_changed() {
    let runs = tempfile::tempdir().unwrap();
    assert!(reproduce(runs.path(), &["fig3.1", "fig3.14"]).status.success());
    let report = runs.path().join("report/report.json");
    let verify = |more: &[&str]| {
        let output = vitrine(runs.path()).arg("verify").arg(&report).args(more).output().unwrap();
        (output.status.code(), words(&output.stdout), words(&output.stderr))
    };
    let (code, said, error) = verify(&[]);
    assert_eq!(code, Some(0), "{error}");
    assert!(said.contains("3.1-examples: the same") && said.contains("3.3-one-layer: the same"), "{said}");
    assert!(said.contains("ledger: the same"), "{said}");
    let sound: Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    // Everything that the page states, falsified one by one: where, to what, and what is said.
    let falsified: [(&str, Value, &str); 10] = [
        ("/sections/0/results/values/jump_size", 3.5.into(), "results / values / jump_size: 3.5 → 3.0"),
        ("/sections/0/title", "Cats".into(), "title: \"Cats\" → "),
        ("/sections/1/results/claims/0/statistic", 9.5.into(), "results / claims / 0 / statistic: 9.5 → "),
        (
            "/sections/1/results/agreements/0/parts/0/n_so",
            99.into(),
            "results / agreements / 0 / parts / 0 / n_so: 99 → ",
        ),
        ("/sections/0/figures/0", "9.9".into(), "figures / 0: \"9.9\" → \"3.1\""),
        ("/sections/1/tables", serde_json::json!(["9.9"]), "tables: a list of 1 → a list of 0"),
        ("/not_run/0", "3.1-examples".into(), "not_run / 0: \"3.1-examples\" → \"3.1-tsne\""),
        ("/claims/1/verdict", "holds".into(), "claims / 1 / verdict: \"holds\" → "),
        ("/claims/0/sentence", "All is well.".into(), "claims / 0 / sentence: \"All is well.\" → "),
        ("/sections/1/results/arrays", serde_json::json!({}), "results / arrays / "),
    ];
    let mut all = sound.clone();
    for (place, value, _) in &falsified {
        *all.pointer_mut(place).expect(place) = value.clone();
    }
    fs::write(&report, serde_json::to_vec(&all).unwrap()).unwrap();
    let (code, said, error) = verify(&["--reuse-networks"]);
    assert_eq!(code, Some(1), "{error}");
    for (place, _, expected) in &falsified {
        assert!(said.contains(expected), "{place}: {said}");
    }
    assert!(error.contains("3 of 3 parts differ"), "{error}");
    let (code, _, error) = verify(&["--into", report.to_str().unwrap()]);
    assert!(code == Some(1) && error.contains("--into"), "{error}");
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut summary = sound.clone();
        change(&mut summary);
        fs::write(&report, serde_json::to_vec(&summary).unwrap()).unwrap();
        let (code, _, error) = verify(&[]);
        assert_eq!(code, Some(1), "{error}");
        error
    };
    let error = changed(&|summary| summary["sections"][0]["seeds"] = Value::Array(Vec::new()));
    assert!(error.contains("report.json: seeds: at least one seed is needed"), "{error}");
    let error = changed(&|summary| summary["sections"] = Value::Array(Vec::new()));
    assert!(error.contains("report.json: reports no section"), "{error}");
    let error = changed(&|summary| summary["sections"][1] = summary["sections"][0].clone());
    assert!(error.contains("report.json: reports 3.1-examples twice"), "{error}");
    let error = changed(&|summary| summary["sections"][0]["section"] = "9.9-cats".into());
    assert!(error.contains("2 of 3 parts differ or could not be made again"), "{error}");
    let error = changed(&|summary| summary["proof"] = "it is so".into());
    assert!(error.contains("is no report.json of this version") && error.contains("proof"), "{error}");
    fs::write(&report, "{}").unwrap();
    let (code, _, error) = verify(&[]);
    assert!(code == Some(1) && error.contains("report.json"), "{error}");
}
