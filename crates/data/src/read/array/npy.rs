//! NumPy's `.npy`: a magic string, a version, the length of a header, a Python dictionary, then the values.
//!
//! R. Kern, "A simple file format for NumPy arrays", NEP 1; versions 1 to 3 are read.

use std::borrow::Cow;
use std::path::Path;

use super::number::Number;
use super::raw::RawArray;
use crate::error::DataError;
use crate::read::shown::shown;

/// What every such file starts with.
pub const MAGIC: &[u8] = b"\x93NUMPY";
/// Bytes of magic, version and the length of the header, at most.
pub const PREFIX: usize = 12;
/// Longer headers are no plain array's.
const MAX_HEADER: usize = 1 << 16;
/// NumPy itself has no more axes.
const MAX_AXES: usize = 64;

/// The array of a file whose content is `bytes`; `path` is for errors.
pub fn read<'a>(path: &Path, bytes: Cow<'a, [u8]>) -> Result<RawArray<'a>, DataError> {
    let bad = |wrong: String| DataError::bad(path, wrong);
    let start = header_end(&bytes).map_err(&bad)?;
    let text = bytes.get(header_start(&bytes)..start).ok_or_else(|| bad("ends within its header".into()))?;
    let Header { number, is_big_endian, is_fortran, shape } =
        Header::parse(&String::from_utf8_lossy(text)).map_err(&bad)?;
    let expected = RawArray::n_bytes(&shape, number)
        .and_then(|n| n.checked_add(start as u64))
        .ok_or_else(|| bad(format!("its header promises an array {shape:?}, which no file holds")))?;
    let found = bytes.len() as u64;
    if found < expected {
        return Err(DataError::Shorter { path: path.into(), expected, found });
    }
    if expected < found {
        return Err(DataError::Longer { path: path.into(), expected });
    }
    let values = match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[start..]),
        Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(start)),
    };
    Ok(RawArray { shape, number, is_big_endian, is_fortran, bytes: values })
}

/// Where the header ends, by the first [`PREFIX`] bytes.
pub fn header_end(bytes: &[u8]) -> Result<usize, String> {
    if !bytes.starts_with(MAGIC) {
        return Err("is no .npy array: it does not start with \\x93NUMPY".into());
    }
    let length = match bytes {
        [_, _, _, _, _, _, 1, _, low, high, ..] => usize::from(u16::from_le_bytes([*low, *high])),
        [_, _, _, _, _, _, 2 | 3, _, a, b, c, d, ..] => u32::from_le_bytes([*a, *b, *c, *d]) as usize,
        [_, _, _, _, _, _, version, _, ..] if !(1..=3).contains(version) => {
            return Err(format!("is of version {version} of the .npy format; versions 1 to 3 are read"));
        }
        _ => return Err("ends within its header".into()),
    };
    if MAX_HEADER < length {
        return Err(format!(
            "its header would have {length} bytes, and that of an array has at most {MAX_HEADER}"
        ));
    }
    Ok(header_start(bytes) + length)
}

/// The bytes that a file has, by its header and all that is before it.
pub fn promised(start: &[u8]) -> Result<u64, String> {
    let end = header_end(start)?;
    let text = start.get(header_start(start)..end).ok_or("ends within its header")?;
    let header = Header::parse(&String::from_utf8_lossy(text))?;
    let n_bytes = RawArray::n_bytes(&header.shape, header.number).and_then(|n| n.checked_add(end as u64));
    n_bytes.ok_or_else(|| format!("its header promises an array {:?}, which no file holds", header.shape))
}

fn header_start(bytes: &[u8]) -> usize {
    if bytes.get(6) == Some(&1) { 10 } else { 12 }
}

/// What the dictionary says.
struct Header {
    number: Number,
    is_big_endian: bool,
    is_fortran: bool,
    shape: Vec<usize>,
}

impl Header {
    fn parse(text: &str) -> Result<Header, String> {
        let not_understood = || format!("its header {} is not understood", shown(text.trim()));
        let mut rest = text.trim().strip_prefix('{').ok_or_else(not_understood)?;
        let (mut descr, mut is_fortran, mut shape) = (None, None, None);
        loop {
            rest = rest.trim_start_matches([' ', ',']);
            if rest.starts_with('}') {
                break;
            }
            let (key, after) = quoted(rest).ok_or_else(not_understood)?;
            rest = after.trim_start().strip_prefix(':').ok_or_else(not_understood)?.trim_start();
            match key {
                "descr" if rest.starts_with(['[', '(']) => {
                    return Err(
                        "holds records of several fields; save each field as an array of its own".into()
                    );
                }
                "descr" => {
                    let (word, after) = quoted(rest).ok_or_else(not_understood)?;
                    descr = Some(number(word)?);
                    rest = after;
                }
                "fortran_order" => {
                    let (value, after) = [("True", true), ("False", false)]
                        .iter()
                        .find_map(|(word, value)| Some((*value, rest.strip_prefix(word)?)))
                        .ok_or_else(not_understood)?;
                    is_fortran = Some(value);
                    rest = after;
                }
                "shape" => {
                    let (inside, after) = rest
                        .strip_prefix('(')
                        .and_then(|rest| rest.split_once(')'))
                        .ok_or_else(not_understood)?;
                    let sizes = inside.split(',').map(|size| size.trim().trim_end_matches('L'));
                    let sizes: Result<Vec<usize>, _> =
                        sizes.filter(|s| !s.is_empty()).map(str::parse).collect();
                    shape = Some(sizes.map_err(|_| not_understood())?);
                    rest = after;
                }
                _ => return Err(not_understood()),
            }
        }
        match (descr, is_fortran, shape) {
            (Some((number, is_big_endian)), Some(is_fortran), Some(shape)) if shape.len() <= MAX_AXES => {
                Ok(Header { number, is_big_endian, is_fortran, shape })
            }
            _ => Err(not_understood()),
        }
    }
}

/// A text in quotes, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| ['\'', '"'].contains(c))?;
    text[1..].split_once(quote)
}

/// The kind of numbers that a description names, and whether their highest byte comes first.
fn number(descr: &str) -> Result<(Number, bool), String> {
    let bare = descr.trim_start_matches(['<', '>', '|', '=']);
    let number = match bare {
        "b1" | "?" => Number::Bool,
        "u1" => Number::U8,
        "u2" => Number::U16,
        "u4" => Number::U32,
        "u8" => Number::U64,
        "i1" => Number::I8,
        "i2" => Number::I16,
        "i4" => Number::I32,
        "i8" => Number::I64,
        "f2" => Number::F16,
        "f4" => Number::F32,
        "f8" => Number::F64,
        _ => {
            let what = match bare.chars().next() {
                Some('O') => "Python objects, which are code and not read",
                Some('U' | 'S' | 'a') => "texts",
                Some('c') => "complex numbers",
                Some('M' | 'm') => "times",
                _ => "values of a kind that is not read",
            };
            return Err(format!(
                "holds {what} ({}); numbers are needed: f2, f4, f8, i1 to i8, u1 to u8, b1",
                shown(descr)
            ));
        }
    };
    Ok((number, descr.starts_with('>')))
}
