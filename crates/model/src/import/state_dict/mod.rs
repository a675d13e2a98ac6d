//! Weights that PyTorch trained: a state_dict in a `.safetensors`, `.pt` or `.pth` file, for a network that is described
//! by its specification.

mod error;
mod matching;
mod numbers;
mod order;
mod pytorch;
mod read;
mod safetensors_file;
mod signature;
mod stored;
#[cfg(test)]
mod tests;

pub use error::StateDictError;
pub use matching::{MatchedBy, Matching};
pub use read::StateDict;
