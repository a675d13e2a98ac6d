//! The zoo: trained networks by the hash of their recipe, loaded where they are there, trained where not.
//!
//! It is the only place that schedules training. Two processes may share one zoo: a network is trained under
//! a file lock, and its folder appears whole by a rename.

mod cache;
mod data;
mod keeper;
mod open;
mod partial;
mod stacked;
mod start;
mod store;
mod train;
mod trained;
mod workshop;

pub use keeper::Zoo;
pub use open::open_network;
pub use trained::TrainedNetwork;
pub use workshop::Workshop;
