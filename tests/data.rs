//! Data from files of every kind: described, trained on, and refused in one clear line where they are malformed.

mod data {
    pub mod files;
    pub mod malformed;
}
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use data::files::{csv, json, npy, ok, real, write};
use support::vitrine;

const IRIS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/examples/iris.csv");

/// The rows that training a recipe prints.
fn train(runs: &Path, recipe: &Path) -> serde_json::Value {
    json(vitrine(runs).arg("--json").arg("train").arg(recipe))
}

fn recipe(folder: &Path, network: &str, data: &str) -> PathBuf {
    let text = format!(
        "network = {network:?}\n[data]\n{data}\n[training]\nmax_epochs = 40\nlearning_rate = 0.1\nbatch_size = 10\n"
    );
    write(folder, "recipe.toml", text.as_bytes())
}

#[test]
fn a_table_is_described_in_words_and_as_json() {
    let runs = tempfile::tempdir().unwrap();
    let said = ok(vitrine(runs.path()).args(["data", IRIS]));
    for words in [
        "table: 150 samples of shape [4], 3 classes",
        "virginica",
        "sepal_length_cm",
        "missing values: none",
        "constant features: none",
        "duplicates in training: ",
        "leaks: ",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let described =
        json(vitrine(runs.path()).args(["data", IRIS, "--label", "5", "--standardise", "--json"]));
    let sizes: Vec<u64> = (0..3).map(|i| described["sets"][i]["n_samples"].as_u64().unwrap()).collect();
    assert_eq!(sizes, [90, 30, 30]);
    assert_eq!(described["classes"][0]["n_samples"], serde_json::json!([30, 10, 10]));
    assert!(described["features"][2]["mean"].as_f64().unwrap().abs() < 1e-6, "{described}");
}

#[test]
fn a_network_learns_a_table_and_is_found_again_wherever_the_file_is() {
    let (runs, moved) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data =
        |path: &str| format!("kind = \"table\"\npath = {path:?}\nlabel = \"class\"\nstandardise = true");
    let first = train(runs.path(), &recipe(runs.path(), "mlp:4-16-3", &data(IRIS)));
    assert!(0.85 < first[0]["test_accuracy"].as_f64().unwrap(), "{first}");
    let hash = first[0]["hash"].as_str().unwrap().to_string();
    let stored = runs.path().join("networks").join(&hash).join("recipe.toml");
    let text = fs::read_to_string(&stored).unwrap();
    assert!(text.contains("iris.csv") && text.contains("content = \""), "{text}");
    // The same file elsewhere, named from the recipe's own folder.
    fs::copy(IRIS, moved.path().join("flowers.csv")).unwrap();
    let again = recipe(moved.path(), "mlp:4-16-3", &data("flowers.csv"));
    let output = vitrine(runs.path()).arg("--json").arg("train").arg(&again).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows[0]["hash"].as_str().unwrap(), hash);
    assert_eq!(fs::read_to_string(&stored).unwrap(), text, "it was not trained again");
    // The recipe in the zoo is a recipe, and names its data.
    assert!(ok(vitrine(runs.path()).arg("data").arg(&stored)).contains("150 samples"));
    // One value more, another network.
    let bytes = fs::read(moved.path().join("flowers.csv")).unwrap();
    write(moved.path(), "flowers.csv", &[&bytes[..], b"1,2,3,4,setosa\n"].concat());
    assert_ne!(train(runs.path(), &again)[0]["hash"].as_str().unwrap(), hash);
}

#[test]
fn arrays_with_labels_without_and_with_values_that_are_none() {
    let dir = tempfile::tempdir().unwrap();
    let values: Vec<f32> = (0..40).map(|i| i as f32).collect();
    let x = write(dir.path(), "x.npy", &npy("(10, 2, 2)", &values));
    let y = write(dir.path(), "y.npy", &npy("(10,)", &[0.0, 1.0].repeat(5)));
    let of = |data: String| json(vitrine(dir.path()).args(["data", "--json"]).arg(data));
    let described =
        of(format!("{},{},test=0.2,validation=0,stratified=false,seed=3", x.display(), y.display()));
    assert_eq!(described["feature_shape"], serde_json::json!([2, 2]));
    assert_eq!(described["sets"][2]["n_samples"], 2);
    assert_eq!(described["classes"].as_array().unwrap().len(), 2);
    let unlabelled = of(x.display().to_string());
    assert_eq!(unlabelled["classes"], serde_json::json!([]));

    let mut broken = values;
    broken[5] = f32::NAN;
    broken[39] = f32::INFINITY;
    write(dir.path(), "x.npy", &npy("(10, 2, 2)", &broken));
    let said = of(x.display().to_string())["not_finite"][0].as_str().unwrap().to_string();
    assert!(
        said.ends_with("x.npy: sample 1 is NaN at [0, 1], and 1 values more are no finite numbers"),
        "{said}"
    );
    let recipe = recipe(dir.path(), "mlp:4-2", "kind = \"arrays\"\ninputs = \"x.npy\"\nlabels = \"y.npy\"");
    let output = vitrine(dir.path()).arg("train").arg(&recipe).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("sample 1 is NaN at [0, 1]") && said.contains("networks take finite numbers"),
        "{said}"
    );
}

