//! Data read from files.

pub mod array;
pub mod bounds;
pub mod content;
mod idx;
pub mod idx_family;
mod image;
pub mod image_folder;
pub mod mnist;
pub mod series;
pub mod shown;
pub mod table;
mod unpack;
