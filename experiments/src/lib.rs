//! What the program `vitrine` does, as a library: its commands, and the studies of the thesis.
//!
//! Recipes are trained into a zoo of networks; studies read the zoo, measure, and state findings; figures and tables are
//! drawn from findings.

pub mod cli;
pub mod embed;
pub mod thesis;
