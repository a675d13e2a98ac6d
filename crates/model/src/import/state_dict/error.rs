//! Why a file gives a network no weights.

use std::path::PathBuf;

use vitrine_data::DataError;

/// A file whose arrays are not read, or are those of another network.
#[derive(Debug, thiserror::Error)]
pub enum StateDictError {
    /// A file that is not there or cannot be read.
    #[error(transparent)]
    File(#[from] DataError),
    /// A file of another kind.
    #[error("{}: the weights of a network are read from .safetensors, .pt and .pth files", path.display())]
    Kind {
        /// The file.
        path: PathBuf,
    },
    /// A file that does not hold what its kind does.
    #[error("{}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        reason: String,
    },
    /// Arrays of another network: both sides, line by line.
    #[error("{}: its arrays are not those of the network{hint}\n{table}", path.display())]
    Mismatch {
        /// The file.
        path: PathBuf,
        /// What may help.
        hint: String,
        /// The network's parameters beside the file's arrays.
        table: String,
    },
    /// An array that holds what is no finite number.
    #[error("{}: {name} holds {value}", path.display())]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// The array.
        name: String,
        /// The value found.
        value: f32,
    },
}
