//! Weights and biases as plain arrays: drawn on the host, handed to a device, kept as safetensors.

use std::collections::{BTreeMap, HashMap};

use ndarray::{Array1, Array2};
use rand::{Rng, RngExt};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use crate::ModelError;
use crate::spec::{LayerKind, LayerSpec, NetworkSpec};

/// Weights and bias of one layer, in PyTorch's layout.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerWeights {
    /// The layer's name.
    pub name: String,
    /// Dense `[n_out, n_in]`; conv `[1, kernel_size]`, to be cross-correlated with the signal.
    pub weight: Array2<f32>,
    /// `[n_out]`; conv `[1]`.
    pub bias: Array1<f32>,
}

/// Weights of a network, a value per layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights(pub Vec<LayerWeights>);

/// How initial weights are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// Uniform in ± sqrt(6 / (fan_in + fan_out)), zero biases (Glorot and Bengio 2010, eq. 16).
    #[default]
    GlorotUniform,
    /// Uniform in ± sqrt(6 / fan_in), zero biases (He et al. 2015, eq. 10).
    HeUniform,
    /// Weights and biases uniform in ± 1 / sqrt(fan_in), as PyTorch's layers are made.
    PyTorch,
}

impl Weights {
    /// Initial weights, drawn layer by layer, each row by row, in f32.
    pub fn init(spec: &NetworkSpec, init: Init, rng: &mut impl Rng) -> Weights {
        let layer = |layer: &LayerSpec| {
            let (rows, columns) = layer.weight_shape();
            // A conv layer has one filter in and one out, so both fans are its taps.
            let (fan_in, fan_out) = match layer.kind {
                LayerKind::Dense { n_in, n_out } => (n_in as f32, n_out as f32),
                LayerKind::Conv1d { kernel_size, .. } => (kernel_size as f32, kernel_size as f32),
            };
            let (weight_bound, bias_bound) = match init {
                Init::GlorotUniform => ((6.0 / (fan_in + fan_out)).sqrt(), 0.0),
                Init::HeUniform => ((6.0 / fan_in).sqrt(), 0.0),
                Init::PyTorch => (1.0 / fan_in.sqrt(), 1.0 / fan_in.sqrt()),
            };
            let mut draw = |bound: f32| bound * (2.0 * rng.random::<f32>() - 1.0);
            LayerWeights {
                name: layer.name.clone(),
                weight: Array2::from_shape_simple_fn((rows, columns), || draw(weight_bound)),
                bias: Array1::from_shape_simple_fn(rows, || {
                    if bias_bound == 0.0 { 0.0 } else { draw(bias_bound) }
                }),
            }
        };
        Weights(spec.layers().iter().map(layer).collect())
    }

    /// Weights of the same shapes, all zero.
    pub fn zeros_like(&self) -> Weights {
        let zero = |layer: &LayerWeights| LayerWeights {
            name: layer.name.clone(),
            weight: Array2::zeros(layer.weight.dim()),
            bias: Array1::zeros(layer.bias.len()),
        };
        Weights(self.0.iter().map(zero).collect())
    }

    /// The layer of that name.
    pub fn layer(&self, name: &str) -> Option<&LayerWeights> {
        self.0.iter().find(|layer| layer.name == name)
    }

    /// A safetensors file: `hidden1.weight` `[n_out, n_in]`, `conv1.weight` `[1, 1, kernel_size]`, `hidden1.bias`.
    pub fn to_safetensors(&self) -> Vec<u8> {
        serialise(&self.tensors(""), None)
    }

    /// Reads what [`Weights::to_safetensors`] or Python's `safetensors` wrote.
    ///
    /// # Errors
    /// When the bytes are no safetensors file, or a tensor of `spec` is missing, has another shape or is not f32.
    pub fn from_safetensors(bytes: &[u8], spec: &NetworkSpec) -> Result<Weights, ModelError> {
        let file = SafeTensors::deserialize(bytes).map_err(|e| ModelError::Weights(e.to_string()))?;
        Weights::read(&file, spec, "")
    }

