//! Random command lines on data and models of one's own: `train --data`, `capture`, `convert`, `describe`, `data`. What the
//! user had before is afterwards as it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ndarray::{Array1, Array3};
use ndarray_npy::write_npy;
use rand::seq::{IndexedRandom, IteratorRandom};
use rand::{Rng, RngExt};

use super::process::{bounded, judged};
use super::scale;
use super::tally::Tally;

const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/reference");

/// Samples as a stranger names them; the files are in the folder where the program runs.
const DATA: [&str; 34] = [
    "table.csv",
    "table.csv,label=kind",
    "x.npy",
    "x.npy,y.npy",
    "table.csv",
    "table.csv,label=kind",
    "table.csv,label=1",
    "table.csv,label=0",
    "table.csv,label=x",
    "table.csv,test=0.25,seed=3",
    "table.csv,validation=0,test=0.5",
    "table.csv,test=1.5",
    "table.csv,test=nan",
    "table.csv,validation=0.6,test=0.6",
    "table.csv,standardise=x",
    "table.csv,",
    "table.csv,x=1",
    "broken.csv",
    "x.npy",
    "x.npy,y.npy",
    "y.npy,x.npy",
    "x.npy,x.npy",
    "x.npy,nothing.npy",
    "images.npy",
    "images.npy,y.npy",
    "series.ts",
    "recipe.toml",
    "jump",
    "mnist",
    "nothing.csv",
    ".",
    "/dev/null",
    "",
    "mlp.onnx",
];

/// Models, and what is none; of the trained network only its place among them stands here.
const MODELS: [&str; 14] = [
    "TRAINED",
    "TRAINED",
    "mlp.onnx",
    "lenet.onnx",
    "cnn1d.onnx",
    "classifier.onnx",
    "weights.pt",
    "weights.safetensors",
    "checkpoint.pth",
    "table.csv",
    "nothing.onnx",
    "runs/networks",
    "0123456789abcdef",
    "",
];

const NETWORKS: [&str; 22] = [
    "mlp:4-8-3",
    "mlp:4-8-3",
    "mlp:4-8+bn+tanh+dropout0.3-3",
    "mlp:5-8-3",
    "mlp:4-3",
    "cnn:4,conv3,3",
    "cnn:1x6x6,conv3x3x4,pool2,3",
    "cnn:1x6x6,conv3x3x4+same+bn,avgpool2,8,3",
    "cnn:1x6x6,conv3x3x4+stride2+pad1,gap,3",
    "cnn:1x6x6,res3x3x4+bn,gap,3",
    "cnn:1x6x6,conv7x7x4,3",
    "cnn:1x6x6,conv3x3x99999999999,3",
    "cnn:1x6x6,conv3x3x4+stride0,3",
    "cnn:1x6x6,pool0,3",
    "cnn:1x6x6,pool3,pool3,3",
    "cnn:2x12,conv3x4,pool2,3",
    "cnn:1x1000000x1000000,conv3x3x4,3",
    "cnn:1x6x6,gap",
    "cnn:0x6x6,gap,3",
    "cnn:",
    "x",
    "",
];

const SETTINGS: [&str; 17] = [
    "max_epochs=3",
    "max_epochs=0",
    "learning_rate=0.1",
    "learning_rate=1e300",
    "learning_rate=-1",
    "batch_size=7",
    "batch_size=0",
    "optimiser=adam",
    "optimiser=adamw",
    "optimiser=x",
    "nesterov=true",
    "clip_norm=1",
    "clip_norm=0",
    "schedule.kind=cosine",
    "weight_decay=0.01",
    "=",
    "stop={kind = \"x\"}",
];

const LAYERS: [&str; 8] =
    ["output", "hidden1.relu,output", "input", "output,output", "x", "", ",", "/0/Conv,output"];

/// Where results go: a few places again and again, so that something is there already.
const OUT: [&str; 16] = [
    "out.npz",
    "out.safetensors",
    "out.onnx",
    "out",
    "out2.npz",
    "out2.onnx",
    "out2",
    "out.txt",
    "table.csv",
    "mlp.onnx",
    "weights.safetensors",
    "runs",
    ".",
    "/dev/null",
    "/nowhere/out.npz",
    "",
];

