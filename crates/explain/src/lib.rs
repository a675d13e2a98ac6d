#![doc = include_str!("../README.md")]

pub mod ascent;
mod error;
pub mod fooling;
mod inputs;
#[cfg(test)]
mod testing;
mod units;

pub use error::ExplainError;
pub use units::{Stage, logit, probabilities, probability, unit};
