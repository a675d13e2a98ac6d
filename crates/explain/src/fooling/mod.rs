//! The smallest change of an input that moves a network's answer.
//!
//! DeepFool (Moosavi-Dezfooli et al. 2016): step to the nearest class boundary of the network linearised here, until
//! the answer has moved; then go back along the whole change as far as it stays moved. Exact for a network of one
//! layer and neighbouring answers, an upper bound of the smallest change otherwise.

mod norm;
mod probe;
mod search;
mod settings;
mod step;
#[cfg(test)]
mod tests;

pub use norm::Norm;
pub use search::Fooled;
pub use settings::Fooling;