/// Tries `n` command lines.
pub fn attack(n: usize) -> Tally {
    let mut tally = Tally::new("commands on data and models");
    let mut rng = scale::rng(10);
    let (folder, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    write_files(folder);
    // With settings of its own: the same network of another engine would be made again in its place.
    let train = ["train", "--data", "table.csv", "--network", "mlp:4-8-3", "--set", "max_epochs=4"];
    assert_eq!(judged(command(folder).args(train), scratch.path()).as_deref(), Ok("done"));
    let networks = fs::read_dir(folder.join("runs/networks")).unwrap();
    let trained = networks.map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    let before = files_of(folder);
    for i in 0..n {
        // Many places are taken, never all.
        if i % 10 == 0 {
            files_of(folder)
                .keys()
                .filter(|file| !before.contains_key(*file))
                .for_each(|file| fs::remove_file(file).unwrap());
        }
        let arguments = arguments(trained.to_str().unwrap(), &mut rng);
        let ended = judged(command(folder).args(&arguments), scratch.path());
        let changed = before.iter().find(|(file, bytes)| fs::read(file).ok().as_ref() != Some(bytes));
        match changed {
            Some((file, _)) => {
                tally.fault(format!("{} is not as it was after {arguments:?}", file.display()))
            }
            None => tally.add(ended),
        }
    }
    tally
}

fn command(folder: &Path) -> std::process::Command {
    let mut command = bounded(Path::new("runs"));
    command.current_dir(folder);
    command
}

/// Data and models of all kinds.
fn write_files(folder: &Path) {
    let class = |i: usize| ["cat", "dog", "hen"][i % 3];
    let value = |i: usize, j: usize| (i % 3) as f32 + 0.3 * ((i * 7 + j * 13) as f32).sin();
    let row =
        |i: usize| -> String { (0..4).map(|j| format!("{},", value(i, j))).collect::<String>() + class(i) };
    let table: Vec<String> = ["a,b,c,d,kind".to_string()].into_iter().chain((0..60).map(row)).collect();
    fs::write(folder.join("table.csv"), table.join("\n")).unwrap();
    fs::write(folder.join("broken.csv"), "a,b\n1,2\n3\nx,\"").unwrap();
    fs::write(folder.join("recipe.toml"), "[data]\nkind = \"table\"\npath = \"table.csv\"\n").unwrap();
    let series = "@problemName x\n@classLabel true 1 2\n@data\n1,2,3,4:1\n2,3,1,0:2\n4,4,1,0:2\n";
    fs::write(folder.join("series.ts"), series).unwrap();
    let images =
        Array3::from_shape_fn((60, 6, 6), |(i, j, k)| value(i, 6 * j + k)).insert_axis(ndarray::Axis(1));
    write_npy(folder.join("images.npy"), &images).unwrap();
    write_npy(folder.join("x.npy"), &ndarray::Array2::from_shape_fn((60, 4), |(i, j)| value(i, j))).unwrap();
    write_npy(folder.join("y.npy"), &Array1::from_shape_fn(60, |i| (i % 3) as i64)).unwrap();
    for (from, to) in [
        ("onnx/mlp-old-any.onnx", "mlp.onnx"),
        ("onnx/small-lenet-old-one.onnx", "lenet.onnx"),
        ("onnx/cnn1d-old-any.onnx", "cnn1d.onnx"),
        ("onnx/sklearn-mlp.onnx", "classifier.onnx"),
        ("state_dicts/sequential.pt", "weights.pt"),
        ("state_dicts/lenet.safetensors", "weights.safetensors"),
        ("state_dicts/checkpoint.pth", "checkpoint.pth"),
    ] {
        fs::copy(Path::new(REFERENCE).join(from), folder.join(to)).unwrap();
    }
}

/// The files of a user and of a trained network, with what they hold.
fn files_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => drop(files.insert(path.clone(), fs::read(path).unwrap())),
            }
        }
    }
    files
}

/// An option, what it may be given, and how often it is there.
type Choice = (&'static str, &'static [&'static str], f64);

const OF_TRAINING: &[Choice] = &[
    ("--network", &NETWORKS, 0.97),
    ("--set", &SETTINGS, 0.3),
    ("--set", &SETTINGS, 0.2),
    ("--seeds", &["1", "2", "0", "5..4", "x"], 0.1),
];
const OF_MODEL: &[Choice] = &[
    ("--network", &["mlp:4-4-4-4", "mlp:4-8-3", "x"], 0.2),
    ("--key", &["model", "state_dict", "x", ""], 0.1),
];
const OF_CAPTURE: &[Choice] = &[
    ("--data", &DATA, 0.7),
    ("--set", &["train", "validation", "test", "all", "x"], 0.2),
    ("--layers", &LAYERS, 0.3),
    ("--labels", &["labels.npy", "labels2.npy", "y.npy", "/nowhere/labels.npy", ""], 0.2),
];
const OF_CHECK: &[Choice] = &[("--check", &["x.npy", "weights.safetensors", "nothing.npz"], 0.2)];
const OF_DATA: &[Choice] = &[("--label", &["kind", "1", "0", "x", ""], 0.2)];
const OF_ALL: &[Choice] = &[
    ("--engine", &["auto", "fused", "general", "x"], 0.15),
    ("--device", &["cpu", "cpu", "wgpu", "x"], 0.1),
    ("--threads", &["1", "2", "2", "0", "x"], 0.1),
];

fn arguments(trained: &str, rng: &mut impl Rng) -> Vec<String> {
    let model = pick(&MODELS, rng).replace("TRAINED", trained);
    let (words, own): (Vec<String>, &[&[Choice]]) = match rng.random_range(0..8) {
        0 => (vec!["data".into(), pick(&DATA, rng)], &[OF_DATA]),
        1 => (vec!["describe".into(), model], &[OF_MODEL, OF_CHECK]),
        2 | 3 => (vec!["convert".into(), model, pick(&OUT, rng)], &[OF_MODEL]),
        4 | 5 => (vec!["train".into(), "--data".into(), pick(&DATA, rng)], &[OF_TRAINING]),
        _ => (vec!["capture".into(), model, "--out".into(), pick(&OUT, rng)], &[OF_MODEL, OF_CAPTURE]),
    };
    let mut choices: Vec<&Choice> = own.iter().copied().chain([OF_ALL]).flatten().collect();
    // An option of another command.
    if rng.random_bool(0.03) {
        choices.extend(OF_CAPTURE.iter().chain(OF_TRAINING).choose(rng));
    }
    let is_training = words[0] == "train";
    let mut words = words;
    for (option, values, chance) in choices {
        if rng.random_bool(*chance) {
            words.extend([option.to_string(), pick(values, rng)]);
        }
    }
    // Few epochs, so that what is trained is trained soon.
    if is_training && rng.random_bool(0.95) {
        words.extend(["--set".into(), "max_epochs=2".into()]);
    }
    for flag in ["--json", "--quiet", "--standardise"] {
        if rng.random_bool(0.05) {
            words.push(flag.into());
        }
    }
    words
}

fn pick(among: &[&str], rng: &mut impl Rng) -> String {
    among.choose(rng).copied().unwrap_or_default().to_string()
}
