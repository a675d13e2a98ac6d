//! What every node of a model computes for a whole set, written down batch by batch: no more than a batch is held,
//! however large the set.

mod archive;
mod files;
mod folder;
mod npy;
mod pack;
#[cfg(test)]
mod tests;

pub use archive::{ArchiveKind, capture_to_archive};
pub use files::Captured;
pub use folder::{CaptureEnd, capture_to_folder};
pub use npy::labels_npy;
pub use pack::Source;
