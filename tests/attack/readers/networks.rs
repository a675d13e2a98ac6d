//! Readers of what the zoo keeps of a network: its seal, its history, and its training where that is unfinished.
//!
//! Whatever the zoo finds, it ends with the network: one that is not what was sealed is named and set aside.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use vitrine_data::Folders;
use vitrine_lab::{Recipe, StopFlag, TrainedNetwork, Watch, WatchNetwork, Workshop, Zoo, read_recipes};
use vitrine_model::{EpochRecord, NetworkSpec, StateDict, StateDictError};

/// A network that is trained in a moment.
const RECIPE: &str = "network = \"mlp:100-60\"\n[data]\nkind = \"jump\"\nn_train = 60\nn_validation = 60\nn_test = 60\n\
    [training]\nmax_epochs = 2\nstop = { when = \"max_epochs\" }\n";
/// The files of its folder.
const FILES: [&str; 4] = ["recipe.toml", "model.safetensors", "history.csv", "done.json"];

/// That network as an undisturbed zoo keeps it.
struct Sound {
    recipe: Recipe,
    files: [Vec<u8>; 4],
    unfinished: Vec<u8>,
}

static SOUND: LazyLock<Sound> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let path = dir.path().join("recipe.toml");
    fs::write(&path, RECIPE).unwrap_or_else(|e| panic!("{e}"));
    let recipe = read_recipes(&path, &Folders::default()).unwrap_or_else(|e| panic!("{e}")).swap_remove(0);
    let stop = StopFlag::default();
    let stopped = zoo(dir.path(), &stop, &Arc::new(Ears { stops: Some(stop.clone()), ..Ears::default() }));
    assert!(stopped.obtain_one(&recipe).is_err(), "stopped after an epoch");
    let read = |path: PathBuf| fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let unfinished = read(state_of(dir.path(), &recipe));
    obtain(dir.path(), &recipe);
    let files = FILES.map(|name| read(folder_of(dir.path(), &recipe).join(name)));
    Sound { recipe, files, unfinished }
});

/// Hears what is amiss; may ask for a stop after the first epoch.
#[derive(Default)]
struct Ears {
    heard: Mutex<Vec<String>>,
    stops: Option<StopFlag>,
}

impl Watch for Ears {
    fn start(&self, _: &Recipe) -> Box<dyn WatchNetwork> {
        Box::new(Stops(self.stops.clone()))
    }

    fn warn(&self, text: &str) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(text.into());
    }
}

impl Ears {
    fn heard(&self) -> String {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }
}

struct Stops(Option<StopFlag>);

impl WatchNetwork for Stops {
    fn epoch(&self, _: &EpochRecord) {
        self.0.iter().for_each(|stop| _ = stop.request());
    }
}

fn zoo(dir: &Path, stop: &StopFlag, ears: &Arc<Ears>) -> Zoo {
    let mut workshop = Workshop::new(dir);
    workshop.n_threads = 1;
    workshop.stop = stop.clone();
    workshop.watch = ears.clone();
    Zoo::new(workshop)
}

/// The network, trained where it is not there, and what was said meanwhile.
fn obtain(dir: &Path, recipe: &Recipe) -> (Arc<TrainedNetwork>, String) {
    let ears = Arc::default();
    let network = zoo(dir, &StopFlag::default(), &ears).obtain_one(recipe);
    (network.unwrap_or_else(|e| panic!("not trained: {e:#}")), ears.heard())
}

fn folder_of(dir: &Path, recipe: &Recipe) -> PathBuf {
    dir.join("networks").join(recipe.hash())
}

fn state_of(dir: &Path, recipe: &Recipe) -> PathBuf {
    dir.join("networks/.partial").join(format!("{}.state", recipe.hash()))
}

/// The seal without its own checksum, which would hide what is in it: networks of before that was kept have none.
pub fn seal() -> Vec<u8> {
    seal_of(&history())
}

/// The seal of the network with another history.
fn seal_of(history: &[u8]) -> Vec<u8> {
    let [.., done] = &SOUND.files;
    let mut seal: serde_json::Value = serde_json::from_slice(done).unwrap_or_default();
    seal["checksums"]["history.csv"] = blake3::hash(history).to_hex().to_string().into();
    if let Some(fields) = seal.as_object_mut() {
        fields.remove("itself");
    }
    serde_json::to_vec_pretty(&seal).unwrap_or_default()
}

pub fn history() -> Vec<u8> {
    let [_, _, history, _] = &SOUND.files;
    history.clone()
}

pub fn read_seal(dir: &Path, bytes: &[u8]) -> bool {
    is_loaded(dir, &history(), bytes)
}

pub fn read_history(dir: &Path, bytes: &[u8]) -> bool {
    is_loaded(dir, bytes, &seal_of(bytes))
}

/// Whether the network is loaded with that history and seal.
fn is_loaded(dir: &Path, history: &[u8], seal: &[u8]) -> bool {
    let Sound { recipe, files: [as_written, weights, ..], .. } = &*SOUND;
    let folder = folder_of(dir, recipe);
    clear(dir);
    fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{e}"));
    for (name, bytes) in FILES.iter().zip([as_written, weights, history, seal]) {
        fs::write(folder.join(name), bytes).unwrap_or_else(|e| panic!("{e}"));
    }
    let ears = Arc::default();
    let zoo = zoo(dir, &StopFlag::default(), &ears);
    let is_damaged = zoo.sets_aside_any(std::slice::from_ref(recipe)).unwrap_or_else(|e| panic!("{e:#}"));
    let (heard, named) = (ears.heard(), format!("{}: damaged (", folder.display()));
    assert_eq!((heard.contains(&named), folder.is_dir()), (is_damaged, !is_damaged), "{heard}");
    !is_damaged
}

/// The training of the network after its first epoch.
pub fn unfinished_training() -> Vec<u8> {
    SOUND.unfinished.clone()
}

/// Whether that is gone on with; if not, it begins anew, and ends the same.
pub fn read_unfinished_training(dir: &Path, bytes: &[u8]) -> bool {
    let Sound { recipe, files: [_, weights, ..], .. } = &*SOUND;
    let state = state_of(dir, recipe);
    clear(dir);
    fs::create_dir_all(dir.join("networks/.partial")).unwrap_or_else(|e| panic!("{e}"));
    fs::write(&state, bytes).unwrap_or_else(|e| panic!("{e}"));
    let (trained, heard) = obtain(dir, recipe);
    assert!(trained.network.weights().to_safetensors() == *weights, "other weights");
    let is_named =
        heard.contains(&format!("{}: ", state.display())) && heard.contains("training starts anew");
    assert_eq!(is_named, !heard.is_empty(), "{heard}");
    heard.is_empty()
}

fn clear(dir: &Path) {
    _ = fs::remove_dir_all(dir.join("networks"));
}

/// Weights of a network of three dense layers.
pub fn read_pytorch(dir: &Path, bytes: &[u8]) -> bool {
    let Ok(spec) = "mlp:4-6-6-3".parse::<NetworkSpec>() else { return false };
    let path = dir.join("weights.pt");
    let read = || -> Result<_, StateDictError> { StateDict::read(&path, None)?.weights_for(spec.graph()) };
    fs::write(&path, bytes).is_ok() && read().is_ok()
}
