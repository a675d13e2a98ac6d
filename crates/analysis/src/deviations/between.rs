//! Distances between the means of classes, and how they hang on the means.

use ndarray::{Array1, ArrayView1};

use super::pairs::ClassPairs;
use super::within::Within;

/// Euclidean, cosine and correlation distance between class means.
pub(super) struct Between {
    /// Mean over the pairs for which it is defined; NaN without one.
    pub means: [f64; 3],
    /// Pairs for which it is defined.
    pub n_pairs: [usize; 3],
    /// Pairs for which it is not.
    pub n_undefined: [usize; 3],
    /// Per class and distance, `[n_units]`: the gradient of the mean distance along the class mean.
    pub gradients: Vec<[Array1<f64>; 3]>,
}

/// Compares the means of the classes that have signals.
pub(super) fn between(classes: &[Within], pairs: ClassPairs) -> Between {
    let n_units = classes.first().map_or(0, |class| class.mean.len());
    let zeros = || [(); 3].map(|()| Array1::zeros(n_units));
    let mut between = Between {
        means: [0.0; 3],
        n_pairs: [0; 3],
        n_undefined: [0; 3],
        gradients: classes.iter().map(|_| zeros()).collect(),
    };
    for (a, b) in compared(classes, pairs) {
        for (distance, of_pair) in [euclidean, cosine, correlation].into_iter().enumerate() {
            match of_pair(classes[a].mean.view(), classes[b].mean.view()) {
                Some(compared) => {
                    between.n_pairs[distance] += 1;
                    between.means[distance] += compared.distance;
                    between.gradients[a][distance] += &compared.along_a;
                    between.gradients[b][distance] += &compared.along_b;
                }
                None => between.n_undefined[distance] += 1,
            }
        }
    }
    for (distance, &n_pairs) in between.n_pairs.iter().enumerate() {
        between.means[distance] /= n_pairs as f64;
        between.gradients.iter_mut().for_each(|gradients| gradients[distance] /= n_pairs.max(1) as f64);
    }
    between
}

fn compared(classes: &[Within], pairs: ClassPairs) -> Vec<(usize, usize)> {
    let last = |a: usize| match pairs {
        ClassPairs::Adjacent => (a + 2).min(classes.len()),
        ClassPairs::All => classes.len(),
    };
    let is_seen = |class: usize| !classes[class].level.is_nan();
    let pairs = (0..classes.len()).flat_map(|a| (a + 1..last(a)).map(move |b| (a, b)));
    pairs.filter(|&(a, b)| is_seen(a) && is_seen(b)).collect()
}

/// A distance of two vectors with its gradients.
struct Compared {
    distance: f64,
    along_a: Array1<f64>,
    along_b: Array1<f64>,
}

fn euclidean(a: ArrayView1<f64>, b: ArrayView1<f64>) -> Option<Compared> {
    let step = &a - &b;
    let distance = step.dot(&step).sqrt();
    // Where the two coincide there is no gradient; none is as good as any.
    let along_a = step / if distance == 0.0 { 1.0 } else { distance };
    Some(Compared { distance, along_b: -&along_a, along_a })
}

fn cosine(a: ArrayView1<f64>, b: ArrayView1<f64>) -> Option<Compared> {
    let is_zero = |v: ArrayView1<f64>| v.iter().all(|&x| x == 0.0);
    (!is_zero(a) && !is_zero(b)).then(|| angle(a.to_owned(), b.to_owned()))
}

fn correlation(a: ArrayView1<f64>, b: ArrayView1<f64>) -> Option<Compared> {
    let is_constant = |v: ArrayView1<f64>| v.iter().all(|&x| x == v[0]);
    // The gradients of centred vectors are centred too: those of the vectors themselves are the same.
    (!is_constant(a) && !is_constant(b))
        .then(|| angle(&a - a.mean().unwrap_or(0.0), &b - b.mean().unwrap_or(0.0)))
}

/// `1 − cos` as half the squared distance of unit vectors, which keeps the digits of small angles.
fn angle(a: Array1<f64>, b: Array1<f64>) -> Compared {
    let (length_a, length_b) = (a.dot(&a).sqrt(), b.dot(&b).sqrt());
    let (unit_a, unit_b) = (a / length_a, b / length_b);
    let step = &unit_a - &unit_b;
    let distance = step.dot(&step) / 2.0;
    let cosine = 1.0 - distance;
    let along_a = (&unit_a * cosine - &unit_b) / length_a;
    let along_b = (&unit_b * cosine - &unit_a) / length_b;
    Compared { distance, along_a, along_b }
}
