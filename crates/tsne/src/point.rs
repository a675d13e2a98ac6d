//! Where a row of the data lies in the embedding.

/// A point of the plane.
pub type Point = [f32; 2];
