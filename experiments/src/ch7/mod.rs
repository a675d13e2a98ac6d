//! Chapter 7: what follows from it all.

mod family;
mod shares;
pub mod table;
pub mod unlike;

/// The bottlenecks of table 7.1, shallow ones first.
pub const BOTTLENECKS: [&str; 6] = [
    "bottleneck:100-10-60",
    "bottleneck:100-4-60",
    "bottleneck:100-2-60",
    "bottleneck:100-25-10-25-60",
    "bottleneck:100-25-4-25-60",
    "bottleneck:100-25-2-25-60",
];
