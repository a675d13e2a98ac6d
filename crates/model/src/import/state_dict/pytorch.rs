//! The arrays of a file of `torch.save`. No code of the file runs: its pickle is parsed, and what is no array is left out.

use std::collections::HashMap;
use std::path::Path;

use pytorch_reader::{DType, PytorchReader};

use super::numbers::Numbers;
use super::order::natural;
use super::stored::Stored;

/// The arrays of a file, in the order in which it names them, where `bytes`, its content, tells; those of whole numbers,
/// such as counts of batches, are left out. `key` names the entry of a checkpoint that holds the state_dict.
///
/// # Errors
/// What the decoder said.
pub fn read(path: &Path, bytes: &[u8], key: Option<&str>) -> Result<Vec<Stored<'static>>, String> {
    let opened = match key {
        Some(key) => PytorchReader::with_top_level_key(path, key),
        None => PytorchReader::new(path),
    };
    let tensors =
        opened.map_err(|error| format!("no sound file of torch.save ({})", one_line(&error)))?.into_tensors();
    let mut stored = Vec::new();
    for (name, tensor) in tensors {
        let numbers = match tensor.dtype() {
            DType::F64 => Numbers::F64,
            DType::F32 => Numbers::F32,
            DType::F16 => Numbers::F16,
            DType::BF16 => Numbers::Bf16,
            _ => continue,
        };
        let shape = tensor.shape().to_vec();
        let values =
            move || tensor.read().map(|bytes| numbers.values(&bytes)).map_err(|error| one_line(&error));
        stored.push(Stored { name, shape, values: Box::new(values) });
    }
    let places = first_places(bytes, stored.iter().map(|array| array.name.clone()));
    stored.sort_by_cached_key(|array| (places.get(&array.name).copied().flatten(), natural(&array.name)));
    Ok(stored)
}

/// Where each name is first written: a pickled text is `X`, its length in four bytes, then its letters. A name that is put
/// together of several keys is nowhere.
fn first_places(bytes: &[u8], names: impl Iterator<Item = String>) -> HashMap<String, Option<usize>> {
    let mut places: HashMap<String, Option<usize>> = names.map(|name| (name, None)).collect();
    let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'X');
    for (start, _) in starts {
        let Some((length, rest)) = bytes[start + 1..].split_first_chunk() else { continue };
        let text =
            rest.get(..u32::from_le_bytes(*length) as usize).and_then(|text| str::from_utf8(text).ok());
        if let Some(place @ None) = text.and_then(|text| places.get_mut(text)) {
            *place = Some(start);
        }
    }
    places
}

fn one_line(error: &dyn std::error::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
