//! The posterior over the jump position: no detector that sees only the signal can do better than its decisions.
//!
//! With a flat prior, jump size θ and noise σ known, `ln p(t | x) = const + Σ_{i ≥ t} (θ x[i] − θ²/2) / σ²`: the
//! samples before the jump drop out. With other noise after the jump they do not.

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut1, Axis};
use rayon::prelude::*;

use super::argmax::argmax;

/// Standard deviations below this count as it: without noise the evidence has no scale.
const MIN_SIGMA: f64 = 1e-6;

/// What is known of the noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoiseModel {
    /// Its standard deviation.
    Known {
        /// σ.
        sigma: f64,
    },
    /// A range from which its standard deviation was drawn uniformly, once per signal.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

/// A model of how signals were made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BayesPosterior {
    /// θ.
    pub jump_size: f64,
    /// What is known of σ; where `noise_after` is given, of σ before the jump.
    pub noise: NoiseModel,
    /// What is known of σ from the jump on, where it is another than before, drawn apart.
    pub noise_after: Option<NoiseModel>,
    /// First jump position, from 1.
    pub first_jump: usize,
    /// Last jump position.
    pub last_jump: usize,
}

/// Probabilities of the jump positions of each signal.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// `[n_samples, n_positions]`; rows sum to one.
    pub probabilities: Array2<f64>,
    first_jump: usize,
}

/// Values of σ over which an unknown one is integrated (midpoint rule).
const N_SIGMAS: usize = 64;

impl BayesPosterior {
    /// The posterior of each of `signals [n_samples, n_features]`.
    pub fn posterior(&self, signals: ArrayView2<f32>) -> Posterior {
        let n_positions = self.last_jump + 1 - self.first_jump;
        let mut probabilities = Array2::zeros((signals.nrows(), n_positions));
        let rows: Vec<_> = probabilities.axis_iter_mut(Axis(0)).zip(signals.rows()).collect();
        rows.into_par_iter().for_each(|(row, signal)| self.fill(signal, row));
        Posterior { probabilities, first_jump: self.first_jump }
    }

    fn fill(&self, signal: ArrayView1<f32>, mut row: ArrayViewMut1<f64>) {
        let log_weights = match self.noise_after {
            None => self.with_one_sigma(signal, row.view_mut()),
            Some(after) => self.with_two_sigmas(signal, after),
        };
        let total = log_sum_exp(log_weights.iter().copied());
        row.iter_mut().zip(log_weights).for_each(|(p, w)| *p = (w - total).exp());
    }

    /// Log weights of the positions where the noise is the same before and after; `row` is room for their evidence.
    fn with_one_sigma(&self, signal: ArrayView1<f32>, mut row: ArrayViewMut1<f64>) -> Vec<f64> {
        let theta = self.jump_size;
        // Evidence of a jump at t times σ², up to a constant: Σ_{i ≥ t} (θ x[i] − θ²/2).
        let mut evidence = 0.0;
        for jump in (self.first_jump..=signal.len()).rev() {
            evidence += theta * f64::from(signal[jump - 1]) - theta * theta / 2.0;
            if jump <= self.last_jump {
                row[jump - self.first_jump] = evidence;
            }
        }
        match self.noise {
            NoiseModel::Known { sigma } => {
                let sigma = sigma.max(MIN_SIGMA);
                row.iter().map(|e| e / (sigma * sigma)).collect()
            }
            NoiseModel::Uniform { low, high } => {
                // The evidence compares with no jump at all, whose sum of squares sets the scale of σ.
                let squares: f64 = signal.iter().map(|&x| f64::from(x).powi(2)).sum();
                let n = signal.len() as f64;
                let sigma = |k: usize| midpoint(low, high, k);
                let log_density = |e: f64, s: f64| (e - squares / 2.0) / (s * s) - n * s.ln();
                let over_sigmas = |e: &f64| log_sum_exp((0..N_SIGMAS).map(|k| log_density(*e, sigma(k))));
                row.iter().map(over_sigmas).collect()
            }
        }
    }

