//! Networks of one's own, end to end: trained on any data, captured, converted, and brought from elsewhere.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use ndarray::{Array1, Array2, ArrayD};
use ndarray_npy::{read_npy, write_npy};
use support::vitrine;
use tempfile::TempDir;

fn run(dir: &Path, arguments: &[&str]) -> Output {
    vitrine(&dir.join("runs")).current_dir(dir).arg("--quiet").args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The one line of an error with its exit code.
fn error(output: &Output) -> (i32, String) {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap(), text)
}

/// Two clouds of points that a line parts, as arrays of a file each.
fn clouds(dir: &Path) -> (Array2<f32>, Array1<i64>) {
    let labels = Array1::from_shape_fn(80, |i| (i % 2) as i64);
    let x = Array2::from_shape_fn((80, 4), |(i, j)| {
        let centre = if i % 2 == 0 { -1.0 } else { 1.0 };
        centre + 0.4 * ((i * 7 + j * 13) as f32).sin()
    });
    write_npy(dir.join("x.npy"), &x).unwrap();
    write_npy(dir.join("y.npy"), &labels).unwrap();
    (x, labels)
}

/// The folder of a network that is trained on the clouds.
fn trained(dir: &Path, network: &str) -> PathBuf {
    let arguments = [
        "train",
        "--data",
        "x.npy,y.npy",
        "--network",
        network,
        "--set",
        "learning_rate=0.2",
        "--set",
        "max_epochs=20",
    ];
    let rows: serde_json::Value =
        serde_json::from_str(&stdout(&run(dir, &[&arguments[..], &["--json"]].concat()))).unwrap();
    let hash = rows.as_array().unwrap().last().unwrap()["hash"].as_str().unwrap().to_string();
    dir.join("runs/networks").join(hash)
}

#[test]
fn a_network_is_trained_on_the_data_of_the_command_line_and_shows_its_confusions() {
    let dir = TempDir::new().unwrap();
    clouds(dir.path());
    let arguments = [
        "train",
        "--data",
        "x.npy,y.npy",
        "--network",
        "mlp:4-8-2",
        "--seeds",
        "2",
        "--set",
        "learning_rate=0.2",
    ];
    let text = stdout(&run(dir.path(), &arguments));
    assert!(text.contains("mlp:4-8-2") && text.contains("1.0000"), "{text}");
    assert!(text.contains("The test sets of 2 networks"), "{text}");
    let json = stdout(&run(dir.path(), &[&arguments[..], &["--json"]].concat()));
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(rows[0]["confusion"], serde_json::json!([[8, 0], [0, 8]]));
    assert_eq!(rows[0]["history"].as_array().unwrap().len(), rows[0]["epochs"].as_u64().unwrap() as usize);
}

#[test]
fn slips_in_training_say_what_would_be_right() {
    let dir = TempDir::new().unwrap();
    clouds(dir.path());
    for (arguments, says) in [
        (vec!["train"], "--data"),
        (vec!["train", "--data", "x.npy,y.npy", "--network", "mlp:5-2"], "go from 4 to 2"),
        (vec!["train", "--data", "x.npy", "--network", "mlp:4-2"], "label"),
        (vec!["train", "--data", "x.npy,y.npy", "--network", "mlp:4-2", "--set", "optimiser"], "KEY=VALUE"),
        (vec!["train", "--data", "x.npy,y.npy", "--network", "mlp:4-2", "--set", "optimiser=ada"], "adamw"),
        (vec!["train", "--data", "x.npy,y.npy", "--network", "mlp:4-2", "--set", "clip_norm=-1"], "above 0"),
    ] {
        let (code, text) = error(&run(dir.path(), &arguments));
        assert!(code == 2 && text.contains(says), "{arguments:?}: {code} {text}");
    }
}

#[test]
fn activations_are_captured_in_the_order_of_the_file_with_labels_beside_them() {
    let dir = TempDir::new().unwrap();
    let (x, labels) = clouds(dir.path());
    let folder = trained(dir.path(), "mlp:4-8-2");
    let folder = folder.to_str().unwrap();
    stdout(&run(
        dir.path(),
        &["capture", folder, "--data", "x.npy,y.npy", "--out", "acts", "--labels", "l.npy"],
    ));
    let hidden: ArrayD<f32> = read_npy(dir.path().join("acts/hidden1.relu.npy")).unwrap();
    assert_eq!(hidden.shape(), [80, 8]);
    let found: Array1<i64> = read_npy(dir.path().join("l.npy")).unwrap();
    assert_eq!(found, labels);
    // One sample alone gives its own row.
    write_npy(dir.path().join("one.npy"), &x.select(ndarray::Axis(0), &[17])).unwrap();
    stdout(&run(
        dir.path(),
        &["capture", folder, "--data", "one.npy", "--out", "one", "--layers", "hidden1.relu"],
    ));
    let one: ArrayD<f32> = read_npy(dir.path().join("one/hidden1.relu.npy")).unwrap();
    assert_eq!(one.index_axis(ndarray::Axis(0), 0), hidden.index_axis(ndarray::Axis(0), 17));
    // Without --data, the samples that it was tested on.
    stdout(&run(dir.path(), &["capture", folder, "--set", "test", "--out", "test.npz"]));
    assert!(dir.path().join("test.npz").is_file());
}

