//! Chapter 7: what follows from it all.

mod asked;
mod family;
mod l1_by_seed;
mod place;
mod questions;
mod recognised;
mod shares;
mod stack;
mod table;
mod unlike;

use super::context::Section;

/// The sections of the chapter, in their order: a line here makes a section's command, its listing and its tests.
pub const SECTIONS: &[Section] = &[&table::AllDetectors, &unlike::UnlikeSignals];
