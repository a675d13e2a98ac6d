//! The report: one HTML file, pictures within, and its summary for machines, from the run folders alone.

mod agreement;
mod anchors;
mod book;
mod claims;
mod figure;
mod html;
mod page;
mod picture;
mod run;
mod section;
mod settings;
mod summary;
mod write;

pub use book::{Book, Page};
pub use summary::{Results, StudySummary, Summary};
pub use write::{Written, write};
