//! t-SNE: points in the plane that keep neighbours together (van der Maaten and Hinton 2008).
//!
//! Cut where the papers cut it: [`Neighbours`] and [`Affinities`] of the data, a start from its principal components
//! ([`pca_start`]; Kobak and Berens 2019), attraction along the affinities, repulsion of all points through a grid
//! (Linderman et al. 2019) or, for few points, over all pairs, and a descent with momentum and gains on the usual
//! schedule of openTSNE (Poličar et al. 2019; learning rate after Belkina et al. 2019).
//!
//! A sum is always taken in the same order: the same seed gives the same bits for any number of threads.

mod affinities;
mod attraction;
mod convolution;
pub(crate) mod distances;
mod divergence;
mod gradient_exact;
mod gradient_fft;
mod grid;
mod initialisation;
mod neighbours;
mod optimiser;
mod order;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use ndarray::{Array2, ArrayView2, Axis};
use rand::Rng;
use serde::{Deserialize, Serialize};

pub use affinities::Affinities;
use attraction::Attraction;
pub use divergence::kl_divergence;
use divergence::kl_divergence_with;
use gradient_exact::ExactRepulsion;
use gradient_fft::InterpolatedRepulsion;
pub use initialisation::pca_start;
pub use neighbours::Neighbours;
use optimiser::{Optimiser, Step};

/// A point of the plane.
pub type Point = [f32; 2];

/// Settings of t-SNE; the default is openTSNE's usual schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tsne {
    /// How many neighbours a point effectively has. Three times as many are looked up.
    pub perplexity: f64,
    /// What the attraction is multiplied by at first, so that clusters find together.
    pub early_exaggeration: f64,
    /// Iterations with exaggerated attraction.
    pub n_early_iterations: usize,
    /// Iterations after that.
    pub n_iterations: usize,
    /// Momentum while the attraction is exaggerated.
    pub early_momentum: f64,
    /// Momentum after that.
    pub momentum: f64,
    /// Learning rate; where not given, the number of points divided by the exaggeration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learning_rate: Option<f64>,
    /// How the repulsion is computed.
    pub repulsion: RepulsionMethod,
}

/// How the repulsion of all points is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RepulsionMethod {
    /// Over all pairs for few points, through a grid for many.
    #[default]
    Auto,
    /// Over all pairs.
    Exact,
    /// Through a grid.
    Interpolated,
}

/// Up to so many points, all pairs take less time than a grid.
const MOST_IN_PAIRS: usize = 2_000;
/// Neighbours per unit of perplexity.
const NEIGHBOURS_PER_PERPLEXITY: f64 = 3.0;
/// Iterations between two reports.
const REPORT_EVERY: usize = 50;

impl Default for Tsne {
    fn default() -> Tsne {
        Tsne {
            perplexity: 30.0,
            early_exaggeration: 12.0,
            n_early_iterations: 250,
            n_iterations: 750,
            early_momentum: 0.5,
            momentum: 0.8,
            learning_rate: None,
            repulsion: RepulsionMethod::Auto,
        }
    }
}

/// What t-SNE returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    /// `[n_points, 2]`, their mean at the origin.
    pub points: Array2<f32>,
    /// Kullback–Leibler divergence from the affinities, exact.
    pub kl_divergence: f64,
}

/// What is told how far a run is, and may end it.
type OnProgress<'a> = dyn FnMut(&Progress) -> ControlFlow<()> + 'a;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Iterations done.
    pub iteration: usize,
    /// Iterations in all.
    pub n_iterations: usize,
    /// Kullback–Leibler divergence from the affinities, without exaggeration; before the last step, and as accurate as
    /// the repulsion.
    pub kl_divergence: f64,
}

/// Why there is no embedding.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TsneError {
    /// A value that has no place in a distance.
    #[error("activations[{row}, {column}] = {value}: t-SNE needs finite numbers")]
    NotFinite {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
        /// The value.
        value: f32,
    },
    /// Points without coordinates.
    #[error("activations of shape [{0}, 0]: t-SNE needs at least one feature")]
    NoFeatures(usize),
    /// More neighbours are wanted than there are points.
    #[error("perplexity = {perplexity}: must be 1 to {largest} for {n_points} points, a third of the others")]
    Perplexity {
        /// The perplexity asked for.
        perplexity: f64,
        /// Number of points.
        n_points: usize,
        /// The largest perplexity for so many points.
        largest: f64,
    },
    /// A setting out of range.
    #[error("{name} = {value}: {expected}")]
    Setting {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        expected: &'static str,
    },
    /// The points flew apart: the learning rate was too large.
    #[error("t-SNE diverged after {0} iterations: the learning rate is too large")]
    Diverged(usize),
    /// The caller stopped the run.
    #[error("t-SNE was stopped after {0} iterations")]
    Stopped(usize),
}

/// Pushes all points apart.
trait Repulsion {
    /// Writes `Σ_j (y_i − y_j) / (1 + |y_i − y_j|²)²` of each point i into `forces`, and returns the sum of the
    /// similarities `(1 + |y_i − y_j|²)⁻¹` over all pairs i ≠ j.
    fn forces(&mut self, points: &[Point], forces: &mut [Point]) -> f64;
}

impl Tsne {
    /// Embeds the rows of `activations [n_points, n_features]` in the plane, on all threads of the current rayon pool.
    ///
    /// `rng` sets equal points apart; everything else follows from the activations. Points that are equal in all
    /// features end up close together, and of constant activations every embedding is as good.
    ///
    /// # Errors
    /// If a value is not finite, the perplexity is too large for so few points, or a setting is out of range.
    pub fn fit(&self, activations: ArrayView2<f32>, rng: &mut impl Rng) -> Result<Embedding, TsneError> {
        self.run(activations, rng, None)
    }

