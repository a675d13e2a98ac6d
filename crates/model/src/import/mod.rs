//! Networks from elsewhere.

mod compare;
mod error;
mod onnx;
mod stored;
mod whole;

pub use compare::Difference;
pub use error::ImportError;
pub use stored::stored_arrays;
pub use whole::{FileInput, Imported};
