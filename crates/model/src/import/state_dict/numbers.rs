//! Types of numbers in files, and their values in single precision.

use half::{bf16, f16};

/// A type of little-endian numbers that weights come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    F64,
    F32,
    F16,
    Bf16,
}

impl Numbers {
    /// The values of these bytes; what is left of a last number is not read.
    pub fn values(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            Numbers::F64 => bytes.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b) as f32).collect(),
            Numbers::F32 => bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(),
            Numbers::F16 => bytes.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f32()).collect(),
            Numbers::Bf16 => bytes.as_chunks().0.iter().map(|&b| bf16::from_le_bytes(b).to_f32()).collect(),
        }
    }
}
