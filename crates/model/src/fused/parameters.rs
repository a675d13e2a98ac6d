//! Weight and bias of a layer as the fused engine keeps them.

use ndarray::{Array1, ArrayView2};

use crate::kernels::elementwise::{scale_add, vectorised};
use crate::train::{Rule, Sgd};
use crate::weights::Weights;

/// Weight and bias of a layer, or something of their shapes; the weight column by column, as the forward pass
/// of a dense layer reads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

impl Parameters {
    /// Those of a node, of weights that belong to the network; there may be no bias.
    ///
    /// # Panics
    /// If the node has no weight.
    pub fn of(weights: &Weights, node: &str) -> Parameters {
        let weight = weights.matrix(node, "weight").expect("a weight");
        let bias = weights.vector(node, "bias").map_or_else(Vec::new, |bias| bias.to_vec());
        Parameters { weight: weight.t().iter().copied().collect(), bias }
    }

    pub fn zeros_like(&self) -> Parameters {
        Parameters { weight: vec![0.0; self.weight.len()], bias: vec![0.0; self.bias.len()] }
    }

    /// Puts them in their places among `weights`, whose shapes they have.
    pub fn write_to(&self, weights: &mut Weights, node: &str) {
        if let Some(mut weight) = weights.get_mut(node, "weight") {
            let rows = weight.shape()[0];
            let columns = self.weight.len() / rows;
            let from = ArrayView2::from_shape((columns, rows), &self.weight).expect("whole rows");
            weight.iter_mut().zip(from.t()).for_each(|(to, from)| *to = *from);
        }
        if !self.bias.is_empty() {
            weights.set(node, "bias", Array1::from(self.bias.clone()));
        }
    }

    /// A step along `gradient · scale` by `rule`, which keeps `moments`.
    pub fn step(&mut self, gradient: &Parameters, scale: f32, moments: &mut [Parameters], rule: &Rule) {
        vectorised(
            #[inline(always)]
            || match (rule, moments) {
                (Rule::Sgd(sgd), []) => {
                    for (w, g) in [(&mut self.weight, &gradient.weight), (&mut self.bias, &gradient.bias)] {
                        w.iter_mut().zip(g).for_each(|(w, g)| *w = sgd.step(*w, *g * scale, None).0);
                    }
                }
                (Rule::Sgd(sgd), [v]) => {
                    for (w, g, v) in [
                        (&mut self.weight, &gradient.weight, &mut v.weight),
                        (&mut self.bias, &gradient.bias, &mut v.bias),
                    ] {
                        for ((w, g), v) in w.iter_mut().zip(g).zip(v) {
                            let (weight, velocity) = sgd.step(*w, *g * scale, Some(*v));
                            (*w, *v) = (weight, velocity.unwrap_or(0.0));
                        }
                    }
                }
                (Rule::Adam(adam), [m, v]) => {
                    for (w, g, m, v) in [
                        (&mut self.weight, &gradient.weight, &mut m.weight, &mut v.weight),
                        (&mut self.bias, &gradient.bias, &mut m.bias, &mut v.bias),
                    ] {
                        for (((w, g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
                            (*w, [*m, *v]) = adam.step(*w, *g * scale, [*m, *v]);
                        }
                    }
                }
                (rule, moments) => unreachable!("{} moments for {rule:?}", moments.len()),
            },
        );
    }

    /// The sum of the squares of all values, in f64.
    pub fn squares(&self) -> f64 {
        self.weight.iter().chain(&self.bias).map(|&value| f64::from(value) * f64::from(value)).sum()
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
