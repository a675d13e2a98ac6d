//! Arrays of numbers as NumPy and PyTorch write them: `.npy`, `.npz`, `.safetensors`.

mod all;
mod file;
mod npy;
mod npz;
mod number;
mod raw;
mod tensors;
#[cfg(test)]
mod tests;

pub use all::read_arrays;
pub use file::ArrayFile;
