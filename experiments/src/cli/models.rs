//! Models that a command line names, opened: of the zoo, of an ONNX file, or weights of PyTorch with a specification.

use std::path::{Path, PathBuf};

use vitrine_data::read_regular;
use vitrine_lab::{Recipe, open_network, slip};
use vitrine_model::{Imported, Model, StateDict, Weights, open_model};

use super::arguments::Common;
use super::model_commands::ModelArgs;
use super::terminal::note;

/// A model ready to be asked.
pub struct OpenedModel {
    /// What tells it from others: a hash of its recipe or its file.
    pub id: String,
    pub model: Box<dyn Model + Send + Sync>,
    pub weights: Weights,
    /// What it was trained by, where it is of the zoo.
    pub recipe: Option<Recipe>,
}

/// Bytes of a model file at most.
const MAX_BYTES: u64 = 1 << 32;

/// The model that the arguments name.
///
/// # Errors
/// A slip where nothing is named; whatever is wrong with the files.
pub fn open(common: &Common, args: &ModelArgs) -> anyhow::Result<OpenedModel> {
    let path = Path::new(&args.model);
    let has_ending = |ending: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
    if has_ending("onnx") {
        return of_onnx(path, args);
    }
    if StateDict::is_one(path) {
        return of_state_dict(path, args);
    }
    if args.network.is_some() {
        return Err(slip("--network: describes the weights of a .safetensors, .pt or .pth file"));
    }
    let network = open_network(&zoo_folder(common, path)?)?;
    Ok(OpenedModel {
        id: network.recipe.hash(),
        weights: network.network.weights().clone(),
        model: Box::new(network.network),
        recipe: Some(network.recipe),
    })
}

fn of_onnx(path: &Path, args: &ModelArgs) -> anyhow::Result<OpenedModel> {
    if args.network.is_some() {
        return Err(slip("--network: an ONNX file says itself which network it holds"));
    }
    let Imported { graph, weights, .. } = Imported::read(path)?;
    // The weights too: they may lie in a file beside the model's.
    let id = blake3::hash(&[read_regular(path, MAX_BYTES)?, weights.to_safetensors()].concat());
    let model = open_model(&graph, &weights)?;
    Ok(OpenedModel { id: id.to_hex().to_string(), model, weights, recipe: None })
}

fn of_state_dict(path: &Path, args: &ModelArgs) -> anyhow::Result<OpenedModel> {
    let spec = args.network.as_ref().ok_or_else(|| {
        slip(format!(
            "{}: holds weights alone; say which network they belong to with --network SPEC",
            path.display()
        ))
    })?;
    let matching = StateDict::read(path, args.key.as_deref())?.weights_for(spec.graph())?;
    let pairs: Vec<String> =
        matching.modules.iter().map(|(node, module)| format!("{node} ← {module}")).collect();
    note(&format!("{}: by {} {}", path.display(), matching.by, pairs.join(", ")));
    let weights = matching.weights;
    let id = blake3::hash(&[spec.to_string().into_bytes(), weights.to_safetensors()].concat());
    let model = open_model(spec.graph(), &weights)?;
    Ok(OpenedModel { id: id.to_hex().to_string(), model, weights, recipe: None })
}

/// The folder of a trained network: as it is written, or as a hash.
fn zoo_folder(common: &Common, path: &Path) -> anyhow::Result<PathBuf> {
    let of_hash = common.runs.join("networks").join(path);
    let is_hash = path.components().count() == 1;
    match () {
        () if path.is_dir() => Ok(path.into()),
        () if is_hash && of_hash.is_dir() => Ok(of_hash),
        () => Err(slip(format!(
            "{}: no model is there; name the folder of a trained network or its hash, an .onnx file, or a .safetensors, \
             .pt or .pth file",
            path.display()
        ))),
    }
}
