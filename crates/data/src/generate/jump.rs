//! Noisy step signals with one jump (thesis sec. 3.1).
//!
//! `x[i] ~ N(0, σ0²)` for `i < t0` and `N(θ, σ1²)` for `i ≥ t0`, with `i` and `t0` counted from 1.

use std::fmt;

use ndarray::Array2;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

use crate::dataset::Dataset;
use crate::error::DataError;
use crate::streams::Streams;

/// Standard deviation of the noise; in a recipe `1.0` or `{ low = 0.5, high = 2.0 }`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "a standard deviation is a number, or { low = …, high = … } to draw it for each signal"
)]
pub enum Sigma {
    /// The same for every signal.
    Fixed(f64),
    /// Drawn once per signal, uniformly.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

/// How jump signals are drawn. The default is the thesis' form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JumpSettings {
    /// Length of a signal, n.
    pub n_features: usize,
    /// Size of the jump, θ.
    pub jump_size: f64,
    /// First jump position, counted from 1; class 0.
    pub first_jump: usize,
    /// Last jump position; the last class.
    pub last_jump: usize,
    /// Equally many signals of each class; otherwise classes are drawn at random.
    pub balanced: bool,
    /// Noise before the jump, σ0.
    pub sigma_before: Sigma,
    /// Noise from the jump on, σ1; as before the jump where not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sigma_after: Option<Sigma>,
}

impl Default for JumpSettings {
    fn default() -> Self {
        JumpSettings {
            n_features: 100,
            jump_size: 3.0,
            first_jump: 21,
            last_jump: 80,
            balanced: true,
            sigma_before: Sigma::Fixed(1.0),
            sigma_after: None,
        }
    }
}

/// Signals with the truth about them.
#[derive(Clone, Debug, PartialEq)]
pub struct JumpSignals {
    /// Signals `[n_samples, n_features]`; a class is named by its jump position, and its number is that less the first.
    pub dataset: Dataset,
    /// Jump position of each signal, t0, counted from 1.
    pub jumps: Vec<usize>,
    /// σ0 and σ1 of each signal.
    pub sigmas: Vec<[f64; 2]>,
}

impl JumpSettings {
    /// Number of jump positions.
    pub fn n_classes(&self) -> usize {
        self.last_jump.saturating_add(1).saturating_sub(self.first_jump)
    }

    /// The names of the classes: their jump positions.
    pub fn classes(&self) -> Vec<String> {
        (self.first_jump..=self.last_jump).map(|jump| jump.to_string()).collect()
    }

    /// Jump position of a class, counted from 1.
    pub fn jump_of(&self, class: usize) -> usize {
        self.first_jump + class
    }

    /// Refuses settings that describe no signals.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check(&self) -> Result<(), DataError> {
        if self.n_features < 2 {
            return Err(DataError::setting(
                "n_features",
                self.n_features,
                "a signal with a jump has at least 2 samples",
            ));
        }
        if !self.jump_size.is_finite() {
            return Err(DataError::setting("jump_size", self.jump_size, "must be a finite number"));
        }
        if self.first_jump < 2 || self.n_features < self.first_jump {
            let expected = format!("a jump lies at 2 to n_features = {}", self.n_features);
            return Err(DataError::setting("first_jump", self.first_jump, expected));
        }
        if self.last_jump < self.first_jump || self.n_features < self.last_jump {
            let expected =
                format!("must lie at first_jump = {} to n_features = {}", self.first_jump, self.n_features);
            return Err(DataError::setting("last_jump", self.last_jump, expected));
        }
        self.sigma_before.check("sigma_before")?;
        self.sigma_after.map_or(Ok(()), |sigma| sigma.check("sigma_after"))
    }

    /// Draws signals from the streams `jumps`, `sigmas` and `noise`; noise is drawn in f64 and rounded to f32.
    ///
    /// Balanced classes are `i mod n_classes` in random order: their numbers differ by at most one.
    ///
    /// # Panics
    /// If there are no jump positions, which [`check`](JumpSettings::check) refuses.
    pub fn draw(&self, n_samples: usize, streams: &Streams) -> JumpSignals {
        let labels = self.draw_classes(n_samples, &mut streams.rng("jumps"));
        let sigmas = self.draw_sigmas(n_samples, &mut streams.rng("sigmas"));
        let jumps: Vec<usize> = labels.iter().map(|&class| self.jump_of(class)).collect();
        let mut noise = streams.rng("noise");
        let mut inputs = Array2::zeros((n_samples, self.n_features));
        for (mut signal, (&jump, [before, after])) in
            inputs.rows_mut().into_iter().zip(jumps.iter().zip(&sigmas))
        {
            for (i, x) in signal.iter_mut().enumerate() {
                let z: f64 = StandardNormal.sample(&mut noise);
                let value = if i + 1 < jump { before * z } else { self.jump_size + after * z };
                *x = value as f32;
            }
        }
        JumpSignals { dataset: Dataset::new(inputs, labels, self.classes()), jumps, sigmas }
    }

    /// The signals without noise, u_k of thesis sec. 4.3 times θ: one row per class, `[n_classes, n_features]`.
    pub fn noiseless(&self) -> Array2<f32> {
        let step = |(class, i): (usize, usize)| {
            if i + 1 < self.jump_of(class) { 0.0 } else { self.jump_size as f32 }
        };
        Array2::from_shape_fn((self.n_classes(), self.n_features), step)
    }

    fn draw_classes(&self, n_samples: usize, rng: &mut impl Rng) -> Vec<usize> {
        let n_classes = self.n_classes();
        if !self.balanced {
            return (0..n_samples).map(|_| rng.random_range(0..n_classes)).collect();
        }
        let mut classes: Vec<usize> = (0..n_samples).map(|i| i % n_classes).collect();
        classes.shuffle(rng);
        classes
    }

    fn draw_sigmas(&self, n_samples: usize, rng: &mut impl Rng) -> Vec<[f64; 2]> {
        let mut draw = || {
            let before = self.sigma_before.draw(rng);
            [before, self.sigma_after.map_or(before, |sigma| sigma.draw(rng))]
        };
        (0..n_samples).map(|_| draw()).collect()
    }
}

impl fmt::Display for Sigma {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Sigma::Fixed(sigma) => write!(f, "{sigma}"),
            Sigma::Uniform { low, high } => write!(f, "{low} to {high}"),
        }
    }
}

impl Sigma {
    fn draw(self, rng: &mut impl Rng) -> f64 {
        match self {
            Sigma::Fixed(sigma) => sigma,
            Sigma::Uniform { low, high } => low + (high - low) * rng.random::<f64>(),
        }
    }

    fn check(self, name: &'static str) -> Result<(), DataError> {
        let sound = match self {
            Sigma::Fixed(sigma) => 0.0 <= sigma && sigma.is_finite(),
            Sigma::Uniform { low, high } => 0.0 <= low && low <= high && high.is_finite(),
        };
        let expected =
            "must be a standard deviation of 0 or more, or { low = …, high = … } with 0 <= low <= high";
        if sound { Ok(()) } else { Err(DataError::setting(name, self, expected)) }
    }
}

#[cfg(test)]
pub(super) mod tests;
