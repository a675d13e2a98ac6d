//! The fast CPU engine: backpropagation as matrix products and element-wise passes over buffers made once.
//!
//! Of a layer `z = x Wᵀ + b`, `a = f(z)` with loss gradient `∂a`: `∂z = ∂a ⊙ f'(z)`, `∂W = ∂zᵀ x`, `∂x = ∂z W`.
//! Filters over channels and pools are computed of many samples at once, each in a lane of a vector (`layout`).

mod average_pool;
mod backpropagation;
mod blocks;
#[cfg(test)]
#[path = "../../tests/common/channels.rs"]
mod channels;
mod conv;
mod correlation;
mod dense;
mod engine;
mod evaluation;
mod filter_gradient;
mod filters;
mod layer;
mod layout;
mod loss;
mod max_pool;
mod model;
mod network;
mod padding;
mod parameters;
mod pool;
#[cfg(test)]
#[path = "../../tests/common/reference.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod reference;
mod rows;
mod spread;
mod sweep;
#[cfg(test)]
mod tests;
mod workspace;

pub(crate) use engine::FusedEngine;
pub use model::FusedModel;
