//! Networks from elsewhere.

mod compare;
mod error;
mod file_input;
mod onnx;
mod state_dict;
mod whole;

pub use compare::Difference;
pub use error::ImportError;
pub use file_input::FileInput;
pub use state_dict::{MatchedBy, Matching, StateDict, StateDictError};
pub use whole::Imported;
