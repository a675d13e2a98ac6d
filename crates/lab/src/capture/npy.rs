//! The header of an `.npy` file, known before its values are.

/// The header of an array `[n_samples, shape]` of little-endian single-precision numbers, row by row (NumPy's format,
/// version 1.0): 64 bytes, or a multiple.
pub fn header(n_samples: usize, shape: &[usize]) -> Vec<u8> {
    /// Magic number, version, and the length of what follows.
    const PREFIX: usize = 10;
    let sizes: String = shape.iter().map(|size| format!(", {size}")).collect();
    let comma = if shape.is_empty() { "," } else { "" };
    let dictionary =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({n_samples}{sizes}{comma}), }}");
    let length = (PREFIX + dictionary.len() + 1).next_multiple_of(64) - PREFIX;
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    header.extend_from_slice(&(length as u16).to_le_bytes());
    header.extend_from_slice(dictionary.as_bytes());
    header.resize(PREFIX + length - 1, b' ');
    header.push(b'\n');
    header
}
