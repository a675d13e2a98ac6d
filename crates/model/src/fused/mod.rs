//! The fast CPU engine: backpropagation as matrix products and element-wise passes over buffers made once.
//!
//! Of a layer `z = x Wᵀ + b`, `a = f(z)` with loss gradient `∂a`: `∂z = ∂a ⊙ f'(z)`, `∂W = ∂zᵀ x`, `∂x = ∂z W`.

mod backpropagation;
mod conv;
mod dense;
mod engine;
mod evaluation;
mod finish;
mod kernels;
mod large;
mod layer;
mod loss;
mod matrix;
mod model;
mod network;
mod parameters;
mod product;
#[cfg(test)]
#[path = "../../tests/common/reference.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod reference;
mod rows;
mod small;
#[cfg(test)]
mod tests;

pub(crate) use engine::FusedEngine;
pub use model::FusedModel;
