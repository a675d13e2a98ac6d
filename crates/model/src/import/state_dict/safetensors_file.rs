//! The arrays of a safetensors file.

use safetensors::tensor::{Dtype, SafeTensors};

use super::numbers::Numbers;
use super::order::natural;
use super::stored::Stored;

/// The arrays of a file whose content is `bytes`, in the order of their names; those of whole numbers, such as counts of batches, are left out.
///
/// # Errors
/// What the decoder said.
pub fn read(bytes: &[u8]) -> Result<Vec<Stored<'_>>, String> {
    let file =
        SafeTensors::deserialize(bytes).map_err(|error| format!("no sound safetensors file ({error})"))?;
    let mut stored = Vec::new();
    for (name, tensor) in file.iter() {
        let numbers = match tensor.dtype() {
            Dtype::F64 => Numbers::F64,
            Dtype::F32 => Numbers::F32,
            Dtype::F16 => Numbers::F16,
            Dtype::BF16 => Numbers::Bf16,
            _ => continue,
        };
        let data = tensor.data();
        stored.push(Stored {
            name: name.to_string(),
            shape: tensor.shape().to_vec(),
            values: Box::new(move || Ok(numbers.values(data))),
        });
    }
    // The format sorts its arrays: their names alone tell an order.
    stored.sort_by_cached_key(|array| natural(&array.name));
    Ok(stored)
}
