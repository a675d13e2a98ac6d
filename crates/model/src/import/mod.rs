//! Networks from elsewhere.

mod compare;
mod error;
mod onnx;
mod state_dict;
mod stored;
mod whole;

pub use compare::Difference;
pub use error::ImportError;
pub use state_dict::{MatchedBy, Matching, StateDict, StateDictError};
pub use stored::stored_arrays;
pub use whole::{FileInput, Imported};
