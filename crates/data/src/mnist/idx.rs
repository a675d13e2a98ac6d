//! The IDX format: a magic number, the sizes of the dimensions, then bytes; numbers are big-endian.

use std::path::Path;

use super::{N_DIGITS, N_PIXELS};
use crate::DataError;

const IMAGES: u32 = 0x0803;
const LABELS: u32 = 0x0801;

/// The pixels of a file of 28 × 28 images, 784 bytes an image.
pub fn images<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a [u8], DataError> {
    check_magic(path, bytes, IMAGES, "images")?;
    let (count, rows, columns) = (
        number(path, bytes, 1)?,
        number(path, bytes, 2)?,
        number(path, bytes, 3)?,
    );
    if (rows, columns) != (28, 28) {
        return Err(DataError::ImageSize {
            path: path.into(),
            rows,
            columns,
        });
    }
    body(path, bytes, 16, u64::from(count) * N_PIXELS as u64)
}

/// The labels of a file of labels, each below 10.
pub fn labels(path: &Path, bytes: &[u8]) -> Result<Vec<usize>, DataError> {
    check_magic(path, bytes, LABELS, "labels")?;
    let count = number(path, bytes, 1)?;
    let body = body(path, bytes, 8, u64::from(count))?;
    match body.iter().position(|&label| N_DIGITS <= usize::from(label)) {
        Some(sample) => Err(DataError::Label {
            path: path.into(),
            sample,
            label: body[sample],
        }),
        None => Ok(body.iter().map(|&label| usize::from(label)).collect()),
    }
}

fn check_magic(path: &Path, bytes: &[u8], expected: u32, what: &'static str) -> Result<(), DataError> {
    let found = number(path, bytes, 0)?;
    if found == expected {
        Ok(())
    } else {
        Err(DataError::Magic {
            path: path.into(),
            what,
            expected,
            found,
        })
    }
}

/// The header's number at that place.
fn number(path: &Path, bytes: &[u8], place: usize) -> Result<u32, DataError> {
    let end = 4 * (place + 1);
    match bytes.get(end - 4..end) {
        Some(&[a, b, c, d]) => Ok(u32::from_be_bytes([a, b, c, d])),
        _ => Err(DataError::Size {
            path: path.into(),
            expected: end as u64,
            found: bytes.len() as u64,
        }),
    }
}

/// What follows the header, if it is as long as the header says.
fn body<'a>(path: &Path, bytes: &'a [u8], header: usize, length: u64) -> Result<&'a [u8], DataError> {
    let (expected, found) = (header as u64 + length, bytes.len() as u64);
    if expected == found {
        Ok(&bytes[header..])
    } else {
        Err(DataError::Size {
            path: path.into(),
            expected,
            found,
        })
    }
}
