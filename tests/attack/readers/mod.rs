//! Every kind of file that the program reads, with a sound sample and the function that reads it.
//!
//! The attack of mutated files and the fuzz targets (`fuzz/`) share this list.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use vitrine::thesis::{SECTIONS, Settings};
use vitrine_data::mnist;
use vitrine_lab::report::Summary;
use vitrine_lab::{Preset, RunFolder, read_recipes};
use vitrine_model::{Init, NetworkSpec, TrainState, Weights};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A kind of file.
pub struct Reader {
    /// What it is.
    pub name: &'static str,
    /// A sound one, given a runs folder in which figure 4.12 is done.
    pub sample: fn(&Path) -> Vec<u8>,
    /// Reads bytes as such a file, in a folder of its own; whether they were taken.
    pub read: fn(&Path, &[u8]) -> bool,
}

/// All kinds.
pub const READERS: [Reader; 12] = [
    Reader { name: "recipe", sample: |_| RECIPE.into(), read: recipe },
    Reader { name: "IDX images", sample: |_| images(), read: |dir, bytes| idx(dir, IMAGES, bytes) },
    Reader { name: "IDX labels", sample: |_| labels(), read: |dir, bytes| idx(dir, LABELS, bytes) },
    Reader { name: "gzip of IDX", sample: |_| packed(&images()), read: |dir, bytes| idx(dir, PACKED, bytes) },
    Reader { name: "configuration", sample: |runs| of_run(runs, "config.toml"), read: configuration },
    Reader { name: "findings", sample: findings_of, read: findings },
    Reader { name: "array", sample: |_| array(), read: one_array },
    Reader {
        name: "report",
        sample: |runs| fs::read(runs.join("report/report.json")).unwrap_or_default(),
        read: report,
    },
    Reader { name: "weights", sample: |_| weights().to_safetensors(), read: read_weights },
    Reader { name: "training state", sample: |_| TrainState::new(weights()).to_bytes(), read: state },
    Reader { name: "specification", sample: |_| NETWORK.into(), read: specification },
    Reader { name: "setting", sample: |_| b"signals.jump_size=2".into(), read: setting },
];

const NETWORK: &str = "cnn:100,conv7+relu,20+tanh+dropout0.5,60";
const RECIPE: &str = "network = [\"mlp:100-20-60\", \"cnn:100,conv5,60\"]\nseed = [0, 1]\n[data]\nkind = \"jump\"\n\
    n_train = 120\n[data.signals]\njump_size = 3.0\n[training]\noptimiser = \"adam\"\nlearning_rate = 0.001\n\
    schedule = { kind = \"cosine\", epochs = 5 }\nbatch_size = 100\nmax_epochs = 5\n";
const IMAGES: &str = "train-images-idx3-ubyte";
const LABELS: &str = "train-labels-idx1-ubyte";
const PACKED: &str = "train-images-idx3-ubyte.gz";

fn recipe(dir: &Path, bytes: &[u8]) -> bool {
    let path = dir.join("recipe.toml");
    fs::write(&path, bytes).is_ok() && read_recipes(&path).is_ok()
}

/// Three images of 28 × 28.
fn images() -> Vec<u8> {
    [&[0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28][..], &[7; 3 * 784]].concat()
}