    /// The same, reporting every 50 iterations; [`ControlFlow::Break`] stops the run.
    ///
    /// # Errors
    /// As [`fit`](Tsne::fit), and if it is stopped.
    pub fn fit_with_progress(
        &self,
        activations: ArrayView2<f32>,
        rng: &mut impl Rng,
        on_progress: &mut dyn FnMut(&Progress) -> ControlFlow<()>,
    ) -> Result<Embedding, TsneError> {
        self.run(activations, rng, Some(on_progress))
    }

    /// The affinities that it embeds `activations` by.
    ///
    /// # Errors
    /// As [`fit`](Tsne::fit).
    pub fn affinities(&self, activations: ArrayView2<f32>) -> Result<Affinities, TsneError> {
        self.check(activations)?;
        let n_neighbours = (NEIGHBOURS_PER_PERPLEXITY * self.perplexity) as usize;
        Ok(Affinities::of(&Neighbours::exact(activations, n_neighbours), self.perplexity))
    }

    fn run(
        &self,
        activations: ArrayView2<f32>,
        rng: &mut impl Rng,
        on_progress: Option<&mut OnProgress<'_>>,
    ) -> Result<Embedding, TsneError> {
        self.check(activations)?;
        let start = pca_start(activations, rng);
        // Points that are close at the start stay close in memory.
        let order = order::along_curve(&start);
        let affinities = self.affinities(activations.select(Axis(0), &order).view())?;
        let mut points: Vec<Point> = order.iter().map(|&i| start[i]).collect();
        self.descend(&affinities, &mut points, on_progress)?;
        let kl_divergence = kl_divergence(&affinities, &points);
        let mut embedded = Array2::zeros((points.len(), 2));
        for (&i, &[x, y]) in order.iter().zip(&points) {
            (embedded[(i, 0)], embedded[(i, 1)]) = (x, y);
        }
        Ok(Embedding { points: embedded, kl_divergence })
    }

    fn descend(
        &self,
        affinities: &Affinities,
        points: &mut [Point],
        mut on_progress: Option<&mut OnProgress<'_>>,
    ) -> Result<(), TsneError> {
        let n_points = points.len();
        let mut attraction = Attraction::new(affinities);
        let mut repulsion = self.repulsion_of(n_points);
        let mut optimiser = Optimiser::new(n_points);
        let (mut pull, mut push) = (vec![[0.0; 2]; n_points], vec![[0.0; 2]; n_points]);
        let n_iterations = self.n_early_iterations + self.n_iterations;
        for iteration in 0..n_iterations {
            let is_early = iteration < self.n_early_iterations;
            let exaggeration = if is_early { self.early_exaggeration } else { 1.0 };
            attraction.forces(points, &mut pull);
            let sum = repulsion.forces(points, &mut push);
            if let Some(report) = &mut on_progress
                && (iteration + 1).is_multiple_of(REPORT_EVERY)
            {
                let kl_divergence = kl_divergence_with(affinities, points, sum);
                let progress = Progress { iteration: iteration + 1, n_iterations, kl_divergence };
                if report(&progress).is_break() {
                    return Err(TsneError::Stopped(iteration + 1));
                }
            }
            let step = Step {
                learning_rate: self.learning_rate.unwrap_or(n_points as f64 / exaggeration) as f32,
                momentum: (if is_early { self.early_momentum } else { self.momentum }) as f32,
                exaggeration: exaggeration as f32,
                sum_of_similarities: sum as f32,
            };
            if !optimiser.step(points, &pull, &push, step) {
                return Err(TsneError::Diverged(iteration + 1));
            }
        }
        Ok(())
    }

    fn repulsion_of(&self, n_points: usize) -> Box<dyn Repulsion> {
        match self.repulsion {
            RepulsionMethod::Auto if n_points <= MOST_IN_PAIRS => Box::new(ExactRepulsion::default()),
            RepulsionMethod::Exact => Box::new(ExactRepulsion::default()),
            RepulsionMethod::Auto | RepulsionMethod::Interpolated => Box::new(InterpolatedRepulsion::new()),
        }
    }

    fn check(&self, activations: ArrayView2<f32>) -> Result<(), TsneError> {
        let (n_points, n_features) = activations.dim();
        if n_features == 0 {
            return Err(TsneError::NoFeatures(n_points));
        }
        if let Some(((row, column), &value)) = activations.indexed_iter().find(|(_, x)| !x.is_finite()) {
            return Err(TsneError::NotFinite { row, column, value });
        }
        let largest = n_points.saturating_sub(1) as f64 / NEIGHBOURS_PER_PERPLEXITY;
        if !(1.0 <= self.perplexity && self.perplexity <= largest) {
            return Err(TsneError::Perplexity { perplexity: self.perplexity, n_points, largest });
        }
        let positive = "must be a number above 0";
        let below_one = "must be a number from 0 to below 1";
        let rate = self.learning_rate.unwrap_or(1.0);
        for (name, value, is_sound, expected) in [
            ("early_exaggeration", self.early_exaggeration, 0.0 < self.early_exaggeration, positive),
            ("learning_rate", rate, 0.0 < rate, positive),
            ("early_momentum", self.early_momentum, (0.0..1.0).contains(&self.early_momentum), below_one),
            ("momentum", self.momentum, (0.0..1.0).contains(&self.momentum), below_one),
        ] {
            if !is_sound || !value.is_finite() {
                return Err(TsneError::Setting { name, value, expected });
            }
        }
        Ok(())
    }
}
