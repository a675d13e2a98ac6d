//! Families of networks by their settings, and the strings that write them.
//!
//! ```text
//! mlp:100-100-60                                            dense layers, widths joined by dashes
//! bottleneck:100-25-2-25-60                                 the same with one narrowest layer, the code
//! cnn:100,conv5,conv9,60                                    filters along a signal, then dense widths
//! cnn:1x28x28,conv5x5x6,pool2,conv5x5x16,pool2,120,84,10    over channels: LeNet-5
//! cnn:3x32x32,conv3x3x16+same+bn,res3x3x16+bn,gap,10        with a residual block
//! ```
//! A layer may carry options, each after a plus: an activation, `conv7+relu`, `100+tanh`, or `100+linear` for none;
//! `+dropout0.5`; `+bn` for batch normalisation, before the activation. Over channels a conv layer is written
//! `conv5x5x6`, rows, columns and filters, on signals `conv7x16`; it has `+stride2`, `+same` or `+pad1`, and `+nobias`, and
//! stays inside its input where no padding is said. `pool2` takes the largest value of windows side by side,
//! `pool3+stride2+pad1` of others, `avgpool2` the mean, `gap` the mean of each channel. `res3x3x64+stride2+bn` is two conv
//! layers with a way around them, and `res100` two dense ones (He et al. 2016). The ReLU follows where no activation is
//! said, but after the single filters of `cnn:100,conv5,60`, which nothing follows.

mod bottleneck;
mod cnn;
mod cnn1d;
mod cnn_layers;
mod dense;
mod error;
mod filters;
mod mlp;
mod one_filter;
mod options;
mod pool;
mod sizes;
mod spec;
#[cfg(test)]
mod tests;

pub use bottleneck::BottleneckConfig;
pub use cnn::CnnConfig;
pub use cnn_layers::CnnLayer;
pub use cnn1d::Cnn1dConfig;
pub use dense::DenseConfig;
pub use error::SpecError;
pub use filters::FiltersConfig;
pub use mlp::MlpConfig;
pub use one_filter::ConvConfig;
pub use options::Padding;
pub use pool::PoolConfig;
pub use spec::{Family, NetworkSpec};
