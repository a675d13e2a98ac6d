//! Any graph on any device: the forward pass that the fast engines are tested against, with taps, gradients by
//! automatic differentiation, and training.
//!
//! A layer of a new kind is an op in `graph/op.rs` and its form in `forward.rs`, an activation one in
//! `graph/activation.rs` and its form in `activation.rs`: nothing else changes for them to train, to be tapped and to
//! have gradients.

mod activation;
mod batch_norm;
mod burn_face;
mod engine;
mod forward;
mod model;
mod module;
mod parameter;
mod spatial;
mod tensor;
mod value;

pub(crate) use activation::activate;
pub(crate) use engine::GeneralEngine;
pub use model::GeneralModel;
pub(crate) use model::chunk;
pub use module::GraphModule;
