//! The IDX format: a magic number, the sizes of the dimensions, then values; numbers are big-endian.
//!
//! The magic number is two zero bytes, the type of the values (8 for unsigned bytes, the only one read here) and the
//! number of dimensions.

use std::cmp::Ordering;
use std::path::Path;

use crate::error::DataError;

/// A file of unsigned bytes in `N` dimensions, its header read.
#[derive(Debug)]
pub struct Idx<'a, const N: usize> {
    /// The sizes of the dimensions, the slowest first.
    pub sizes: [u32; N],
    path: &'a Path,
    bytes: &'a [u8],
    body: &'a [u8],
}

impl<'a, const N: usize> Idx<'a, N> {
    /// Reads the header of a file of `what`, whose content is `bytes`; the path is for errors.
    ///
    /// # Errors
    /// A file that ends within its header, or starts with another magic number.
    pub fn read(path: &'a Path, bytes: &'a [u8], what: &'static str) -> Result<Self, DataError> {
        let too_short = || DataError::Header { path: path.into(), what, found: bytes.len() };
        let (found, mut body) = split_number(bytes).ok_or_else(too_short)?;
        let expected = 0x0800 | N as u32;
        if found != expected {
            return Err(DataError::Magic { path: path.into(), what, expected, found });
        }
        let mut sizes = [0; N];
        for size in &mut sizes {
            (*size, body) = split_number(body).ok_or_else(too_short)?;
        }
        Ok(Idx { sizes, path, bytes, body })
    }

    /// The values, the last dimension fastest.
    ///
    /// # Errors
    /// More or fewer of them than the header says.
    pub fn values(&self) -> Result<&'a [u8], DataError> {
        let length = self.sizes.iter().fold(1, |product: u64, &size| product.saturating_mul(size.into()));
        let path = || self.path.into();
        let found = self.bytes.len() as u64;
        let expected = length.saturating_add((self.bytes.len() - self.body.len()) as u64);
        match found.cmp(&expected) {
            Ordering::Equal => Ok(self.body),
            Ordering::Less => Err(DataError::Shorter { path: path(), expected, found }),
            Ordering::Greater => Err(DataError::Longer { path: path(), expected }),
        }
    }
}

/// Bytes that the longest header read here may have: of three dimensions.
pub const MAX_HEADER: usize = 16;

/// How many bytes a file has that starts so, by its own header; of what is no IDX file, as many as there are.
pub fn promised_length(start: &[u8]) -> u64 {
    let [0, 0, 8, n_dimensions @ 1..=3, sizes @ ..] = start else { return start.len() as u64 };
    let n_dimensions = usize::from(*n_dimensions);
    let sizes = sizes.as_chunks().0.iter().take(n_dimensions).map(|&size| u32::from_be_bytes(size));
    let n_values = sizes.fold(1, |product: u64, size| product.saturating_mul(size.into()));
    n_values.saturating_add(4 + 4 * n_dimensions as u64)
}

fn split_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_follow_the_sizes_that_the_header_states() {
        let bytes = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
        let idx: Idx<'_, 2> = Idx::read(Path::new("file"), &bytes, "numbers").unwrap();
        assert_eq!((idx.sizes, idx.values().unwrap()), ([2, 3], &[1, 2, 3, 4, 5, 6][..]));
    }

    #[test]
    fn a_header_promises_its_own_length_and_its_values() {
        assert_eq!(promised_length(&[0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9]), 12 + 6);
        assert_eq!(promised_length(&[&[0, 0, 8, 3][..], &[0xff; 12]].concat()), u64::MAX);
        assert_eq!([promised_length(b"<html>"), promised_length(b"")], [6, 0]);
    }

    #[test]
    fn sizes_whose_product_no_number_holds_are_an_error_and_no_panic() {
        let bytes = [&[0, 0, 8, 3][..], &[0xff; 12]].concat();
        let idx: Idx<'_, 3> = Idx::read(Path::new("file"), &bytes, "numbers").unwrap();
        assert!(idx.values().unwrap_err().to_string().contains("but there are 16"));
    }
}
