//! Hugging Face's `.safetensors`: a JSON header, then the values of all arrays.

use std::borrow::Cow;
use std::path::Path;

use safetensors::{Dtype, SafeTensors};

use super::number::Number;
use super::raw::RawArray;
use crate::error::DataError;
use crate::read::shown::{one_line, shown};

/// The arrays of a file whose content is `bytes`; `path` is for errors.
pub fn open<'a>(path: &Path, bytes: &'a [u8]) -> Result<SafeTensors<'a>, DataError> {
    let bad =
        |e| DataError::bad(path, format!("is neither .npy, .npz nor sound .safetensors ({})", one_line(e)));
    SafeTensors::deserialize(bytes).map_err(bad)
}

/// One of them.
pub fn array<'a>(path: &Path, tensors: &SafeTensors<'a>, name: &str) -> Result<RawArray<'a>, DataError> {
    let bad = |wrong: String| DataError::bad(path, format!("array {}: {wrong}", shown(name)));
    let tensor = tensors.tensor(name).map_err(|error| bad(one_line(error)))?;
    let number = match tensor.dtype() {
        Dtype::BOOL => Number::Bool,
        Dtype::U8 => Number::U8,
        Dtype::I8 => Number::I8,
        Dtype::U16 => Number::U16,
        Dtype::I16 => Number::I16,
        Dtype::U32 => Number::U32,
        Dtype::I32 => Number::I32,
        Dtype::U64 => Number::U64,
        Dtype::I64 => Number::I64,
        Dtype::F16 => Number::F16,
        Dtype::BF16 => Number::Bf16,
        Dtype::F32 => Number::F32,
        Dtype::F64 => Number::F64,
        other => return Err(bad(format!("holds {other:?}; of floats, F16, BF16, F32 and F64 are read"))),
    };
    let (shape, bytes) = (tensor.shape().to_vec(), Cow::Borrowed(tensor.data()));
    if RawArray::n_bytes(&shape, number) != Some(bytes.len() as u64) {
        return Err(bad(format!("{} bytes for an array {shape:?} of {number:?}", bytes.len())));
    }
    Ok(RawArray { shape, number, is_big_endian: false, is_fortran: false, bytes })
}
