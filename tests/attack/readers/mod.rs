//! Every kind of file that the program reads, with a sound sample and the function that reads it.
//!
//! The attack of mutated files and the fuzz targets (`fuzz/`) share this list.

mod data;
mod networks;
mod runs;

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use image::ImageFormat;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use vitrine::thesis::Settings;
use vitrine_data::{Folders, mnist};
use vitrine_lab::report::Summary;
use vitrine_lab::{Preset, read_recipes};
use vitrine_model::{Imported, Init, NetworkSpec, TrainState, Weights};

/// A kind of file.
pub struct Reader {
    /// What it is.
    pub name: &'static str,
    /// A sound one, given a runs folder in which figure 4.12 is done.
    pub sample: fn(&Path) -> Vec<u8>,
    /// Reads bytes as such a file, in a folder of its own; whether they were taken.
    pub read: fn(&Path, &[u8]) -> bool,
}

/// The last of [`READERS`] read data and models from elsewhere.
pub const N_FROM_ELSEWHERE: usize = 11;

/// All kinds.
pub const READERS: [Reader; 29] = [
    Reader { name: "recipe", sample: |_| RECIPE.into(), read: recipe },
    Reader { name: "IDX images", sample: |_| images(), read: |dir, bytes| idx(dir, IMAGES, bytes) },
    Reader { name: "IDX labels", sample: |_| labels(), read: |dir, bytes| idx(dir, LABELS, bytes) },
    Reader { name: "gzip of IDX", sample: |_| packed(&images()), read: |dir, bytes| idx(dir, PACKED, bytes) },
    Reader {
        name: "configuration",
        sample: |runs| runs::file(runs, "config.toml"),
        read: runs::read_configuration,
    },
    Reader { name: "findings", sample: runs::findings, read: runs::read_findings },
    Reader { name: "array", sample: |_| runs::array(), read: runs::read_array },
    Reader { name: "seal", sample: |_| runs::seal(), read: runs::read_seal },
    Reader {
        name: "SVG picture",
        sample: |runs| runs::picture(runs, "svg"),
        read: |dir, bytes| runs::read_picture(dir, "svg", bytes),
    },
    Reader {
        name: "PNG picture",
        sample: |runs| runs::picture(runs, "png"),
        read: |dir, bytes| runs::read_picture(dir, "png", bytes),
    },
    Reader {
        name: "report",
        sample: |runs| fs::read(runs.join("report/report.json")).unwrap_or_default(),
        read: report,
    },
    Reader { name: "weights", sample: |_| weights().to_safetensors(), read: read_weights },
    Reader { name: "network seal", sample: |_| networks::seal(), read: networks::read_seal },
    Reader { name: "history", sample: |_| networks::history(), read: networks::read_history },
    Reader { name: "training state", sample: |_| TrainState::new(weights()).to_bytes(), read: state },
    Reader {
        name: "unfinished training",
        sample: |_| networks::unfinished_training(),
        read: networks::read_unfinished_training,
    },
    Reader { name: "specification", sample: |_| NETWORK.into(), read: specification },
    Reader { name: "setting", sample: |_| b"signals.jump_size=2".into(), read: setting },
    Reader { name: "CSV table", sample: |_| data::table(), read: data::read_table },
    Reader { name: "NPY array", sample: |_| data::array(), read: data::read_array },
    Reader { name: "NPZ arrays", sample: |_| data::archive(), read: data::read_archive },
    Reader { name: "safetensors arrays", sample: |_| data::tensors(), read: data::read_tensors },
    Reader { name: "TS series", sample: |_| data::series(), read: data::read_series },
    Reader { name: "TSV series", sample: |_| data::label_first(), read: data::read_label_first },
    Reader {
        name: "PNG image",
        sample: |_| data::picture(ImageFormat::Png),
        read: |dir, bytes| data::read_picture(dir, "png", bytes),
    },
    Reader {
        name: "JPEG image",
        sample: |_| data::picture(ImageFormat::Jpeg),
        read: |dir, bytes| data::read_picture(dir, "jpg", bytes),
    },
    Reader { name: "IDX family", sample: |_| data::family(), read: data::read_family },
    Reader { name: "ONNX", sample: |_| ONNX.into(), read: |_, bytes| Imported::from_onnx(bytes).is_ok() },
    Reader { name: "PyTorch weights", sample: |_| PYTORCH.into(), read: networks::read_pytorch },
];

/// Three dense layers, saved by PyTorch.
const PYTORCH: &[u8] = include_bytes!("../../../assets/reference/state_dicts/sequential.pt");
/// Two branches of filters, exported by PyTorch.
const ONNX: &[u8] = include_bytes!("../../../assets/reference/onnx/branches-old-any.onnx");
const NETWORK: &str = "cnn:100,conv7+relu,20+tanh+dropout0.5,60";
const RECIPE: &str = "network = [\"mlp:100-20-60\", \"cnn:100,conv5,60\"]\nseed = [0, 1]\n[data]\nkind = \"jump\"\n\
    n_train = 120\n[data.signals]\njump_size = 3.0\n[training]\noptimiser = \"adam\"\nlearning_rate = 0.001\n\
    schedule = { kind = \"cosine\", epochs = 5 }\nbatch_size = 100\nmax_epochs = 5\n";
const IMAGES: &str = "train-images-idx3-ubyte";
const LABELS: &str = "train-labels-idx1-ubyte";
const PACKED: &str = "train-images-idx3-ubyte.gz";

fn recipe(dir: &Path, bytes: &[u8]) -> bool {
    let path = dir.join("recipe.toml");
    fs::write(&path, bytes).is_ok() && read_recipes(&path, &Folders::default()).is_ok()
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
