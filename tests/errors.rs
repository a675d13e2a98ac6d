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
    fails_in_one_line(
        &["reproduce", "ch3", "--set", "signals.size=3"],
        2,
        &["signals.size", "signals.jump_size"],
    );
    fails_in_one_line(&["reproduce", "ch3", "--set", "training.learning_rate=-1"], 2, &["learning_rate"]);
    fails_in_one_line(&["reproduce", "ch5", "--set", "ascent.rate=nan"], 2, &["ascent", "rate"]);
    fails_in_one_line(&["reproduce", "ch5", "--set", "n_starts=0"], 2, &["n_starts=0"]);
    fails_in_one_line(&["reproduce", "ch3", "--threads", "0"], 2, &["--threads 0"]);
    fails_in_one_line(&["reproduce", "ch3", "--threads", "1025"], 2, &["--threads 1025", "at most 1024"]);
    fails_in_one_line(&["data", "mnist"], 2, &["--dir DIR"]);
}

#[test]
fn seeds_that_are_none_say_so() {
    let runs = tempfile::tempdir().unwrap();
    for (seeds, words) in [
        ("0", "at least one seed"),
        ("1000000000000", "at most 10000 seeds"),
        ("18446744073709551615", "at most 10000 seeds"),
        ("110..100", "110..100 holds no seed"),
        ("3,3", "seed 3 is named twice"),
        ("", "is no seed"),
        ("many", "`many` is no seed"),
    ] {
        let (code, said) = fails(runs.path(), &["reproduce", "ch3", "--seeds", seeds]);
        assert!(code == 2 && said.contains(words), "{seeds}: {said}");
    }
}

#[test]
fn settings_that_would_break_a_section_are_refused_before_anything_is_trained() {
    for (change, words) in [
        ("signals.n_features=200", "networks of the thesis take 100 samples"),
        ("signals.first_jump=20", "60 jump positions, not 61"),
        ("signals.last_jump=50", "60 jump positions, not 30"),
        ("signals.sigma_after=-1", "sigma_after"),
        ("tsne.perplexity=5000", "perplexity"),
        ("tsne.learning_rate=0", "learning_rate"),
        ("n_evaluation=59", "at least 60"),
    ] {
        fails_in_one_line(&["reproduce", "all", "--preset", "smoke", "--set", change], 2, &[words]);
    }
}

#[test]
fn what_no_memory_holds_is_refused_with_the_memory_that_it_would_need() {
    for setting in ["n_train", "n_validation", "n_test", "n_evaluation", "n_starts", "n_fooled"] {
        let change = format!("{setting}=1000000000000");
        let arguments = ["reproduce", "ch3", "--preset", "smoke", "--set", change.as_str()];
        fails_in_one_line(&arguments, 2, &[change.as_str(), "GB of memory"]);
    }
    let runs = tempfile::tempdir().unwrap();
    let (code, said) = fails(runs.path(), &["describe", "mlp:20-1048576-1048576-8"]);
    assert!(code == 2 && said.contains("1099543085064 weights and biases would take 4398.2 GB"), "{said}");
    let recipe = runs.path().join("recipe.toml");
    let [before, after] = ["network = \"", "\"\n[data]\nkind = \"jump\"\n"];
    for (network, data, words) in [
        ("mlp:100-1048576-1048576-60", "", "GB of memory"),
        ("mlp:100-60", "n_test = 1000000000000\n", "n_test"),
    ] {
        fs::write(&recipe, format!("{before}{network}{after}{data}")).unwrap();
        let (code, said) = fails(runs.path(), &["train", recipe.to_str().unwrap()]);
        assert!(code == 2 && said.contains(words), "{network}: {said}");
    }
}

#[test]
fn an_empty_list_in_a_recipe_is_a_slip() {
    let dir = tempfile::tempdir().unwrap();
    let recipe = dir.path().join("recipe.toml");
    for (text, words) in
        [("network = []\n", "network = []"), ("network = \"mlp:100-60\"\nseed = []\n", "seed = []")]
    {
        fs::write(&recipe, format!("{text}[data]\nkind = \"jump\"\n")).unwrap();
        let (code, said) = fails(dir.path(), &["train", recipe.to_str().unwrap()]);
        assert!(code == 2 && said.contains("recipe.toml") && said.contains(words), "{said}");
    }
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
