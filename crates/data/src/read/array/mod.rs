//! Arrays of numbers as NumPy and PyTorch write them: `.npy`, `.npz`, `.safetensors`.

mod file;
mod npy;
mod npz;
mod number;
mod raw;
mod tensors;
#[cfg(test)]
mod tests;

pub use file::ArrayFile;
