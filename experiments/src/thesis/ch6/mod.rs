//! Chapter 6: learning against memorising.

pub mod activations;
pub mod corruptions;
mod curves;
pub mod deviations;
mod digit;
mod fitting;
mod measure_charts;
mod measures;
pub mod memorising;
pub mod mnist;
mod pair;
pub mod training_time;
pub mod tsne;
