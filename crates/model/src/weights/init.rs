//! Initial weights, drawn on the host so that every device starts from the same numbers.

use ndarray::{ArrayD, IxDyn};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::arrays::Weights;
use crate::graph::{Graph, Parameter, Role};

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

impl Init {
    /// Half the width of the range that a parameter is drawn from; 0 where it is not drawn but starts from a fixed value.
    fn bound(self, parameter: &Parameter) -> f32 {
        let (fan_in, fan_out) = (parameter.fan_in as f32, parameter.fan_out as f32);
        match (self, parameter.role) {
            (_, Role::Scale | Role::Shift | Role::RunningMean | Role::RunningVariance | Role::Fixed) => 0.0,
            (Init::GlorotUniform, Role::Weight) => (6.0 / (fan_in + fan_out)).sqrt(),
            (Init::HeUniform, Role::Weight) => (6.0 / fan_in).sqrt(),
            (Init::GlorotUniform | Init::HeUniform, Role::Bias) => 0.0,
            (Init::PyTorch, _) => 1.0 / fan_in.sqrt(),
        }
    }
}

impl Weights {
    /// Initial weights, drawn node by node, each array row by row, in f32.
    pub fn init(graph: &Graph, init: Init, rng: &mut impl Rng) -> Weights {
        let mut weights = Weights::default();
        for (node, parameter) in graph.all_parameters() {
            let (bound, fixed) = (init.bound(&parameter), parameter.role.fixed_start());
            let mut draw = || if bound == 0.0 { fixed } else { bound * (2.0 * rng.random::<f32>() - 1.0) };
            let values = ArrayD::from_shape_simple_fn(IxDyn(&parameter.shape), &mut draw);
            weights.set(&node.name, parameter.name, values);
        }
        weights
    }
}
