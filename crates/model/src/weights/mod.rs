//! What a network has learnt, as plain arrays: drawn on the host, handed to a device, kept as safetensors.

mod arrays;
mod file;
mod init;
#[cfg(test)]
mod tests;

pub use arrays::{WeightArray, Weights};
pub(crate) use file::{RawTensor, serialise};
pub use init::Init;
