//! Gradient ascent on the input: what makes a unit of a trained network respond (thesis ch. 5).
//!
//! Many rows climb at once, each with an objective of its own. They are computed in parties that fit the cache, on all
//! cores; what has ended leaves them. A row's sums do not depend on its neighbours, so that it ends in the same bits
//! alone, in a batch, and on any number of threads.

mod climb;
mod climber;
mod ending;
mod regulariser;
mod settings;
mod start;
#[cfg(test)]
mod tests;
mod total_variation;

pub use climb::Ascended;
pub use ending::Ending;
pub use regulariser::Regulariser;
pub use settings::{Ascent, Normalise};
pub use start::Start;
