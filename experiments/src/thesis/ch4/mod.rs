//! Chapter 4: bottlenecks, from pictures to theory.

pub mod activations;
mod bottlenecks;
mod cells;
pub mod codes;
pub mod curves;
pub mod dead_units;
pub mod embedding;
pub mod errors;
pub mod output_layer;
pub mod toy;
