//! Networks for other programs.

mod onnx;
mod operators;
mod protobuf;
#[cfg(test)]
mod tests;

pub use onnx::to_onnx;