    /// Log weights where it is not: the two σ are drawn apart, so that the samples before the jump and those from it on
    /// have a likelihood each.
    fn with_two_sigmas(&self, signal: ArrayView1<f32>, after: NoiseModel) -> Vec<f64> {
        // Sums of squares over the samples before a jump, and about θ from it on.
        let (n, squared) = (signal.len(), |x: &f32, mean: f64| (f64::from(*x) - mean).powi(2));
        let mut before = vec![0.0; n + 1];
        let mut from_it_on = vec![0.0; n + 1];
        for i in 0..n {
            before[i + 1] = before[i] + squared(&signal[i], 0.0);
            from_it_on[n - 1 - i] = from_it_on[n - i] + squared(&signal[n - 1 - i], self.jump_size);
        }
        let weight = |jump: usize| {
            let n_before = jump - 1;
            self.noise.log_likelihood(before[n_before], n_before)
                + after.log_likelihood(from_it_on[n_before], n - n_before)
        };
        (self.first_jump..=self.last_jump).map(weight).collect()
    }
}

impl NoiseModel {
    /// `ln p` of `n` independent samples whose squares about their mean have this sum, up to what only `n` decides of a
    /// known model's `2π`.
    fn log_likelihood(self, sum_of_squares: f64, n: usize) -> f64 {
        let of = |sigma: f64| -sum_of_squares / (2.0 * sigma * sigma) - n as f64 * sigma.ln();
        match self {
            NoiseModel::Known { sigma } => of(sigma.max(MIN_SIGMA)),
            NoiseModel::Uniform { low, high } => {
                log_sum_exp((0..N_SIGMAS).map(|k| of(midpoint(low, high, k)))) - (N_SIGMAS as f64).ln()
            }
        }
    }
}

/// The middle of the k-th of [`N_SIGMAS`] equal parts.
fn midpoint(low: f64, high: f64, k: usize) -> f64 {
    (low + (high - low) * (k as f64 + 0.5) / N_SIGMAS as f64).max(MIN_SIGMA)
}

impl Posterior {
    /// Probabilities `[n_samples, n_positions]` from elsewhere, such as a network's, of positions from `first_jump` on.
    pub fn new(probabilities: Array2<f64>, first_jump: usize) -> Posterior {
        Posterior { probabilities, first_jump }
    }

    /// The most probable position: right most often.
    pub fn map(&self) -> Vec<usize> {
        self.decide(|row| argmax(row.iter().copied()))
    }

    /// The median: smallest mean absolute error.
    pub fn median(&self) -> Vec<usize> {
        self.decide(|row| {
            let mut cumulated = 0.0;
            let reaches_half = |p: &f64| {
                cumulated += p;
                0.5 <= cumulated
            };
            row.iter().position(reaches_half).unwrap_or(row.len() - 1)
        })
    }

    /// The mean, rounded: smallest mean squared error of whole positions.
    pub fn rounded_mean(&self) -> Vec<usize> {
        self.decide(|row| row.iter().enumerate().map(|(i, p)| i as f64 * p).sum::<f64>().round() as usize)
    }

    /// The middle of the `2 · tolerance + 1` neighbouring positions that hold most: most often off by at most that.
    pub fn most_within(&self, tolerance: usize) -> Vec<usize> {
        self.decide(|row| {
            let around = |i: usize| i.saturating_sub(tolerance)..(i + tolerance + 1).min(row.len());
            argmax((0..row.len()).map(|i| around(i).map(|j| row[j]).sum()))
        })
    }

    fn decide(&self, decision: impl FnMut(ArrayView1<f64>) -> usize) -> Vec<usize> {
        let positions = self.probabilities.rows().into_iter().map(decision);
        positions.map(|position| self.first_jump + position).collect()
    }
}

