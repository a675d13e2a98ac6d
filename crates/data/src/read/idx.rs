//! The IDX format: a magic number, the sizes of the dimensions, then values; numbers are big-endian.
//!
//! The magic number is two zero bytes, the type of the values (8 for unsigned bytes, the only one read here) and the
//! number of dimensions.

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
        if self.body.len() as u64 == length {
            return Ok(self.body);
        }
        let header = (self.bytes.len() - self.body.len()) as u64;
        Err(DataError::Size {
            path: self.path.into(),
            expected: length.saturating_add(header),
            found: self.bytes.len() as u64,
        })
    }
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
    fn sizes_whose_product_no_number_holds_are_an_error_and_no_panic() {
        let bytes = [&[0, 0, 8, 3][..], &[0xff; 12]].concat();
        let idx: Idx<'_, 3> = Idx::read(Path::new("file"), &bytes, "numbers").unwrap();
        assert!(idx.values().unwrap_err().to_string().contains("but there are 16"));
    }
}
