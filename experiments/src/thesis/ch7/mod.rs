//! Chapter 7: what follows from it all.

mod asked;
mod family;
mod questions;
mod shares;
mod stack;
pub mod table;
pub mod unlike;
