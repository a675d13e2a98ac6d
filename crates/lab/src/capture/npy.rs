//! The header of an `.npy` file, known before its values are.

/// The header of an array `[n_samples, shape]` of little-endian single-precision numbers, row by row (NumPy's format,
/// version 1.0): 64 bytes, or a multiple.
pub fn header(n_samples: usize, shape: &[usize]) -> Vec<u8> {
    header_of("<f4", n_samples, shape)
}

/// The file of labels: whole numbers of eight bytes, `[n_samples]`.
pub fn labels_npy(labels: &[usize]) -> Vec<u8> {
    let mut file = header_of("<i8", labels.len(), &[]);
    file.extend(labels.iter().flat_map(|&label| (label as i64).to_le_bytes()));
    file
}

fn header_of(number: &str, n_samples: usize, shape: &[usize]) -> Vec<u8> {
    /// Magic number, version, and the length of what follows.
    const PREFIX: usize = 10;
    let sizes: String = shape.iter().map(|size| format!(", {size}")).collect();
    let comma = if shape.is_empty() { "," } else { "" };
    let dictionary =
        format!("{{'descr': '{number}', 'fortran_order': False, 'shape': ({n_samples}{sizes}{comma}), }}");
    let length = (PREFIX + dictionary.len() + 1).next_multiple_of(64) - PREFIX;
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    header.extend_from_slice(&(length as u16).to_le_bytes());
    header.extend_from_slice(dictionary.as_bytes());
    header.resize(PREFIX + length - 1, b' ');
    header.push(b'\n');
    header
}
