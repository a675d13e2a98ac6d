//! The functions that follow a weighted sum, unit by unit: word, name, value and slope of each.
//!
//! A new one is a variant, its words, and a function of its value and slope here; burn's form stands with the engine
//! on burn.

use crate::elementary::{exp, logistic, normal, tanh};

/// What follows a weighted sum z. Where nothing follows it, there is no node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activation {
    /// `max(0, z)`.
    Relu,
    /// `1 / (1 + e^−z)`.
    Sigmoid,
    /// `tanh z`.
    Tanh,
    /// `z`, or 0.01 z below zero (Maas et al. 2013).
    LeakyRelu,
    /// `z`, or `e^z − 1` below zero (Clevert et al. 2016, α = 1).
    Elu,
    /// `z Φ(z)` with the normal distribution function (Hendrycks and Gimpel 2016; the exact form, not that with tanh).
    Gelu,
    /// `z / (1 + e^−z)` (Elfwing et al. 2018).
    Silu,
}

impl Activation {
    /// Every activation.
    pub const ALL: [Activation; 7] = [
        Activation::Relu,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::LeakyRelu,
        Activation::Elu,
        Activation::Gelu,
        Activation::Silu,
    ];

    /// Its word in specifications and in names of nodes.
    pub fn word(self) -> &'static str {
        self.words().0
    }

    /// Its name in the field's writing.
    pub fn title(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Activation::Relu => ("relu", "ReLU"),
            Activation::Sigmoid => ("sigmoid", "sigmoid"),
            Activation::Tanh => ("tanh", "tanh"),
            Activation::LeakyRelu => ("leaky_relu", "leaky ReLU"),
            Activation::Elu => ("elu", "ELU"),
            Activation::Gelu => ("gelu", "GELU"),
            Activation::Silu => ("silu", "SiLU"),
        }
    }

    /// Its value and its slope at `z`.
    pub fn at(self, z: f32) -> (f32, f32) {
        let (mut value, mut slope) = ([z], [0.0]);
        self.apply(&mut value, Some(&mut slope));
        (value[0], slope[0])
    }

    /// Turns `values` from z into f(z), and writes the slopes f'(z) where they are asked for.
    #[inline(always)]
    pub(crate) fn apply(self, values: &mut [f32], slopes: Option<&mut [f32]>) {
        match self {
            Activation::Relu => each(values, slopes, |z| if 0.0 < z { (z, 1.0) } else { (0.0, 0.0) }),
            Activation::Sigmoid => each(values, slopes, |z| {
                let s = logistic(z);
                (s, s * (1.0 - s))
            }),
            Activation::Tanh => each(values, slopes, |z| {
                let t = tanh(z);
                (t, 1.0 - t * t)
            }),
            Activation::LeakyRelu => {
                each(values, slopes, |z| if 0.0 < z { (z, 1.0) } else { (0.01 * z, 0.01) });
            }
            Activation::Elu => each(values, slopes, |z| {
                let e = exp(z);
                if 0.0 < z { (z, 1.0) } else { (e - 1.0, e) }
            }),
            Activation::Gelu => each(values, slopes, |z| {
                let (distribution, density) = normal(z);
                (z * distribution, distribution + z * density)
            }),
            Activation::Silu => each(values, slopes, |z| {
                let s = logistic(z);
                (z * s, s * (1.0 + z * (1.0 - s)))
            }),
        }
    }
}

#[inline(always)]
fn each(values: &mut [f32], slopes: Option<&mut [f32]>, f: impl Fn(f32) -> (f32, f32)) {
    let n = values.len();
    match slopes {
        None => values.iter_mut().for_each(|v| *v = f(*v).0),
        Some(slopes) => values.iter_mut().zip(&mut slopes[..n]).for_each(|(v, slope)| (*v, *slope) = f(*v)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_definitions() {
        let value = |activation: Activation, z: f32| activation.at(z).0;
        let close = |a: f32, b: f32| assert!((a - b).abs() < 1e-6, "{a}, {b}");
        close(value(Activation::Relu, -2.0), 0.0);
        close(value(Activation::Sigmoid, 0.0), 0.5);
        close(value(Activation::Tanh, 1.0), 0.761_594_2);
        close(value(Activation::LeakyRelu, -2.0), -0.02);
        close(value(Activation::Elu, -1.0), -0.632_120_6);
        // Φ(1) = 0.8413447.
        close(value(Activation::Gelu, 1.0), 0.841_344_7);
        close(value(Activation::Gelu, -1.0), -0.158_655_3);
        close(value(Activation::Silu, 1.0), 0.731_058_6);
    }

    #[test]
    fn slopes_are_those_of_the_values() {
        const H: f32 = 1e-2;
        for activation in Activation::ALL {
            for i in -60..60 {
                // No point is nearer than H to the kinks at zero.
                let z = i as f32 / 10.0 + 0.05;
                let difference = (activation.at(z + H).0 - activation.at(z - H).0) / (2.0 * H);
                let slope = activation.at(z).1;
                assert!((slope - difference).abs() < 2e-4, "{activation:?} at {z}: {slope}, {difference}");
            }
        }
    }

    #[test]
    fn a_value_is_the_same_alone_and_among_others() {
        for activation in Activation::ALL {
            let z: Vec<f32> = (0..37).map(|i| (i as f32 * 0.7).sin() * 4.0).collect();
            let (mut with, mut slopes, mut without) = (z.clone(), vec![0.0; z.len()], z.clone());
            activation.apply(&mut with, Some(&mut slopes));
            activation.apply(&mut without, None);
            assert_eq!(with, without);
            for (i, &z) in z.iter().enumerate() {
                assert_eq!(activation.at(z), (with[i], slopes[i]), "{activation:?} at {z}");
            }
        }
    }
}
