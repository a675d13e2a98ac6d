//! Networks and inputs for tests.

use ndarray::{Array1, Array2};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vitrine_model::{Init, Network, NetworkSpec, Weights};

/// Drawn as PyTorch draws them.
pub fn weights(spec: &NetworkSpec) -> Weights {
    Weights::init(spec.graph(), Init::PyTorch, &mut ChaCha8Rng::seed_from_u64(1))
}

pub fn network(spec: &str) -> Network {
    let spec: NetworkSpec = spec.parse().unwrap();
    let weights = weights(&spec);
    Network::new(spec, weights).unwrap()
}

/// `output = weight · x`, without bias.
pub fn linear(weight: Array2<f32>) -> Network {
    let bias = Array1::zeros(weight.nrows());
    affine(weight, bias)
}

/// `output = weight · x + bias`.
pub fn affine(weight: Array2<f32>, bias: Array1<f32>) -> Network {
    let (n_out, n_in) = weight.dim();
    let weights = Weights::default().with("output", "weight", weight).with("output", "bias", bias);
    Network::new(format!("mlp:{n_in}-{n_out}").parse().unwrap(), weights).unwrap()
}

pub fn inputs(n: usize, width: usize) -> Array2<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    Array2::from_shape_simple_fn((n, width), || rng.random_range(-1.5..1.5))
}
