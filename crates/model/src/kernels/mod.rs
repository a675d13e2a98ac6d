//! The inner loops of the engines on the processor: products of matrices, element-wise passes, windows over images. Each
//! is compiled for several instruction sets, and the widest is chosen at run time.

pub mod aligned;
pub mod elementwise;
pub mod finish;
pub mod lanes;
mod large;
pub mod matrix;
pub mod plane;
pub mod product;
pub mod small;
pub mod windows;
