//! Values and gradients of any graph on the processor, node by node, in plain arrays: what networks from elsewhere spend
//! their time on has kernels of its own, and all else is computed by burn.
//!
//! Every kernel sums the values of a sample in an order that neither the other samples nor the threads decide.

mod batch_norm;
mod concat;
mod conv;
mod conv_back;
mod elementwise;
mod gradient;
mod lowering;
mod model;
mod pass;
mod plan;
mod pool;
mod room;
mod shares;
mod step;
mod strided;

pub use model::NativeModel;
