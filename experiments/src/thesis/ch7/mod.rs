//! Chapter 7: what follows from it all.

mod asked;
mod family;
mod questions;
mod shares;
mod stack;
mod table;
mod unlike;

use super::context::Section;

/// The sections of the chapter, in their order: a line here makes a section's command, its listing and its tests.
pub const SECTIONS: &[Section] = &[&table::AllDetectors, &unlike::UnlikeSignals];
