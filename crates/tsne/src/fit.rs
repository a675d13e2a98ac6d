//! A run of t-SNE: affinities, start, descent.
//!
//! A sum is always taken in the same order: the same seed gives the same bits for any number of threads.

use std::ops::ControlFlow;

use ndarray::{Array2, ArrayView2, Axis};
use rand::Rng;

use crate::affinities::Affinities;
use crate::attraction::Attraction;
use crate::divergence::{kl_divergence, kl_divergence_with};
use crate::error::TsneError;
use crate::gradient_exact::ExactRepulsion;
use crate::gradient_fft::InterpolatedRepulsion;
use crate::initialisation::pca_start;
use crate::neighbours::Neighbours;
use crate::optimiser::{Optimiser, Step};
use crate::order;
use crate::point::Point;
use crate::repulsion::Repulsion;
use crate::tsne::{NEIGHBOURS_PER_PERPLEXITY, RepulsionMethod, Tsne};

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

/// Up to so many points, all pairs take less time than a grid.
const MOST_IN_PAIRS: usize = 2_000;
/// Iterations between two reports.
const REPORT_EVERY: usize = 50;

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
}
