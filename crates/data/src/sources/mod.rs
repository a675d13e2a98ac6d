//! The sources there are, a file for each; this is their list.

mod jump;
mod mnist;

use serde::{Deserialize, Serialize};

pub use self::jump::JumpSource;
pub use self::mnist::MnistSource;
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
}
