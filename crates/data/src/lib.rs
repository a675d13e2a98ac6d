//! Labelled arrays: jump signals, MNIST, label noise, and the named random streams they are drawn from.

mod corruption;
mod dataset;
mod error;
mod jump;
pub mod mnist;
mod settings;
mod streams;
mod unlike;

pub use corruption::Corruption;
pub use dataset::{Dataset, Split};
pub use error::DataError;
pub use jump::{JumpSettings, JumpSignals, Sigma};
pub use settings::DataSettings;
pub use streams::Streams;
pub use unlike::Shape;
