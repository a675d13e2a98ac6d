//! Arrays in, arrays out: detectors, errors, class means, deviations, embeddings, statistics.

pub mod detectors;
pub mod errors;
pub mod statistics;
