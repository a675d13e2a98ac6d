//! MNIST from its real files, where they are, and what is said of damaged ones.

mod support;

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use support::vitrine;

const IMAGES: &str = "train-images-idx3-ubyte";
const LABELS: &str = "train-labels-idx1-ubyte";

/// The real files, `VITRINE_MNIST` or `shared/mnist` beside the checkout, or a line that says what was skipped.
fn real_files() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/mnist");
    let dir = std::env::var_os("VITRINE_MNIST").map_or(beside, PathBuf::from);
    let dir = dir.is_dir().then_some(dir);
    if dir.is_none() {
        _ = writeln!(std::io::stderr(), "skipped: no MNIST files; set VITRINE_MNIST to their folder");
    }
    dir
}

#[test]
fn a_network_trains_on_the_real_files_and_prints_its_accuracy() {
    let Some(mnist) = real_files() else { return };
    let runs = tempfile::tempdir().unwrap();
    let recipe = runs.path().join("mnist.toml");
    let text = "network = \"mlp:784-32-10\"\n[data]\nkind = \"mnist\"\n[training]\nlearning_rate = 0.1\nmax_epochs = 2\n";
    fs::write(&recipe, text).unwrap();
    let output = vitrine(runs.path())
        .arg("--mnist")
        .arg(&mnist)
        .arg("--json")
        .arg("train")
        .arg(&recipe)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(0.85 < rows[0]["test_accuracy"].as_f64().unwrap(), "{rows}");
}

#[test]
fn the_real_files_are_told_from_others() {
    let Some(mnist) = real_files() else { return };
    let runs = tempfile::tempdir().unwrap();
    let output = vitrine(runs.path()).args(["data", "mnist", "--dir"]).arg(&mnist).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.matches(" match").count() == 4, "{said}");
    assert!(said.contains("60000 training and 10000 test"), "{said}");
}

#[test]
fn each_damage_of_the_real_files_is_one_line_and_exit_code_1() {
    let Some(mnist) = real_files() else { return };
    let damage = |spoil: &dyn Fn(&Path), words: &str| {
        let copy = tempfile::tempdir().unwrap();
        for file in fs::read_dir(&mnist)
            .unwrap()
            .map(|f| f.unwrap().path())
            .filter(|f| f.extension().is_some_and(|e| e == "gz"))
        {
            fs::copy(&file, copy.path().join(file.file_name().unwrap())).unwrap();
        }
        spoil(copy.path());
        let output = vitrine(copy.path()).args(["data", "mnist", "--dir"]).arg(copy.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), said.trim_end().lines().count()), (Some(1), 1), "{said}");
        assert!(said.contains(words) && said.contains("-ubyte"), "{words}: {said}");
    };
    let gz = |dir: &Path, name: &str| dir.join(format!("{name}.gz"));
    damage(&|dir| truncate(&gz(dir, IMAGES)), "gzip");
    damage(&|dir| fs::write(gz(dir, LABELS), "no gzip").unwrap(), "gzip");
    damage(&|dir| fs::remove_file(gz(dir, LABELS)).unwrap(), "not found");
    damage(&|dir| swap(&gz(dir, IMAGES), &gz(dir, LABELS)), "0x00000803");
    damage(&|dir| swap(&gz(dir, LABELS), &gz(dir, "t10k-labels-idx1-ubyte")), "10000 labels");
    damage(&|dir| unpacked(dir, LABELS, &|bytes| bytes[3] = 7), "0x00000807");
    damage(&|dir| unpacked(dir, LABELS, &|bytes| bytes[7] = 0), "promises");
    damage(&|dir| unpacked(dir, IMAGES, &|bytes| bytes.truncate(10_000)), "promises");
}

fn truncate(path: &Path) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

fn swap(a: &Path, b: &Path) {
    let aside = a.with_extension("aside");
    fs::rename(a, &aside).unwrap();
    fs::rename(b, a).unwrap();
    fs::rename(aside, b).unwrap();
}

/// Replaces the packed file by its content, changed.
fn unpacked(dir: &Path, name: &str, change: &dyn Fn(&mut Vec<u8>)) {
    let packed = dir.join(format!("{name}.gz"));
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(&packed).unwrap()).read_to_end(&mut bytes).unwrap();
    change(&mut bytes);
    fs::remove_file(packed).unwrap();
    fs::write(dir.join(name), bytes).unwrap();
}
