//! Distances between the means of classes, without what noise adds to them, and how they hang on the means.

use ndarray::{Array1, ArrayView1};

use super::pairs::ClassPairs;
use super::within::Within;

/// Squared Euclidean, cosine and correlation distance between class means.
pub(super) struct Between {
    /// Mean over the pairs for which it is defined; NaN without one.
    pub means: [f64; 3],
    /// Pairs for which it is defined.
    pub n_pairs: [usize; 3],
    /// Pairs for which it is not.
    pub n_undefined: [usize; 3],
    /// Euclidean (not squared), cosine and correlation distance of the means as they are, noise included.
    pub plain: [f64; 3],
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
        plain: [0.0; 3],
        gradients: classes.iter().map(|_| zeros()).collect(),
    };
    let mut n_plain = [0; 3];
    let centres: Vec<Centre> = classes.iter().map(Centre::of).collect();
    let centred: Vec<Centre> = classes.iter().map(Centre::less_its_mean).collect();
    let [plain_centres, plain_centred] =
        [&centres, &centred].map(|c| c.iter().map(Centre::as_it_is).collect::<Vec<_>>());
    for (a, b) in compared(classes, pairs) {
        let distances = [
            euclidean(&centres[a], &centres[b]),
            angle(&centres[a], &centres[b]),
            angle(&centred[a], &centred[b]),
        ];
        for (distance, compared) in distances.into_iter().enumerate() {
            match compared {
                Some(compared) => {
                    between.n_pairs[distance] += 1;
                    between.means[distance] += compared.distance;
                    between.gradients[a][distance] += &compared.along_a;
                    between.gradients[b][distance] += &compared.along_b;
                }
                None => between.n_undefined[distance] += 1,
            }
        }
        let plain = [
            euclidean(&plain_centres[a], &plain_centres[b]).map(|compared| compared.distance.sqrt()),
            cosine(&plain_centres[a], &plain_centres[b]),
            cosine(&plain_centred[a], &plain_centred[b]),
        ];
        for (distance, plain) in plain.into_iter().enumerate() {
            n_plain[distance] += usize::from(plain.is_some());
            between.plain[distance] += plain.unwrap_or(0.0);
        }
    }
    for (distance, &n_pairs) in between.n_pairs.iter().enumerate() {
        between.means[distance] /= n_pairs as f64;
        between.plain[distance] /= n_plain[distance] as f64;
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

/// The mean of a class, or that mean less its own mean over units, and what noise adds to its squared length.
struct Centre {
    mean: Array1<f64>,
    noise: f64,
    is_zero: bool,
}

impl Centre {
    fn of(class: &Within) -> Centre {
        let is_zero = class.mean.iter().all(|&x| x == 0.0);
        Centre { mean: class.mean.clone(), noise: class.noise[0], is_zero }
    }

    fn less_its_mean(class: &Within) -> Centre {
        let is_zero = class.mean.iter().all(|&x| x == class.mean[0]);
        Centre { mean: &class.mean - class.mean.mean().unwrap_or(0.0), noise: class.noise[1], is_zero }
    }

    fn as_it_is(&self) -> Centre {
        Centre { mean: self.mean.clone(), noise: 0.0, is_zero: self.is_zero }
    }

    /// Squared length without noise; `None` where that is no more than the noise, so that where it points is anyone's
    /// guess, or where the noise of one signal is not known.
    fn square(&self) -> Option<f64> {
        let square = self.mean.dot(&self.mean) - self.noise;
        (!self.is_zero && self.noise < square).then_some(square)
    }
}

/// A distance of two class means with its gradients.
struct Compared {
    distance: f64,
    along_a: Array1<f64>,
    along_b: Array1<f64>,
}

/// The squared distance, which may be negative; `None` where the noise of one signal is not known.
fn euclidean(a: &Centre, b: &Centre) -> Option<Compared> {
    let step = &a.mean - &b.mean;
    let distance = step.dot(&step) - a.noise - b.noise;
    let along_a = 2.0 * step;
    (!distance.is_nan()).then(|| Compared { distance, along_b: -&along_a, along_a })
}

/// `1 − cos` of the means, or `1 − ρ` where they are centred.
fn angle(a: &Centre, b: &Centre) -> Option<Compared> {
    let distance = cosine(a, b)?;
    let (square_a, square_b) = (a.square()?, b.square()?);
    let (cosine, lengths) = (1.0 - distance, (square_a * square_b).sqrt());
    let along = |own: ArrayView1<f64>, square: f64, other: ArrayView1<f64>| {
        &own * (cosine / square) - &other / lengths
    };
    Some(Compared {
        distance,
        along_a: along(a.mean.view(), square_a, b.mean.view()),
        along_b: along(b.mean.view(), square_b, a.mean.view()),
    })
}

/// `1 − cos` from `2 |a| |b| (1 − cos) = |a − b|² − (|a| − |b|)²`, which keeps the digits of small angles.
fn cosine(a: &Centre, b: &Centre) -> Option<f64> {
    let (length_a, length_b) = (a.square()?.sqrt(), b.square()?.sqrt());
    let (step, sum) = (&a.mean - &b.mean, &a.mean + &b.mean);
    let apart = step.dot(&step) - a.noise - b.noise;
    let difference = (step.dot(&sum) - a.noise + b.noise) / (length_a + length_b);
    Some((apart - difference * difference) / (2.0 * length_a * length_b))
}