#[test]
fn nothing_is_overwritten_and_no_node_invented() {
    let dir = TempDir::new().unwrap();
    clouds(dir.path());
    let folder = trained(dir.path(), "mlp:4-8-2");
    let folder = folder.to_str().unwrap();
    fs::write(dir.path().join("mine.npz"), "mine").unwrap();
    fs::write(dir.path().join("mine.onnx"), "mine").unwrap();
    for (arguments, says) in [
        (vec!["capture", folder, "--out", "mine.npz"], "is there already"),
        (vec!["capture", folder, "--out", "a.npz", "--layers", "hidden9"], "there are input, hidden1"),
        (vec!["capture", "nowhere", "--out", "a.npz"], "no model is there"),
        (vec!["convert", folder, "mine.onnx"], "is there already"),
        (vec!["convert", folder, "a.pb"], ".onnx nor in .safetensors"),
        (vec!["capture", "w.pt", "--data", "x.npy", "--out", "a.npz"], "--network SPEC"),
    ] {
        let (code, text) = error(&run(dir.path(), &arguments));
        assert!(code == 2 && text.contains(says), "{arguments:?}: {code} {text}");
    }
    assert_eq!(fs::read_to_string(dir.path().join("mine.npz")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(dir.path().join("mine.onnx")).unwrap(), "mine");
}

#[test]
fn a_network_goes_out_as_onnx_and_comes_back_with_the_same_values() {
    let dir = TempDir::new().unwrap();
    clouds(dir.path());
    let network = trained(dir.path(), "mlp:4-8+bn+tanh-res8-2");
    let network = network.to_str().unwrap();
    stdout(&run(dir.path(), &["convert", network, "m.onnx"]));
    stdout(&run(dir.path(), &["convert", network, "m.safetensors"]));
    stdout(&run(dir.path(), &["capture", network, "--data", "x.npy", "--out", "ours"]));
    stdout(&run(dir.path(), &["capture", "m.onnx", "--data", "x.npy", "--out", "onnx"]));
    let spec = ["--network", "mlp:4-8+bn+tanh-res8-2"];
    let again = ["capture", "m.safetensors", spec[0], spec[1], "--data", "x.npy", "--out", "again"];
    stdout(&run(dir.path(), &again));
    for name in ["hidden1.bn", "res2.add", "output"] {
        let read = |folder: &str| -> ArrayD<f32> {
            read_npy(dir.path().join(format!("{folder}/{name}.npy"))).unwrap()
        };
        let ours = read("ours");
        assert_eq!(ours, read("again"), "{name}");
        let apart = (&ours - &read("onnx")).mapv(f32::abs).fold(0.0, |a: f32, &b| a.max(b));
        assert!(apart < 1e-5, "{name}: {apart}");
    }
}

const STATE_DICTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/reference/state_dicts");

#[test]
fn weights_of_pytorch_are_described_and_a_mismatch_shows_both_sides() {
    let dir = TempDir::new().unwrap();
    let file = format!("{STATE_DICTS}/lenet.safetensors");
    let lenet = "cnn:1x16x16,conv5x5x3,pool2,conv3x3x4,pool2,12,5";
    let text = stdout(&run(dir.path(), &["describe", &file, "--network", lenet]));
    assert!(text.contains("3 × 12 × 12") && text.contains("max pool 2×2"), "{text}");
    let output =
        vitrine(&dir.path().join("runs")).args(["describe", &file, "--network", lenet]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("by shape") && told.contains("conv1 ← c1"), "{told}");
    let (code, text) =
        error(&run(dir.path(), &["describe", &file, "--network", "cnn:1x16x16,conv5x5x4,pool2,5"]));
    assert!(
        code == 1 && text.contains("≠ conv1: bias [4]") && text.contains("c1: bias [3]"),
        "{code} {text}"
    );
    let checkpoint = format!("{STATE_DICTS}/checkpoint.pth");
    let network = ["--network", "mlp:4-4-4-4"];
    let (code, text) = error(&run(dir.path(), &["describe", &checkpoint, network[0], network[1]]));
    assert!(code == 1 && text.contains("checkpoint of model, optimizer"), "{code} {text}");
    stdout(&run(dir.path(), &["describe", &checkpoint, network[0], network[1], "--key", "model"]));
}

#[test]
fn a_trained_network_is_described_by_its_hash() {
    let dir = TempDir::new().unwrap();
    clouds(dir.path());
    let folder = trained(dir.path(), "mlp:4-8-2");
    let hash = folder.file_name().unwrap().to_str().unwrap();
    assert!(stdout(&run(dir.path(), &["describe", hash])).contains("hidden1"));
    let (code, text) = error(&run(dir.path(), &["describe", "0123456789abcdef"]));
    assert!(code == 2 && text.contains("no model is there"), "{code} {text}");
}
