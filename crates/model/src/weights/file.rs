//! Weights as safetensors files: `hidden1.weight` `[n_out, n_in]`, `conv1.weight` `[1, 1, kernel_size]`, `hidden1.bias`.

use std::collections::{BTreeMap, HashMap};

use ndarray::{ArrayD, IxDyn};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::arrays::{Weights, check_shape};
use crate::error::ModelError;
use crate::graph::Graph;

impl Weights {
    /// A safetensors file; equal weights give equal bytes.
    pub fn to_safetensors(&self) -> Vec<u8> {
        serialise(&self.tensors(""), None)
    }

    /// Reads what [`Weights::to_safetensors`] or Python's `safetensors` wrote.
    ///
    /// # Errors
    /// When the bytes are no safetensors file, or a tensor of the graph is missing, has another shape or is not f32.
    pub fn from_safetensors(bytes: &[u8], graph: &Graph) -> Result<Weights, ModelError> {
        let file = SafeTensors::deserialize(bytes).map_err(|e| ModelError::Weights(e.to_string()))?;
        Weights::read(&file, graph, "")
    }

    /// The tensors of a safetensors file, by name.
    pub(crate) fn tensors(&self, prefix: &str) -> BTreeMap<String, RawTensor> {
        let raw = |values: &ArrayD<f32>| RawTensor {
            dtype: Dtype::F32,
            shape: values.shape().to_vec(),
            bytes: values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        };
        self.iter()
            .map(|array| (format!("{prefix}{}.{}", array.node, array.parameter), raw(&array.values)))
            .collect()
    }

    pub(crate) fn read(file: &SafeTensors<'_>, graph: &Graph, prefix: &str) -> Result<Weights, ModelError> {
        let mut weights = Weights::default();
        for (node, parameter) in graph.all_parameters() {
            let name = format!("{prefix}{}.{}", node.name, parameter.name);
            let wrong = |reason: String| ModelError::Weights(format!("{name}: {reason}"));
            let tensor = file.tensor(&name).map_err(|e| wrong(e.to_string()))?;
            if tensor.dtype() != Dtype::F32 {
                return Err(wrong(format!("holds {:?}, want F32", tensor.dtype())));
            }
            check_shape(&name, tensor.shape(), &parameter.shape)?;
            let values: Vec<f32> =
                tensor.data().as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect();
            let values =
                ArrayD::from_shape_vec(IxDyn(&parameter.shape), values).map_err(|e| wrong(e.to_string()))?;
            weights.set(&node.name, parameter.name, values);
        }
        Ok(weights)
    }
}

/// A tensor as a safetensors file holds it.
pub(crate) struct RawTensor {
    pub dtype: Dtype,
    pub shape: Vec<usize>,
    /// Its values, little-endian.
    pub bytes: Vec<u8>,
}

/// A safetensors file; equal tensors give equal bytes.
pub(crate) fn serialise(
    tensors: &BTreeMap<String, RawTensor>,
    metadata: Option<HashMap<String, String>>,
) -> Vec<u8> {
    let views: Vec<(&String, TensorView<'_>)> = tensors
        .iter()
        .map(|(name, RawTensor { dtype, shape, bytes })| {
            (name, TensorView::new(*dtype, shape.clone(), bytes).expect("shape and bytes of one array"))
        })
        .collect();
    safetensors::serialize(views, metadata).expect("plain tensors can be serialised")
}
