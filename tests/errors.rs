//! Bad input: one clear line, exit code 2 for a slip in the call, 1 for a failure, and never a panic.

mod support;

use std::fs;
use std::path::Path;
use support::vitrine;

/// Exit code and the one line on stderr.
fn fails(runs: &Path, arguments: &[&str]) -> (i32, String) {
    let output = vitrine(runs).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.code().unwrap(), said)
}

fn fails_in_one_line(arguments: &[&str], code: i32, words: &[&str]) {
    let runs = tempfile::tempdir().unwrap();
    let (got, said) = fails(runs.path(), arguments);
    assert_eq!((got, said.trim_end().lines().count()), (code, 1), "{arguments:?}: {said}");
    assert!(words.iter().all(|word| said.contains(word)), "{arguments:?}: {said}");
}

#[test]
fn slips_in_the_call_are_usage_errors() {
    fails_in_one_line(&["reproduce", "fig9.9"], 2, &["fig9.9", "vitrine list"]);
    fails_in_one_line(&["reproduce", "ch3", "--seeds", "0"], 2, &["--seeds 0"]);
    fails_in_one_line(&["reproduce", "ch3", "--seeds", "18446744073709551615"], 2, &["at most 10000 seeds"]);
    fails_in_one_line(
        &["reproduce", "ch3", "--set", "signals.size=3"],
        2,
        &["signals.size", "signals.jump_size"],
    );
    fails_in_one_line(&["reproduce", "ch3", "--set", "training.learning_rate=-1"], 2, &["learning_rate"]);
    fails_in_one_line(&["reproduce", "ch5", "--set", "ascent.rate=nan"], 2, &["ascent", "rate"]);
    fails_in_one_line(&["reproduce", "ch5", "--set", "n_starts=0"], 2, &["n_starts=0"]);
    fails_in_one_line(&["reproduce", "ch3", "--threads", "0"], 2, &["--threads 0"]);
    fails_in_one_line(&["data", "mnist"], 2, &["--dir DIR"]);
}

#[test]
fn unknown_devices_and_networks_point_at_what_is_wrong() {
    let runs = tempfile::tempdir().unwrap();
    let (code, said) = fails(runs.path(), &["reproduce", "ch3", "--device", "tpu"]);
    assert!(code == 2 && said.contains("no device `tpu`"), "{said}");
    let (code, said) = fails(runs.path(), &["describe", "cnn:100,conv0,60"]);
    assert!(code == 2 && said.contains("`conv0` in `cnn:100,conv0,60`"), "{said}");
}

#[test]
fn a_device_that_is_not_in_the_build_names_its_feature() {
    let runs = tempfile::tempdir().unwrap();
    let (code, said) =
        fails(runs.path(), &["reproduce", "table3.4", "--preset", "smoke", "--device", "cuda"]);
    assert!(code == 2 && said.contains("--features cuda"), "{said}");
}

#[test]
fn a_runs_folder_that_cannot_be_written_is_a_failure() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let (code, said) = fails(&file, &["reproduce", "table3.4", "--preset", "smoke"]);
    assert!(code == 1 && said.contains("--runs") && said.contains("file"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "in the way");
}

#[test]
fn a_recipe_that_does_not_fit_its_data_is_named_with_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let recipe = dir.path().join("recipe.toml");
    let path = recipe.to_str().unwrap();
    for (text, words) in [
        ("network = \"mlp:100-50\"\n[data]\nkind = \"jump\"\n", "100 to 60"),
        ("network = \"mlp:100-x-60\"\n[data]\nkind = \"jump\"\n", "`x` in `mlp:100-x-60`"),
        ("network = \"mlp:100-60\"\n[data]\nkind = \"cifar\"\n", "cifar"),
        ("network = \"mlp:100-60\"\nsed = 1\n[data]\nkind = \"jump\"\n", "sed"),
    ] {
        fs::write(&recipe, text).unwrap();
        let (code, said) = fails(dir.path(), &["train", path]);
        assert!(code == 2 && said.contains("recipe.toml") && said.contains(words), "{text}: {said}");
    }
    let (code, said) = fails(dir.path(), &["train", "nowhere.toml"]);
    assert!(code == 1 && said.contains("nowhere.toml"), "{said}");
}