fn log_sum_exp(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = values.clone().fold(f64::NEG_INFINITY, f64::max);
    largest + values.map(|v| (v - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn model() -> BayesPosterior {
        let noise = NoiseModel::Known { sigma: 1.0 };
        BayesPosterior { jump_size: 2.0, noise, noise_after: None, first_jump: 2, last_jump: 3 }
    }

    #[test]
    fn the_posterior_of_three_samples_is_bayes_rule_by_hand() {
        let p = model().posterior(array![[0.0f32, 1.5, 2.5]].view()).probabilities;
        // Jump at 2: means 0 2 2; jump at 3: means 0 0 2.
        let (a, b) = ((-0.125f64 - 0.125).exp(), (-1.125f64 - 0.125).exp());
        assert!((p[(0, 0)] - a / (a + b)).abs() < 1e-12);
        assert!((p.sum() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_unknown_sigma_is_integrated_out() {
        let signal = array![[0.3f32, 1.5, 2.5]];
        let noise = NoiseModel::Uniform { low: 0.5, high: 2.0 };
        let p = BayesPosterior { noise, ..model() }.posterior(signal.view()).probabilities;
        // A sum over far more values of σ, of the densities themselves.
        let density = |squares: f64| -> f64 {
            let sigmas = (0..20_000).map(|k| 0.5 + 1.5 * (k as f64 + 0.5) / 20_000.0);
            sigmas.map(|s| (-squares / (2.0 * s * s)).exp() / s.powi(3)).sum()
        };
        let (x, squared) = ([0.3f64, 1.5, 2.5], |v: f64| v * v);
        let at_2 = density(squared(f64::from(0.3f32)) + squared(x[1] - 2.0) + squared(x[2] - 2.0));
        let at_3 = density(squared(f64::from(0.3f32)) + squared(x[1]) + squared(x[2] - 2.0));
        assert!((p[(0, 0)] - at_2 / (at_2 + at_3)).abs() < 1e-4, "{p} {}", at_2 / (at_2 + at_3));
    }

    #[test]
    fn noise_of_another_size_after_the_jump_is_bayes_rule_by_hand() {
        let noise_after = Some(NoiseModel::Known { sigma: 0.5 });
        let p = BayesPosterior { noise_after, ..model() }
            .posterior(array![[0.0f32, 1.5, 2.5]].view())
            .probabilities;
        // Jump at 2: deviations 0 | -0.5 0.5 of σ = 1 | 0.5 0.5; jump at 3: 0 1.5 | 0.5 of σ = 1 1 | 0.5.
        let at_2 = (-(0.25f64 + 0.25) / 0.5).exp() / 0.25;
        let at_3 = (-(2.25f64) / 2.0 - 0.25 / 0.5).exp() / 0.5;
        assert!((p[(0, 0)] - at_2 / (at_2 + at_3)).abs() < 1e-12, "{p}");
    }

    #[test]
    fn noise_of_the_same_known_size_after_the_jump_changes_nothing() {
        let signals = array![[0.3f32, 1.5, 2.5], [2.0, -1.0, 0.7]];
        let same = BayesPosterior { noise_after: Some(model().noise), ..model() };
        let (a, b) = (model().posterior(signals.view()), same.posterior(signals.view()));
        a.probabilities.iter().zip(&b.probabilities).for_each(|(a, b)| assert!((a - b).abs() < 1e-12));
    }

    #[test]
    fn without_noise_the_jump_is_certain() {
        for noise in [NoiseModel::Known { sigma: 0.0 }, NoiseModel::Uniform { low: 0.0, high: 0.0 }] {
            for noise_after in [None, Some(noise)] {
                let model = BayesPosterior { noise, noise_after, ..model() };
                assert_eq!(
                    model.posterior(array![[0.0f32, 0.0, 2.0]].view()).probabilities,
                    array![[0.0, 1.0]]
                );
            }
        }
    }

    #[test]
    fn decisions_of_a_posterior_by_hand() {
        let posterior = Posterior { probabilities: array![[0.3, 0.0, 0.2, 0.26, 0.24]], first_jump: 21 };
        assert_eq!(posterior.map(), [21]);
        assert_eq!(posterior.median(), [23]);
        assert_eq!(posterior.rounded_mean(), [23]);
        assert_eq!(posterior.most_within(1), [24]);
        assert_eq!(posterior.most_within(0), posterior.map());
    }
}
