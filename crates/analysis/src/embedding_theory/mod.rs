//! Can n points in p dimensions be mapped to n classes? (thesis sec. 4.3)
//!
//! `F = [v_1 .. v_n]` takes the unit vector `e_k` to the point `v_k`; its Moore–Penrose inverse leads back, and the
//! embedding succeeds if the largest element of the image of `v_k` is the k-th, for all k. [`OutputLayer`] builds such
//! maps from points and from the codes of a trained bottleneck, [`Construction`] shows the steps, and [`simulate`]
//! estimates how often random points succeed (figures 4.14, 4.15).

mod block;
mod cell;
mod construction;
mod decision;
mod draw;
mod output_layer;
mod screen;
mod separation;
mod simulation;
#[cfg(test)]
mod tests;

pub use cell::{Cell, CellError, TRIALS_PER_BLOCK};
pub use construction::Construction;
pub use draw::PointLaw;
pub use output_layer::{MapKind, OutputLayer, embeds};
pub use separation::{Scheme, Separation};
pub use simulation::{Probability, Stopping, simulate, simulate_while, successes_in_blocks};
