//! What `describe` is asked about: a model with weights, or a specification.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use vitrine_model::{NetworkSpec, SpecError, StateDict};

/// What a network is described by.
#[derive(Clone, Debug)]
pub enum ModelArgument {
    /// An ONNX file.
    Onnx(PathBuf),
    /// The folder of a trained network, or weights that PyTorch saved.
    Weights(String),
    /// A specification, without weights.
    Spec(NetworkSpec),
}

impl FromStr for ModelArgument {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<ModelArgument, SpecError> {
        let path = Path::new(text);
        let is_onnx = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("onnx"));
        // A specification has a colon; what has none names something that is there.
        match () {
            () if is_onnx => Ok(ModelArgument::Onnx(path.into())),
            () if StateDict::is_one(path) || path.is_dir() || is_hash(text) => {
                Ok(ModelArgument::Weights(text.into()))
            }
            () => text.parse().map(ModelArgument::Spec),
        }
    }
}

/// Whether it is written as the hash of a trained network.
fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.chars().all(|c| c.is_ascii_hexdigit())
}
