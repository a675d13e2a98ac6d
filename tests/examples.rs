//! The examples are programs that run, and say what they are said to show.

use std::path::PathBuf;
use std::process::Command;

/// The program of an example; cargo has built it beside ours.
fn example(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_vitrine")).parent().unwrap().join("examples").join(name)
}

/// What an example prints.
fn prints(name: &str, arguments: &[&str]) -> String {
    let output = Command::new(example(name)).args(arguments).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The last number of the line that begins so.
fn number(text: &str, start: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}: {text}"));
    line.split_whitespace().last().unwrap().parse().unwrap()
}

#[test]
fn a_trained_network_has_classes_closer_within_than_between_at_its_output() {
    let text = prints("train_and_look", &[]);
    let line = text.lines().find(|line| line.starts_with("output")).unwrap();
    let numbers: Vec<f64> = line.split_whitespace().skip(1).map(|n| n.parse().unwrap()).collect();
    assert!(numbers[0] < 0.9 && numbers[0] < numbers[1], "{text}");
}

#[test]
fn deviations_of_two_classes_by_hand_and_of_a_file_from_elsewhere() {
    let text = prints("deviations", &[]);
    // Within: pairs (1,0), (2,0), (3,1): cosines 1, 3/√10, 3/√10; the other class is its mirror image.
    let within = 2.0 * (1.0 - 3.0 / 10f64.sqrt()) / 3.0;
    assert!((number(&text, "within") - within).abs() < 1e-4, "{text}");
    let dir = tempfile::tempdir().unwrap();
    let [activations, labels] = ["a.npy", "l.npy"].map(|name| dir.path().join(name));
    ndarray_npy::write_npy(&activations, &ndarray::array![[1f32, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 5.0]])
        .unwrap();
    ndarray_npy::write_npy(&labels, &ndarray::array![0i64, 0, 1, 1]).unwrap();
    let text = prints("deviations", &[activations.to_str().unwrap(), labels.to_str().unwrap()]);
    assert_eq!((number(&text, "within"), number(&text, "between")), (0.0, 1.0), "{text}");
    ndarray_npy::write_npy(&labels, &ndarray::array![0i64, 0, 1, 1_000_000_000_000_000]).unwrap();
    let output = Command::new(example("deviations")).args([&activations, &labels]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("label 1000000000000000, but 4 samples"), "{said}");
}

#[test]
fn a_study_of_one_s_own_ends_in_a_verdict_and_a_report_and_is_kept_when_run_again() {
    let runs = tempfile::tempdir().unwrap();
    let folder = runs.path().to_str().unwrap();
    let first = prints("own_study", &[folder]);
    assert!(first.contains("C1 holds: accuracy of 80 hidden units less that of 5, above 0"), "{first}");
    for file in ["findings.json", "config.toml", "figures/fig1.svg", "tables/table1.md"] {
        assert!(runs.path().join("1-width/quick").join(file).is_file(), "{file}");
    }
    let html = std::fs::read_to_string(runs.path().join("report/index.html")).unwrap();
    assert!(html.contains("Wider layers locate steps better."));
    let written =
        || std::fs::metadata(runs.path().join("1-width/quick/findings.json")).unwrap().modified().unwrap();
    let before = written();
    assert_eq!((prints("own_study", &[folder]), written()), (first, before));
}

#[test]
fn a_method_of_one_s_own_finds_that_the_network_looks_around_the_step() {
    let text = prints("own_method", &[]);
    let step: f64 = text.split("the step is at ").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
    let most: f64 = text.lines().nth(1).unwrap().trim().split(':').next().unwrap().parse().unwrap();
    assert!((most - step).abs() <= 5.0, "{text}");
}
