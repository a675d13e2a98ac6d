//! ONNX files (opset 6 to 24): bytes, decoded by `rten-onnx`; operators, translated one by one into nodes of a graph.
//!
//! Axis 0 of the inputs is that of the samples. Where a file knows a fixed number of samples alone, a graph of one is
//! made of it all the same; and where one of its nodes mixes them, all that the file calls its input is one sample.

mod arrange;
mod attributes;
mod conv;
mod elementwise;
mod files;
mod fold;
mod guard;
mod join;
mod known;
mod linear;
mod normalise;
mod operators;
mod places;
mod read;
mod reduce;
mod reshape;
mod translation;
mod value;
mod wholes;
mod wrong;

pub(super) use read::{Parts, from_bytes};
