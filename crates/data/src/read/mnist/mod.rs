//! MNIST (LeCun, Cortes, Burges): the original IDX files, gzipped or not, in one folder.

mod fetch;
mod files;
mod set;
mod source;
#[cfg(test)]
pub(crate) mod tests;

pub use fetch::fetch;
pub use files::{FileCheck, NAME, checksums, first_missing};
pub use set::{IMAGE_SHAPE, Mnist, N_DIGITS};
pub use source::MnistSource;
