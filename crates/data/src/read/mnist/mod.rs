//! MNIST (LeCun, Cortes, Burges): the original IDX files, gzipped or not, in one folder.

mod fetch;
mod files;
mod set;
#[cfg(test)]
pub(crate) mod tests;

pub use fetch::fetch;
pub(crate) use files::{FILES, places};
pub use files::{FileCheck, NAME, checksums, first_missing};
pub(crate) use set::content_in;
pub use set::{IMAGE_SHAPE, Mnist, N_DIGITS};
