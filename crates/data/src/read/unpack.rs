//! Files that may be packed with gzip, read no further than their header promises.

use std::io::{self, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::idx::{MAX_HEADER, promised_length};
use crate::error::DataError;
use crate::regular_file::open_regular;

/// The content of the IDX file `folder/name`, or of `folder/name.gz`, unpacked, with the path that was read.
///
/// A plain name may hold gzip too, which is told by its first two bytes, 0x1f 0x8b. One byte more than the header
/// promises is read at most, which tells that there are too many: a small gzip file can hold any number.
///
/// # Errors
/// [`DataError::Missing`], of the source `data`, where neither is there; what the system or the decoder said; a pipe or
/// folder in the place of a file; more than `max_bytes`.
pub fn read_unpacked(
    data: &'static str,
    folder: &Path,
    name: &str,
    max_bytes: u64,
) -> Result<(PathBuf, Vec<u8>), DataError> {
    let plain = folder.join(name);
    for (path, must_be_gzip) in [(plain.clone(), false), (packed(folder, name), true)] {
        let file = match open_regular(&path) {
            Ok(file) => file,
            Err(DataError::Io { reason, .. }) if reason.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let (is_gzip, file) = peek(file).map_err(|error| DataError::io(&path, error))?;
        let content = if must_be_gzip || is_gzip {
            read_promised(MultiGzDecoder::new(file), max_bytes)
                .map_err(|error| DataError::Gzip { path: path.clone(), reason: error.to_string() })?
        } else {
            read_promised(file, max_bytes).map_err(|error| DataError::io(&path, error))?
        };
        if max_bytes < content.len() as u64 {
            return Err(DataError::TooLong { path, max_bytes });
        }
        return Ok((path, content));
    }
    Err(DataError::Missing { data, path: plain })
}

/// The path of a file packed.
pub fn packed(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.gz"))
}

/// The content of a gzip file with an IDX file in it, as far as [`read_unpacked`] reads.
pub fn unpack(bytes: &[u8], max_bytes: u64) -> io::Result<Vec<u8>> {
    read_promised(MultiGzDecoder::new(bytes), max_bytes)
}

/// Whether it starts as gzip does; and all of it.
fn peek(mut file: impl Read) -> io::Result<(bool, impl Read)> {
    let mut start = Vec::new();
    file.by_ref().take(2).read_to_end(&mut start)?;
    Ok((start == [0x1f, 0x8b], Cursor::new(start).chain(file)))
}

/// The header and what it promises, but no more than `max_bytes`; and one byte more, where there is one.
fn read_promised(mut file: impl Read, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.by_ref().take(MAX_HEADER as u64).read_to_end(&mut content)?;
    let wanted = promised_length(&content).min(max_bytes).saturating_add(1);
    file.take(wanted.saturating_sub(content.len() as u64)).read_to_end(&mut content)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::io::repeat;

    use super::*;

    #[test]
    fn no_more_is_read_than_a_byte_beyond_the_promise_or_the_bound() {
        let length = |file: &mut dyn Read| read_promised(file, 1_000).unwrap().len();
        let idx = |n: u32| Cursor::new([&[0, 0, 8, 1][..], &n.to_be_bytes()].concat()).chain(repeat(7));
        assert_eq!(length(&mut idx(20)), 8 + 20 + 1);
        assert_eq!(length(&mut idx(u32::MAX)), 1_001);
        assert_eq!(length(&mut repeat(7)), MAX_HEADER + 1);
    }
}
