//! Filters as values: what they do to a signal, to its noise, and what kind they are (thesis sec. 3.2.2 and 3.4).
//!
//! A filter here is a true convolution, as in eq. 3.2 and 3.8: `y(i) = Σ_k φ(k) x(i − k)`. Networks cross-correlate
//! instead; [`Filter::from_kernel`] flips their kernels.

mod filter;
mod kind;
mod padding;
mod parts;
#[cfg(test)]
mod tests;

pub use filter::Filter;
pub use kind::{FilterKind, FilterRule};
pub use padding::Padding;
pub use parts::FilterParts;
