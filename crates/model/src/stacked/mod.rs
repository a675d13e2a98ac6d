//! Many networks of one shape trained as one: each tensor has the network as its first axis.
//!
//! A small network leaves a GPU idle between launches; a stack of K networks does K times the work in as many. Data
//! stay on the device, and nothing is read back within an epoch. Every network has its own data, initial weights and
//! order of samples, from the same streams as when it is trained alone, and its own early stopping: one that is done is
//! read out, its place runs on unread, and once half the places are done the stack is packed anew.

mod fit;
mod network;
mod replicas;
mod sets;
#[cfg(test)]
mod tests;

pub use fit::{Member, fit_stacked};
