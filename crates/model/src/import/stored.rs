//! Stored values of a network: arrays by name.

use std::collections::HashMap;

use ndarray::{ArrayD, IxDyn};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::error::ImportError;

/// The arrays of a safetensors file by name, whatever numbers they hold.
///
/// # Errors
/// When the bytes are no such file, or an array holds values that are no plain numbers.
pub fn stored_arrays(bytes: &[u8]) -> Result<HashMap<String, ArrayD<f32>>, ImportError> {
    let wrong = |input: &str, reason: String| ImportError::Input { input: input.into(), reason };
    let file = SafeTensors::deserialize(bytes).map_err(|error| wrong("arrays", error.to_string()))?;
    let array = |(name, tensor): (String, TensorView<'_>)| {
        let values = values(&tensor).ok_or_else(|| wrong(&name, format!("holds {:?}", tensor.dtype())))?;
        let array = ArrayD::from_shape_vec(IxDyn(tensor.shape()), values);
        Ok((name.clone(), array.map_err(|error| wrong(&name, error.to_string()))?))
    };
    file.tensors().into_iter().map(array).collect()
}

fn values(tensor: &TensorView<'_>) -> Option<Vec<f32>> {
    let data = tensor.data();
    Some(match tensor.dtype() {
        Dtype::F32 => data.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        Dtype::F64 => data.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes) as f32).collect(),
        Dtype::I64 => data.as_chunks().0.iter().map(|&bytes| i64::from_le_bytes(bytes) as f32).collect(),
        Dtype::I32 => data.as_chunks().0.iter().map(|&bytes| i32::from_le_bytes(bytes) as f32).collect(),
        Dtype::BOOL | Dtype::U8 => data.iter().map(|&byte| f32::from(byte)).collect(),
        _ => return None,
    })
}
