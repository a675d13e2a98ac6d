//! Families of networks by their settings, and the strings that write them.
//!
//! ```text
//! mlp:100-100-60               dense layers, widths joined by dashes
//! bottleneck:100-25-2-25-60    the same with one narrowest layer, the code
//! cnn:100,conv5,conv9,60       conv layers by kernel size, then dense widths, joined by commas
//! ```
//! A layer may carry options: an activation, `conv7+relu`, `100+tanh`, or `100+linear` for none; and `100+dropout0.5`.

mod bottleneck;
mod cnn1d;
mod error;
mod layer_configs;
mod mlp;
mod spec;
#[cfg(test)]
mod tests;

pub use bottleneck::BottleneckConfig;
pub use cnn1d::Cnn1dConfig;
pub use error::SpecError;
pub use layer_configs::{ConvConfig, DenseConfig};
pub use mlp::MlpConfig;
pub use spec::{Family, NetworkSpec};
