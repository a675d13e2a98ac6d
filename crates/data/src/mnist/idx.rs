//! The IDX format: a magic number, the sizes of the dimensions, then bytes; numbers are big-endian.

use std::path::Path;

use super::{N_DIGITS, N_PIXELS};
use crate::DataError;

const IMAGES: u32 = 0x0803;
const LABELS: u32 = 0x0801;

/// The pixels of a file of 28 × 28 images, 784 bytes an image.
pub fn images<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a [u8], DataError> {
    let ([count, rows, columns], body) = dissect(path, bytes, IMAGES, "images")?;
    if (rows, columns) != (28, 28) {
        return Err(DataError::ImageSize { path: path.into(), rows, columns });
    }
    whole(path, bytes, body, u64::from(count) * N_PIXELS as u64)
}

/// The labels of a file of labels, each below 10.
pub fn labels(path: &Path, bytes: &[u8]) -> Result<Vec<usize>, DataError> {
    let ([count], body) = dissect(path, bytes, LABELS, "labels")?;
    let labels = whole(path, bytes, body, u64::from(count))?;
    match labels.iter().position(|&label| N_DIGITS <= usize::from(label)) {
        Some(sample) => Err(DataError::Label { path: path.into(), sample, label: labels[sample] }),
        None => Ok(labels.iter().map(|&label| usize::from(label)).collect()),
    }
}

/// The sizes of the `N` dimensions, and what follows them.
fn dissect<'a, const N: usize>(
    path: &Path,
    bytes: &'a [u8],
    magic: u32,
    what: &'static str,
) -> Result<([u32; N], &'a [u8]), DataError> {
    let too_short = || DataError::Header { path: path.into(), what, found: bytes.len() };
    let (found, mut rest) = split_number(bytes).ok_or_else(too_short)?;
    if found != magic {
        return Err(DataError::Magic { path: path.into(), what, expected: magic, found });
    }
    let mut sizes = [0; N];
    for size in &mut sizes {
        (*size, rest) = split_number(rest).ok_or_else(too_short)?;
    }
    Ok((sizes, rest))
}

fn split_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*number), rest))
}

/// The body, if it is as long as the header says.
fn whole<'a>(path: &Path, bytes: &[u8], body: &'a [u8], length: u64) -> Result<&'a [u8], DataError> {
    if body.len() as u64 == length {
        return Ok(body);
    }
    let header = bytes.len() - body.len();
    Err(DataError::Size { path: path.into(), expected: header as u64 + length, found: bytes.len() as u64 })
}
