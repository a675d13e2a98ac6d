//! A filter: its taps, where they stand, and what it does to a step in noise.

use std::ops::{Add, Mul, Range};

use ndarray::{Array1, ArrayView1};

use super::padding::Padding;

/// Taps `φ(k)` over consecutive lags `k`.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    taps: Vec<f64>,
    first_lag: isize,
}

impl Filter {
    /// The filter of these taps, centred: 3 taps stand at lags −1, 0, 1 and 2 taps at 0, 1.
    ///
    /// This is the placing of NumPy's `convolve(…, "same")`.
    ///
    /// # Panics
    /// If there is no tap.
    pub fn from_taps(taps: impl Into<Vec<f64>>) -> Filter {
        let taps = taps.into();
        let first_lag = -(taps.len().saturating_sub(1) as isize / 2);
        Filter::starting_at(first_lag, taps)
    }

    /// The filter whose first tap stands at lag `first_lag`.
    ///
    /// # Panics
    /// If there is no tap.
    pub fn starting_at(first_lag: isize, taps: impl Into<Vec<f64>>) -> Filter {
        let taps = taps.into();
        assert!(!taps.is_empty(), "a filter has at least one tap");
        Filter { taps, first_lag }
    }

    /// The filter that a conv layer of odd length applies: its kernel is cross-correlated, hence flipped here.
    pub fn from_kernel(kernel: ArrayView1<f32>) -> Filter {
        Filter::from_taps(kernel.iter().rev().map(|&w| f64::from(w)).collect::<Vec<_>>())
    }

    /// The moving average of `length` samples.
    ///
    /// # Panics
    /// If `length` is 0.
    pub fn smoothing(length: usize) -> Filter {
        Filter::from_taps(vec![1.0 / length as f64; length])
    }

    /// The first difference `[1 −1]`: `y(i) = x(i) − x(i − 1)`.
    pub fn difference() -> Filter {
        Filter::from_taps([1.0, -1.0])
    }

    /// The mixed filter `[1 1 1 1 −1]` of the thesis' figures 3.3 and 3.4.
    pub fn mixed() -> Filter {
        Filter::from_taps([1.0, 1.0, 1.0, 1.0, -1.0])
    }

    /// The Gaussian smoother of standard deviation `tau` samples, cut to `window` taps which sum to one.
    ///
    /// # Panics
    /// If `window` is 0 or `tau` is not above 0.
    pub fn gaussian(window: usize, tau: f64) -> Filter {
        assert!(0.0 < tau, "a Gaussian has a width");
        let centre = window.saturating_sub(1) / 2;
        let weight = |i: usize| (-((i as f64 - centre as f64) / tau).powi(2) / 2.0).exp();
        let weights: Vec<f64> = (0..window).map(weight).collect();
        let total: f64 = weights.iter().sum();
        Filter::from_taps(weights.into_iter().map(|w| w / total).collect::<Vec<_>>())
    }

    /// The Gaussian smoother followed by the first difference, `window + 1` taps: the thesis' detector in one filter.
    ///
    /// # Panics
    /// If `window` is 0 or `tau` is not above 0.
    pub fn gaussian_derivative(window: usize, tau: f64) -> Filter {
        Filter::gaussian(window, tau).then(&Filter::difference())
    }

    /// `φ(k)` over [`lags`](Self::lags).
    pub fn taps(&self) -> &[f64] {
        &self.taps
    }

    /// The lags `k` of the taps.
    pub fn lags(&self) -> Range<isize> {
        self.first_lag..self.first_lag + self.taps.len() as isize
    }

    /// `φ(lag)`; zero where there is no tap.
    pub fn tap(&self, lag: isize) -> f64 {
        usize::try_from(lag - self.first_lag).ok().and_then(|i| self.taps.get(i)).copied().unwrap_or(0.0)
    }

    /// `‖φ‖₂`.
    pub fn norm(&self) -> f64 {
        self.noise_gain().sqrt()
    }

    /// `Σ φ(k)`: what a constant signal is multiplied by.
    pub fn gain(&self) -> f64 {
        self.taps.iter().sum()
    }

    /// `Σ φ²(k)`: what the variance of white noise is multiplied by (thesis eq. 3.4).
    pub fn noise_gain(&self) -> f64 {
        self.taps.iter().map(|tap| tap * tap).sum()
    }

    /// True convolution `y(i) = Σ_k φ(k) x(i − k)` (thesis eq. 3.8), as long as the signal.
    pub fn convolve<T: Copy + Into<f64>>(&self, signal: ArrayView1<T>, padding: Padding) -> Array1<f64> {
        let n = signal.len();
        let mut filtered = Array1::zeros(n);
        if n == 0 {
            return filtered;
        }
        let last_lag = self.lags().end - 1;
        let padded: Vec<f64> =
            (-last_lag..n as isize - self.first_lag).map(|i| padding.value(signal, i)).collect();
        // Tap after tap over the whole signal, which the compiler turns into vector code.
        for (j, tap) in self.taps.iter().rev().enumerate() {
            filtered.iter_mut().zip(&padded[j..]).for_each(|(y, x)| *y += tap * x);
        }
        filtered
    }

    /// This filter followed by `next`: their convolution.
    pub fn then(&self, next: &Filter) -> Filter {
        let mut taps = vec![0.0; self.taps.len() + next.taps.len() - 1];
        for (i, a) in self.taps.iter().enumerate() {
            next.taps.iter().enumerate().for_each(|(j, b)| taps[i + j] += a * b);
        }
        Filter { taps, first_lag: self.first_lag + next.first_lag }
    }

    /// Expected value of the filtered noisy step, `θ Σ_{k ≤ i − t0} φ(k)` for i = 1..`n_features` (thesis eq. 3.3).
    ///
    /// `jump` is t0, from 1. The step is taken to go on for ever on both sides: within a filter's reach of an end,
    /// a padded signal differs.
    pub fn step_mean(&self, n_features: usize, jump: usize, jump_size: f64) -> Array1<f64> {
        let up_to = |last: isize| -> f64 {
            let n_taps = (last + 1 - self.first_lag).clamp(0, self.taps.len() as isize);
            self.taps[..n_taps as usize].iter().sum()
        };
        Array1::from_shape_fn(n_features, |i| jump_size * up_to(i as isize + 1 - jump as isize))
    }

    /// Variance of a filtered signal whose noise has standard deviation `sigma`, `σ² ‖φ‖²` (thesis eq. 3.4).
    pub fn filtered_variance(&self, sigma: f64) -> f64 {
        sigma * sigma * self.noise_gain()
    }
}

impl Add for &Filter {
    type Output = Filter;

    /// The filter whose output is the sum of both outputs.
    fn add(self, other: &Filter) -> Filter {
        let first_lag = self.first_lag.min(other.first_lag);
        let lags = first_lag..self.lags().end.max(other.lags().end);
        let taps: Vec<f64> = lags.map(|lag| self.tap(lag) + other.tap(lag)).collect();
        Filter { taps, first_lag }
    }
}

impl Mul<f64> for &Filter {
    type Output = Filter;

    /// Every tap times `factor`.
    fn mul(self, factor: f64) -> Filter {
        Filter { taps: self.taps.iter().map(|tap| tap * factor).collect(), first_lag: self.first_lag }
    }
}
