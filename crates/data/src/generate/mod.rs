//! Data drawn from a seed.

mod jump;
mod jump_source;
mod shapes;

#[cfg(test)]
pub(crate) use jump::tests::draw_signals;
pub use jump::{JumpSettings, JumpSignals, Sigma};
pub use jump_source::JumpSource;
pub use shapes::Shape;
