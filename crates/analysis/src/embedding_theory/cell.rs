//! One point of figure 4.14 or 4.15: what is simulated, and why it may not be.

use serde::{Deserialize, Serialize};

use super::draw::PointLaw;
use super::output_layer::MapKind;
use super::separation::Separation;

/// Trials that share one random stream.
pub const TRIALS_PER_BLOCK: u64 = 4_096;

/// What is simulated: one point of figure 4.14 or 4.15.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Dimension of the bottleneck.
    pub p: usize,
    /// Number of points, one per class.
    pub n: usize,
    /// Where the points come from.
    pub points: PointLaw,
    /// The map that is to embed them.
    pub map: MapKind,
    /// A distance that the points keep from each other.
    pub separation: Option<Separation>,
}

/// A cell that cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CellError {
    /// A dimension or number of points that means nothing.
    #[error("an embedding of {n} points in {p} dimensions: at least 1 dimension and 2 points are needed")]
    Empty {
        /// Number of points.
        n: usize,
        /// Dimension.
        p: usize,
    },
    /// A distance that is not a number from 0 on.
    #[error("separation.distance = {0}: must be a number, 0 or more")]
    Distance(f64),
    /// The caller broke the simulation off.
    #[error("broken off before enough trials were made")]
    BrokenOff,
    /// So few sets keep the distance that drawing them does not end.
    #[error("separation.distance = {distance}: {n} points in {p} dimensions hardly ever lie that far apart")]
    OutOfReach {
        /// Number of points.
        n: usize,
        /// Dimension.
        p: usize,
        /// The distance asked for.
        distance: f64,
    },
}
