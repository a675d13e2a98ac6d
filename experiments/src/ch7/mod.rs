//! Chapter 7: what follows from it all.

mod family;
mod shares;
pub mod table;
pub mod unlike;
