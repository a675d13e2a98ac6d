//! MODEL on the command line: a file of another framework, or a specification.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use vitrine_model::{NetworkSpec, SpecError};

/// What a network is described by.
#[derive(Clone, Debug)]
pub enum ModelArgument {
    /// An ONNX file.
    Onnx(PathBuf),
    /// A specification, without weights.
    Spec(NetworkSpec),
}

impl FromStr for ModelArgument {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<ModelArgument, SpecError> {
        let path = Path::new(text);
        match path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("onnx")) {
            true => Ok(ModelArgument::Onnx(path.into())),
            false => text.parse().map(ModelArgument::Spec),
        }
    }
}