    /// The tensors of a safetensors file, by name.
    pub(crate) fn tensors(&self, prefix: &str) -> BTreeMap<String, RawTensor> {
        let mut tensors = BTreeMap::new();
        for layer in &self.0 {
            let (rows, columns) = layer.weight.dim();
            let shape =
                if layer.name.starts_with("conv") { vec![1, 1, columns] } else { vec![rows, columns] };
            let bytes =
                |values: &mut dyn Iterator<Item = &f32>| values.flat_map(|v| v.to_le_bytes()).collect();
            let raw = |shape, bytes| RawTensor { dtype: Dtype::F32, shape, bytes };
            let weight = raw(shape, bytes(&mut layer.weight.iter()));
            let bias = raw(vec![rows], bytes(&mut layer.bias.iter()));
            tensors.insert(format!("{prefix}{}.weight", layer.name), weight);
            tensors.insert(format!("{prefix}{}.bias", layer.name), bias);
        }
        tensors
    }

    pub(crate) fn read(
        file: &SafeTensors<'_>,
        spec: &NetworkSpec,
        prefix: &str,
    ) -> Result<Weights, ModelError> {
        let read = |name: String, expected: usize| -> Result<Vec<f32>, ModelError> {
            let wrong = |reason: String| ModelError::Weights(format!("{name}: {reason}"));
            let tensor = file.tensor(&name).map_err(|e| wrong(e.to_string()))?;
            if tensor.dtype() != Dtype::F32 {
                return Err(wrong(format!("holds {:?}, want F32", tensor.dtype())));
            }
            let values: Vec<f32> =
                tensor.data().as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect();
            if values.len() == expected {
                Ok(values)
            } else {
                Err(wrong(format!("has shape {:?}, {spec} needs {expected} numbers there", tensor.shape())))
            }
        };
        let layer = |layer: &LayerSpec| {
            let (rows, columns) = layer.weight_shape();
            let weight = read(format!("{prefix}{}.weight", layer.name), rows * columns)?;
            let bias = read(format!("{prefix}{}.bias", layer.name), rows)?;
            Ok(LayerWeights {
                name: layer.name.clone(),
                weight: Array2::from_shape_vec((rows, columns), weight).expect("the length was checked"),
                bias: Array1::from_vec(bias),
            })
        };
        spec.layers().iter().map(layer).collect::<Result<_, _>>().map(Weights)
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

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn weights(spec: &str, init: Init) -> (NetworkSpec, Weights) {
        let spec: NetworkSpec = spec.parse().unwrap();
        let weights = Weights::init(&spec, init, &mut ChaCha8Rng::seed_from_u64(0));
        (spec, weights)
    }

    #[test]
    fn glorot_weights_fill_their_range_and_biases_are_zero() {
        let (_, weights) = weights("mlp:100-50-60", Init::GlorotUniform);
        let bound = (6.0f32 / 150.0).sqrt();
        let largest = weights.0[0].weight.iter().fold(0.0f32, |m, w| m.max(w.abs()));
        assert!(0.99 * bound < largest && largest <= bound);
        assert!(weights.0.iter().all(|l| l.bias.iter().all(|&b| b == 0.0)));
    }

    #[test]
    fn pytorch_s_biases_are_drawn_too() {
        let (_, weights) = weights("mlp:100-50-60", Init::PyTorch);
        assert!(weights.0[0].bias.iter().any(|&b| b != 0.0));
        assert!(weights.0[0].bias.iter().all(|&b| b.abs() <= 0.1));
    }

    #[test]
    fn safetensors_keep_every_bit() {
        let (spec, weights) = weights("cnn:20,conv5,conv3,8", Init::PyTorch);
        let bytes = weights.to_safetensors();
        assert_eq!(Weights::from_safetensors(&bytes, &spec).unwrap(), weights);
        assert_eq!(bytes, weights.to_safetensors());
    }

    #[test]
    fn tensors_have_pytorch_s_names_and_shapes() {
        let (_, weights) = weights("cnn:20,conv5,8", Init::GlorotUniform);
        let bytes = weights.to_safetensors();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        assert_eq!(file.tensor("conv1.weight").unwrap().shape(), [1, 1, 5]);
        assert_eq!(file.tensor("output.weight").unwrap().shape(), [8, 20]);
    }

    #[test]
    fn weights_of_another_network_are_refused_by_name() {
        let (_, weights) = weights("mlp:20-10-8", Init::GlorotUniform);
        let other: NetworkSpec = "mlp:20-11-8".parse().unwrap();
        let error = Weights::from_safetensors(&weights.to_safetensors(), &other).unwrap_err().to_string();
        assert!(error.contains("hidden1.weight"), "{error}");
        assert!(Weights::from_safetensors(b"nonsense", &other).is_err());
    }
}
