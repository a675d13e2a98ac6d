#![doc = include_str!("../README.md")]

pub mod class_means;
pub mod curves;
pub mod detectors;
pub mod deviations;
pub mod embedding_theory;
pub mod errors;
pub mod filters;
pub mod first_difference;
pub mod profiles;
pub mod pseudo_inverse;
pub mod smoothness;
pub mod statistics;
pub mod unit_activity;

#[cfg(test)]
mod reference;
