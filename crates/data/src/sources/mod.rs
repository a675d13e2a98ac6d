//! The sources there are, a file for each; this is their list.

mod array_names;
mod arrays;
mod class_names;
mod idx;
mod images;
mod jump;
mod mnist;
mod n_train;
mod series;
mod table;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::array_names::ArrayNames;
pub use self::arrays::ArraysSource;
pub use self::class_names::{ClassNames, KnownNames};
pub use self::idx::IdxSource;
pub use self::images::ImagesSource;
pub use self::jump::JumpSource;
pub use self::mnist::MnistSource;
pub use self::series::SeriesSource;
pub use self::table::{Column, TableSource};
use crate::source::Source;

/// The enum of sources from a line for each, so that a new one is that line and its own file.
macro_rules! sources {
    ($($(#[$doc:meta])* $kind:ident($settings:ty),)+) => {
        /// One of the sources there are; in a recipe `kind = "jump"` and so on, with the settings of the source.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum AnySource {
            $($(#[$doc])* $kind($settings),)+
        }

        impl AnySource {
            pub(crate) fn as_source(&self) -> &dyn Source {
                match self {
                    $(AnySource::$kind(source) => source,)+
                }
            }

            pub(crate) fn as_source_mut(&mut self) -> &mut dyn Source {
                match self {
                    $(AnySource::$kind(source) => source,)+
                }
            }
        }

        $(impl From<$settings> for AnySource {
            fn from(source: $settings) -> AnySource {
                AnySource::$kind(source)
            }
        })+
    };
}

sources! {
    /// Drawn signals with one jump.
    Jump(JumpSource),
    /// Handwritten digits.
    Mnist(MnistSource),
    /// A table of numbers with a column of labels.
    Table(TableSource),
    /// Arrays, as NumPy and PyTorch write them.
    Arrays(ArraysSource),
    /// Images of the MNIST family.
    Idx(IdxSource),
    /// Time series.
    Series(SeriesSource),
    /// A folder of images for each class.
    Images(ImagesSource),
}
