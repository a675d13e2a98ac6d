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

/// Four sound files of 30 training images and 10 test images, every pixel of image `i` being `i`.
fn write_small_set(dir: &Path) {
    for (set, n) in [("train", 30), ("t10k", 10)] {
        let pixels = (0..n).flat_map(|i| [i; 784]);
        let images = [0, 0, 8, 3, 0, 0, 0, n, 0, 0, 0, 28, 0, 0, 0, 28].into_iter().chain(pixels);
        let labels = [0, 0, 8, 1, 0, 0, 0, n].into_iter().chain((0..n).map(|i| i % 10));
        fs::write(dir.join(format!("{set}-images-idx3-ubyte")), images.collect::<Vec<u8>>()).unwrap();
        fs::write(dir.join(format!("{set}-labels-idx1-ubyte")), labels.collect::<Vec<u8>>()).unwrap();
    }
}

#[test]
fn a_changed_pixel_of_the_files_makes_another_network_of_the_same_recipe() {
    let (runs, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_small_set(data.path());
    let recipe = runs.path().join("mnist.toml");
    let text = "network = \"mlp:784-10\"\n[data]\nkind = \"mnist\"\nn_train = 20\nn_validation = 10\n[training]\nmax_epochs = 1\nbatch_size = 10\n";
    fs::write(&recipe, text).unwrap();
    let train = |recipe: &Path| {
        let mut command = vitrine(runs.path());
        command.arg("--mnist").arg(data.path()).arg("--json").arg("train").arg(recipe);
        let output = command.output().unwrap();
        let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let hash = rows[0]["hash"].as_str().unwrap_or_default().to_string();
        (hash, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (first, said) = train(&recipe);
    assert_eq!(first.len(), 16, "{said}");
    assert_eq!(train(&recipe).0, first);
    let written = runs.path().join(format!("networks/{first}/recipe.toml"));
    assert!(fs::read_to_string(&written).unwrap().contains("content = \""));

    let images = data.path().join(IMAGES);
    let mut bytes = fs::read(&images).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&images, bytes).unwrap();
    let (second, said) = train(&recipe);
    assert_eq!(second.len(), 16, "{said}");
    assert_ne!(second, first);
    // A recipe that states its content is not trained on other files.
    let aside = runs.path().join("networks-aside");
    fs::rename(runs.path().join("networks"), &aside).unwrap();
    let (hash, said) = train(&aside.join(&first).join("recipe.toml"));
    assert!(hash.is_empty() && said.contains("mnist: content is "), "{said}");
    assert!(said.contains("the recipe was made for "), "{said}");
}

#[test]
fn without_a_folder_or_its_files_the_way_to_them_is_told() {
    let (runs, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let recipe = runs.path().join("mnist.toml");
    fs::write(&recipe, "network = \"mlp:784-10\"\n[data]\nkind = \"mnist\"\n").unwrap();
    let said = |output: std::process::Output| {
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let error = said(vitrine(runs.path()).arg("train").arg(&recipe).output().unwrap());
    assert!(error.contains("source mnist: name it with --mnist DIR or the environment variable"), "{error}");
    let error = said(
        vitrine(runs.path()).arg("--mnist").arg(empty.path()).arg("train").arg(&recipe).output().unwrap(),
    );
    assert!(error.contains("train-images-idx3-ubyte: not found"), "{error}");
    assert!(error.contains("vitrine data mnist --dir DIR --fetch"), "{error}");
    let error =
        said(vitrine(runs.path()).args(["reproduce", "6.4-mnist", "--preset", "smoke"]).output().unwrap());
    assert!(
        error.contains("6.4-mnist: not run: no folder is given") && error.contains("--mnist DIR"),
        "{error}"
    );
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