fn labels() -> Vec<u8> {
    vec![0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// A folder of four files, of which one holds these bytes.
fn idx(dir: &Path, name: &str, bytes: &[u8]) -> bool {
    for set in ["train", "t10k"] {
        _ = fs::remove_file(dir.join(PACKED));
        _ = fs::write(dir.join(format!("{set}-images-idx3-ubyte")), images());
        _ = fs::write(dir.join(format!("{set}-labels-idx1-ubyte")), labels());
    }
    if name == PACKED {
        _ = fs::remove_file(dir.join(IMAGES));
    }
    fs::write(dir.join(name), bytes).is_ok() && mnist::Mnist::read(dir).is_ok()
}

/// A section that draws two figures.
const SECTION: &str = "4.3-toy";

fn of_run(runs: &Path, file: &str) -> Vec<u8> {
    fs::read(runs.join(SECTION).join("smoke").join(file)).unwrap_or_default()
}

fn run_folder(dir: &Path) -> RunFolder {
    RunFolder::new(dir, SECTION, &Preset::Smoke.into())
}

/// Places files and seals them, as whoever made the folder may have done: the seal keeps nobody from writing nonsense.
fn place(dir: &Path, files: &[(&str, &[u8])]) -> bool {
    let folder = run_folder(dir).path().to_path_buf();
    let checksum = |bytes: &[u8]| serde_json::Value::from(blake3::hash(bytes).to_hex().to_string());
    let checksums: serde_json::Map<_, _> =
        files.iter().map(|(name, bytes)| (name.to_string(), checksum(bytes))).collect();
    let seal = serde_json::json!({ "checksums": checksums }).to_string();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        path.parent().is_some_and(|parent| fs::create_dir_all(parent).is_ok())
            && fs::write(path, bytes).is_ok()
    };
    files.iter().all(|(name, bytes)| write(name, bytes)) && write("done.json", seal.as_bytes())
}

fn configuration(dir: &Path, bytes: &[u8]) -> bool {
    place(dir, &[("config.toml", bytes)]) && run_folder(dir).read_config().is_ok()
}

/// The findings of a section, without their arrays.
fn findings_of(runs: &Path) -> Vec<u8> {
    let text = of_run(runs, "findings.json");
    let mut findings: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    findings["arrays"] = serde_json::json!([]);
    serde_json::to_vec_pretty(&findings).unwrap_or_default()
}

/// Reads findings, and shows what it can of them.
fn findings(dir: &Path, bytes: &[u8]) -> bool {
    let read = place(dir, &[("findings.json", bytes)]).then(|| run_folder(dir).read_findings());
    let Some(Ok(stored)) = read else { return false };
    for section in SECTIONS.iter().filter(|section| section.about().id == SECTION) {
        _ = section.tables(&stored);
    }
    true
}

/// Two rows of three numbers.
fn array() -> Vec<u8> {
    let header = format!("{:117}\n", "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }");
    let numbers: Vec<u8> = [1.0_f64, 2.0, 3.0, 4.0, 5.0, 6.0].iter().flat_map(|x| x.to_le_bytes()).collect();
    [b"\x93NUMPY\x01\x00\x76\x00", header.as_bytes(), &numbers].concat()
}

fn one_array(dir: &Path, bytes: &[u8]) -> bool {
    let findings = "{\"section\": \"4.3-toy\", \"run\": \"smoke\", \"seeds\": [0], \"values\": {}, \"claims\": [], \
        \"arrays\": [\"a\"], \"figures\": []}";
    place(dir, &[("findings.json", findings.as_bytes()), ("arrays/a.npy", bytes)])
        && run_folder(dir).read_findings().is_ok()
}

fn report(_: &Path, bytes: &[u8]) -> bool {
    serde_json::from_slice::<Summary>(bytes).is_ok()
}

fn network() -> NetworkSpec {
    NETWORK.parse().unwrap_or_else(|e| unreachable!("a network of the test: {e}"))
}

fn weights() -> Weights {
    Weights::init(network().graph(), Init::default(), &mut ChaCha8Rng::seed_from_u64(0))
}

fn read_weights(_: &Path, bytes: &[u8]) -> bool {
    Weights::from_safetensors(bytes, network().graph()).is_ok()
}

fn state(_: &Path, bytes: &[u8]) -> bool {
    TrainState::from_bytes(bytes, network().graph()).is_ok()
}

fn specification(_: &Path, bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).parse::<NetworkSpec>().is_ok()
}

fn setting(_: &Path, bytes: &[u8]) -> bool {
    Settings::of(Preset::Smoke).with(&[String::from_utf8_lossy(bytes).into_owned()]).is_ok()
}
