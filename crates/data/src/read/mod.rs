//! Data read from files.

mod content;
mod idx;
pub mod mnist;
mod unpack;
