//! Runs whose settings or seeds are not the preset's: they have names, folders and reports of their own, and nothing of
//! them stands beside the thesis' numbers.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::vitrine;

const CHANGED: &str = "smoke+signals.jump_size=2";
const RESEEDED: &str = "smoke+seeds=100..102";

fn run(runs: &Path, arguments: &[&str]) -> String {
    let output = vitrine(runs).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(runs: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&run(runs, &[arguments, &["--json"]].concat())).unwrap()
}

/// Tables and claims of networks, of filters alone, and of none.
const TARGETS: [&str; 5] = ["reproduce", "table3.1", "table3.4", "--preset", "smoke"];

fn reproduce(runs: &Path, more: &[&str]) -> String {
    run(runs, &[&TARGETS[..], more].concat())
}

fn l1_and_thesis(runs: &Path, name: &str) -> (f64, Value) {
    let path = runs.join("3.2-baseline").join(name).join("findings.json");
    let findings: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let row = findings["values"]["comparison"]["rows"][0].clone();
    (row["l1"]["mean"].as_f64().unwrap(), row["thesis"].clone())
}

#[test]
fn a_run_with_other_settings_stands_beside_the_preset_s_and_not_in_its_place() {
    let runs = tempfile::tempdir().unwrap();
    let runs = runs.path();
    reproduce(runs, &[]);
    let of_preset = ["3.2-baseline/smoke/findings.json", "report/index.html", "report/report.json"];
    let read = || of_preset.map(|file| fs::read(runs.join(file)).unwrap());
    let before = read();
    let claims = json(runs, &["claims", "--preset", "smoke"]);
    let said = reproduce(runs, &["--set", "signals.jump_size=2"]);
    assert!(read() == before, "the preset's files have changed");
    assert_eq!(json(runs, &["claims", "--preset", "smoke"]), claims);
    // The thesis prints 0.546 for signals of jump size 3; it says nothing of those of size 2.
    let (preset, variant) = (l1_and_thesis(runs, "smoke"), l1_and_thesis(runs, CHANGED));
    assert!(preset.0 < variant.0 && preset.1.is_object() && variant.1.is_null(), "{preset:?} {variant:?}");
    assert!(said.contains("tests of the variant, no verdicts") && !said.contains("CNNs beat"), "{said}");
    // The default, however it is written, is no change.
    let said = reproduce(runs, &["--set", "signals.jump_size=3"]);
    assert!(said.contains("0 sections measured, 2 kept"), "{said}");
}

#[test]
fn the_report_of_a_variant_says_so_and_holds_nothing_of_the_thesis() {
    let runs = tempfile::tempdir().unwrap();
    let runs = runs.path();
    reproduce(runs, &["fig3.1", "--set", "signals.jump_size=2"]);
    assert!(!runs.join("report/index.html").exists());
    run(runs, &["report", "--variant", CHANGED]);
    let folder = runs.join("report").join(CHANGED);
    let html = fs::read_to_string(folder.join("index.html")).unwrap();
    assert!(
        html.contains("Variant smoke+signals.jump_size=2")
            && html.contains("<code>signals.jump_size=2</code>")
    );
    for of_the_thesis in [
        "class=\"says\"",
        "<b>Ours:</b>",
        "id=\"differences\"",
        "#differences",
        "states nothing that could be compared",
        "id=\"claim-C1\"",
        "CNNs beat",
        "0.3083",
        "class=\"tiles\"",
    ] {
        assert!(!html.contains(of_the_thesis), "{of_the_thesis}");
    }
    assert!(html.contains("<figure id=\"fig-3.1-examples-3.1\""));
    assert!(html.contains("no verdicts on claims") && html.contains("<b>C1.l1</b>"));
    let claims = json(runs, &["claims", "--variant", CHANGED]);
    assert_eq!((&claims["run"], &claims["changes"][0]), (&CHANGED.into(), &"signals.jump_size=2".into()));
    let summary: Value = serde_json::from_slice(&fs::read(folder.join("report.json")).unwrap()).unwrap();
    assert_eq!((&summary["run"], &summary["claims"]), (&CHANGED.into(), &Value::Array(Vec::new())));
    let said = run(runs, &["verify", folder.join("report.json").to_str().unwrap(), "--reuse-networks"]);
    assert!(said.contains("3.2-baseline: the same") && said.contains("3.4-cnn: the same"), "{said}");
}

#[test]
fn a_run_over_other_seeds_keeps_the_preset_s_and_counts_by_itself() {
    let runs = tempfile::tempdir().unwrap();
    let runs = runs.path();
    reproduce(runs, &[]);
    reproduce(runs, &["--seeds", "100..102"]);
    let seeds = |name: &str| {
        let path = runs.join("3.4-cnn").join(name).join("findings.json");
        serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap()["seeds"].clone()
    };
    assert_eq!((seeds("smoke"), seeds(RESEEDED)), (serde_json::json!([0]), serde_json::json!([100, 101])));
    // Its settings are the preset's, so it stands beside the thesis and decides claims.
    assert!(l1_and_thesis(runs, RESEEDED).1.is_object());
    let n_seeds = |arguments: &[&str]| json(runs, arguments)[0]["n_seeds"].clone();
    assert_eq!(n_seeds(&["claims", "--variant", RESEEDED]), 2);
    assert_eq!(n_seeds(&["claims", "--preset", "smoke"]), 1);
    let html = fs::read_to_string(runs.join("report").join(RESEEDED).join("index.html")).unwrap();
    assert!(html.contains("id=\"claim-C1\"") && html.contains("2 seeds: 3.2-baseline 3.4-cnn"));
    let listed = json(runs, &["list", "--preset", "smoke"]);
    let row = listed.as_array().unwrap().iter().find(|row| row["section"] == "3.4-cnn").unwrap();
    assert_eq!((&row["done"], &row["runs"]), (&true.into(), &serde_json::json!(["smoke", RESEEDED])));
    assert!(run(runs, &["list", "--preset", "smoke"]).contains(&format!("variant {RESEEDED}: 2 sections")));
    assert_eq!(json(runs, &["list", "--variant", CHANGED])[0]["done"], false);
}

#[test]
fn a_variant_that_is_not_there_names_those_that_are() {
    let runs = tempfile::tempdir().unwrap();
    let runs = runs.path();
    run(runs, &["reproduce", "fig3.1", "--preset", "smoke", "--set", "signals.jump_size=2"]);
    let output = vitrine(runs).args(["report", "--variant", "smoke+signals.jump_size=1"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains(&format!("there are {CHANGED}")), "{said}");
    let output = vitrine(runs).args(["report", "--variant", "smoke+../x"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn noise_of_another_size_after_the_jump_can_be_set() {
    let runs = tempfile::tempdir().unwrap();
    let runs = runs.path();
    run(runs, &["reproduce", "table3.1", "--preset", "smoke", "--set", "signals.sigma_after=3"]);
    let path = runs.join("3.2-baseline/smoke+signals.sigma_after=3/findings.json");
    let findings: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let rows = findings["values"]["comparison"]["rows"].as_array().unwrap();
    let l1 =
        |name: &str| rows.iter().find(|row| row["detector"] == name).unwrap()["l1"]["mean"].as_f64().unwrap();
    // Which of them knows of the noise sees a jump that the others look for in vain.
    assert!(2.0 * l1("bayes-median") < l1("least-squares"), "{} {}", l1("bayes-median"), l1("least-squares"));
}
