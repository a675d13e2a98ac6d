//! Weight and bias of a layer as the fused engine keeps them.

use ndarray::{Array1, ArrayView2};

use super::kernels::{scale_add, vectorised};
use crate::train::{Adam, Sgd};
use crate::weights::Weights;

/// Weight and bias of a layer, or something of their shapes; the weight column by column, as the forward pass
/// of a dense layer reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

impl Parameters {
    /// Those of a node, of weights that belong to the network.
    ///
    /// # Panics
    /// If the node has no weight or bias.
    pub fn of(weights: &Weights, node: &str) -> Parameters {
        let weight = weights.matrix(node, "weight").expect("a weight");
        let bias = weights.vector(node, "bias").expect("a bias");
        Parameters { weight: weight.t().iter().copied().collect(), bias: bias.to_vec() }
    }

    pub fn zeros_like(&self) -> Parameters {
        Parameters { weight: vec![0.0; self.weight.len()], bias: vec![0.0; self.bias.len()] }
    }

    /// Puts them in their places among `weights`, whose shapes they have.
    pub fn write_to(&self, weights: &mut Weights, node: &str) {
        let rows = self.bias.len();
        if let Some(mut weight) = weights.get_mut(node, "weight") {
            let columns = self.weight.len() / rows;
            let from = ArrayView2::from_shape((columns, rows), &self.weight).expect("whole rows");
            weight.iter_mut().zip(from.t()).for_each(|(to, from)| *to = *from);
        }
        weights.set(node, "bias", Array1::from(self.bias.clone()));
    }

    /// Along `gradient · scale` by Adam, whose m and v are `moments`.
    pub fn step(&mut self, gradient: &Parameters, scale: f32, moments: &mut [Parameters], adam: &Adam) {
        let [m, v] = moments else { unreachable!("Adam keeps two") };
        vectorised(
            #[inline(always)]
            || {
                for (w, g, m, v) in [
                    (&mut self.weight, &gradient.weight, &mut m.weight, &mut v.weight),
                    (&mut self.bias, &gradient.bias, &mut m.bias, &mut v.bias),
                ] {
                    for (((w, g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
                        (*w, [*m, *v]) = adam.step(*w, *g * scale, [*m, *v]);
                    }
                }
            },
        );
    }

    /// With `self` as v, which has the gradient already: `v ← v + λ W`, then `W ← W − η v`.
    pub fn move_along(&mut self, parameters: &mut Parameters, sgd: &Sgd) {
        vectorised(
            #[inline(always)]
            || {
                for (v, w) in
                    [(&mut self.weight, &mut parameters.weight), (&mut self.bias, &mut parameters.bias)]
                {
                    scale_add(v, 1.0, sgd.weight_decay, w);
                    scale_add(w, 1.0, -sgd.learning_rate, v);
                }
            },
        );
    }
}