#[test]
fn series_find_their_test_beside_them() {
    let dir = tempfile::tempdir().unwrap();
    let header = "@problemName P\n@univariate true\n@classLabel true up down\n@data\n";
    for (name, n) in [("P_TRAIN.ts", 20), ("P_TEST.ts", 6)] {
        let lines: String = (0..n).map(|i| format!("{i},{},0:{}\n", i + 1, ["up", "down"][i % 2])).collect();
        write(dir.path(), name, format!("{header}{lines}").as_bytes());
    }
    let described = json(vitrine(dir.path()).args(["data", "--json"]).arg(dir.path().join("P_TRAIN.ts")));
    let sizes: Vec<u64> = (0..3).map(|i| described["sets"][i]["n_samples"].as_u64().unwrap()).collect();
    assert_eq!(sizes, [16, 4, 6]);
    assert_eq!(
        (&described["kind"], &described["feature_shape"]),
        (&"series".into(), &serde_json::json!([3]))
    );
    let leaks = described["leaks"].as_array().unwrap();
    assert!(leaks.iter().any(|leak| leak["set"] == "test"), "its series are those of training: {described}");
}

#[test]
fn folders_are_told_by_what_is_in_them() {
    let dir = tempfile::tempdir().unwrap();
    let [idx, images] = ["idx", "images"].map(|name| dir.path().join(name));
    for (name, bytes) in data::files::idx(9, 4, 3) {
        write(&idx, name, &bytes);
    }
    let described = json(vitrine(dir.path()).args(["data", "--json"]).arg(&idx));
    assert_eq!(
        (&described["kind"], &described["feature_shape"]),
        (&"idx".into(), &serde_json::json!([1, 4, 3]))
    );
    for (class, grey) in [("dark", 10), ("light", 200)] {
        for i in 0..5 {
            write(&images.join(class), &format!("{i}.png"), &data::files::png(3, 2, grey + i));
        }
    }
    let described = json(vitrine(dir.path()).args(["data", "--json"]).arg(&images));
    assert_eq!(
        (&described["kind"], &described["feature_shape"]),
        (&"images".into(), &serde_json::json!([1, 2, 3]))
    );
    assert_eq!(described["classes"][1]["name"], "light");
    let sized = format!("{},size=4", images.display());
    let described = json(vitrine(dir.path()).args(["data", "--json", &sized]));
    assert_eq!(described["feature_shape"], serde_json::json!([1, 4, 4]));
}

#[test]
fn the_real_files_are_read() {
    let Some(real) = real() else { return };
    let runs = tempfile::tempdir().unwrap();
    for (data, words) in [
        ("iris.csv", "150 samples of shape [4], 3 classes"),
        ("wine.csv", "178 samples of shape [13], 3 classes"),
        ("breast_cancer.csv", "569 samples of shape [30], 2 classes"),
        ("digits.csv,label=class", "1797 samples of shape [64], 10 classes"),
        ("GunPoint_TRAIN.tsv", "50 samples of shape [150], 2 classes"),
        ("GunPoint_TRAIN.ts", "200 samples of shape [150], 2 classes"),
    ] {
        let said = ok(vitrine(runs.path()).arg("data").arg(real.join(data)));
        assert!(said.contains(words), "{data}: {said}");
    }
}

#[test]
fn drawn_data_and_those_of_a_recipe_are_described_too() {
    let runs = tempfile::tempdir().unwrap();
    assert!(
        ok(vitrine(runs.path()).args(["data", "jump"])).contains("24000 samples of shape [100], 60 classes")
    );
    write(runs.path(), "t.csv", csv(30).as_bytes());
    let recipe = recipe(runs.path(), "mlp:2-3", "kind = \"table\"\npath = \"t.csv\"");
    assert!(ok(vitrine(runs.path()).arg("data").arg(recipe)).contains("30 samples of shape [2], 3 classes"));
}
