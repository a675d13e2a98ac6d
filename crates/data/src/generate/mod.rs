//! Data drawn from a seed.

mod jump;
mod shapes;

#[cfg(test)]
pub(crate) use jump::tests::draw_signals;
pub use jump::{JumpSettings, JumpSignals, Sigma};
pub use shapes::Shape;
