#![doc = include_str!("../README.md")]

mod corruption;
mod dataset;
mod error;
mod folders;
mod generate;
mod growing_file;
mod no_fields;
mod read;
mod regular_file;
mod settings;
mod source;
mod sources;
mod split;
mod streams;
mod tree;
mod whole_file;

pub use corruption::Corruption;
pub use dataset::Dataset;
pub use error::DataError;
pub use folders::Folders;
pub use generate::{JumpSettings, JumpSignals, Shape, Sigma};
pub use growing_file::GrowingFile;
pub use no_fields::no_fields;
pub use read::mnist;
pub use regular_file::read_regular;
pub use settings::DataSettings;
pub use source::{Loaded, Source};
pub use sources::*;
pub use split::Split;
pub use streams::Streams;
pub use tree::Tree;
