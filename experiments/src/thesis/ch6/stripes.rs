//! What a map of averaged activations looks like, in numbers: stripes, units active for all classes alike, a diagonal.

use serde::{Deserialize, Serialize};
use vitrine_analysis::smoothness::roughness_of_units;
use vitrine_analysis::statistics::median;

use super::measures::{largest, smallest};
use crate::thesis::layers::LayerMeans;

/// The maps of a network.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stripes {
    /// By hidden layer, the median over units: how far the means of neighbouring classes lie apart, squared, over how far
    /// any two do. About 1 without stripes, near 0 in broad ones.
    pub roughness: Vec<f64>,
    /// By hidden layer, the median over units: standard deviation of the means over classes, over their mean.
    pub unevenness: Vec<f64>,
    /// Share of the classes whose mean output is largest at their own unit.
    pub diagonal: f64,
}

impl Stripes {
    /// Of averaged activations, the output last; units that are never active are left out.
    pub fn of(layers: &[LayerMeans]) -> Stripes {
        let (output, hidden) = layers.split_last().expect("a network has an output");
        let classes = output.means.rows().into_iter().enumerate();
        let is_largest_at_own = |(class, means): (usize, ndarray::ArrayView1<f64>)| {
            means.iter().enumerate().all(|(unit, &mean)| unit == class || mean < means[class])
        };
        let n_own = classes.filter(|class| is_largest_at_own(*class)).count();
        Stripes {
            roughness: hidden.iter().map(|l| known_median(roughness_of_units(l.means.view()))).collect(),
            unevenness: hidden.iter().map(|l| known_median(unevenness(l))).collect(),
            diagonal: n_own as f64 / output.means.nrows() as f64,
        }
    }

    /// Roughness of the layer with the broadest stripes.
    pub fn smoothest(&self) -> f64 {
        smallest(&self.roughness)
    }

    /// Roughness of the layer with the least of stripes.
    pub fn roughest(&self) -> f64 {
        largest(&self.roughness)
    }

    /// Unevenness of the most uneven layer.
    pub fn most_uneven(&self) -> f64 {
        largest(&self.unevenness)
    }

    /// Unevenness over that of another network, in the layer where that is least.
    pub fn least_over(&self, other: &Stripes) -> f64 {
        let ratios = self.unevenness.iter().zip(&other.unevenness).map(|(own, other)| own / other);
        smallest(&ratios.collect::<Vec<_>>())
    }
}

/// Of each unit that is ever active, standard deviation over mean of its class means.
fn unevenness(layer: &LayerMeans) -> Vec<f64> {
    let of_unit = |means: ndarray::ArrayView1<f64>| means.std(0.0) / means.mean().unwrap_or(f64::NAN);
    layer.means.columns().into_iter().map(of_unit).collect()
}

/// The median of what is a number; NaN of nothing.
fn known_median(mut values: Vec<f64>) -> f64 {
    values.retain(|value| value.is_finite());
    median(&values)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};
    use vitrine_lab::Saved;

    use super::*;

    #[test]
    fn stripes_are_smooth_and_uneven_and_a_diagonal_output_is_seen() {
        let of = |hidden: Array2<f64>, output: Array2<f64>| {
            let layer = |means| LayerMeans { layer: "layer".into(), means: Saved(means) };
            Stripes::of(&[layer(hidden), layer(output)])
        };
        // A ramp of 0, 1, 2: neighbours 1 apart, pairs 2 on average; deviation √(2/3) of mean 1. The dead unit counts not.
        let ramp = of(array![[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]], Array2::eye(3));
        assert_eq!((ramp.roughest(), ramp.diagonal), (0.5, 1.0));
        assert!((ramp.most_uneven() - (2.0f64 / 3.0).sqrt()).abs() < 1e-12);
        let even = of(array![[1.0], [1.0], [1.0]], Array2::ones((3, 3)));
        assert_eq!((even.most_uneven(), even.diagonal), (0.0, 0.0));
        assert_eq!(even.least_over(&ramp), 0.0);
    }
}
