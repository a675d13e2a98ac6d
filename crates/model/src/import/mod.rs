//! Networks from elsewhere.

mod compare;
mod error;
mod onnx;
mod state_dict;
mod whole;

pub use compare::Difference;
pub use error::ImportError;
pub use state_dict::{MatchedBy, Matching, StateDict, StateDictError};
pub use whole::{FileInput, Imported};
