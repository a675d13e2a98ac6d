//! t-SNE by its settings, and what they must be.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use crate::error::TsneError;

/// t-SNE: points in the plane that keep neighbours together.
///
/// Of rows `x_i` it makes points `y_i` of the plane, the start of which is the first two principal components. Two
/// distributions over pairs are brought together:
///
/// ```text
/// p[j|i] ∝ exp(−β_i |x_i − x_j|²)          over the 3 · perplexity nearest neighbours j of i,
///                                           β_i such that the entropy of the row is ln(perplexity)
/// p[i, j] = (p[j|i] + p[i|j]) / 2n
/// q[i, j] = (1 + |y_i − y_j|²)⁻¹ / Z        Z such that all pairs sum to 1
/// ```
///
/// # Update rule
///
/// The divergence `Σ p ln(p / q)` is descended, with a gain g for each coordinate that grows by 0.2 while it leads
/// downhill and shrinks to 0.8 of itself when it turns, and with the attraction exaggerated at first:
///
/// ```text
/// ∇_i = exaggeration · Σ_j p[i, j] (y_i − y_j) / (1 + |y_i − y_j|²) − Σ_j (y_i − y_j) / (1 + |y_i − y_j|²)² / Z
/// u_i ← momentum · u_i − learning_rate · g_i ∇_i
/// y_i ← y_i + u_i
/// ```
///
/// The gradient lacks the factor 4 that it has in the paper: learning rates are those of openTSNE and FIt-SNE. No step
/// is longer than 5, and the mean of all points is moved to the origin after each.
///
/// # Requirements
///
/// Finite `f32` activations, at least `3 · perplexity + 1` rows of them and at least one feature. All neighbours are
/// exact: time grows with `n_points² · n_features` for these, and for an iteration with `n_points²` over all pairs, with
/// `n_points` through a grid.
///
/// # References
///
/// - L. van der Maaten and G. Hinton, *Visualizing Data using t-SNE*, JMLR 9 (2008): the method; eq. 5 the gradient,
///   sec. 3.4 momentum, gains and early exaggeration.
/// - D. Kobak and P. Berens, *The art of using t-SNE for single-cell transcriptomics*, Nature Communications 10 (2019):
///   the start from principal components.
/// - G. C. Linderman et al., *Fast interpolation-based t-SNE for improved visualization of single-cell RNA-seq data*,
///   Nature Methods 16 (2019): repulsion through a grid and its Fourier transform.
/// - A. C. Belkina et al., *Automated optimized parameters for t-distributed stochastic neighbor embedding improve
///   visualization and analysis of large datasets*, Nature Communications 10 (2019): the learning rate.
/// - P. G. Poličar, M. Stražar and B. Zupan, *openTSNE: a modular Python library for t-SNE dimensionality reduction and
///   embedding*, bioRxiv (2019): the schedule that is the default here.
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
    /// Over all pairs for up to 2 000 points, through a grid for more.
    #[default]
    Auto,
    /// Over all pairs.
    Exact,
    /// Through a grid.
    Interpolated,
}

/// Neighbours per unit of perplexity.
pub(crate) const NEIGHBOURS_PER_PERPLEXITY: f64 = 3.0;

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

impl Tsne {
    /// Refuses activations that have no distances, and settings out of range.
    pub(crate) fn check(&self, activations: ArrayView2<f32>) -> Result<(), TsneError> {
        let (n_points, n_features) = activations.dim();
        if n_features == 0 {
            return Err(TsneError::NoFeatures(n_points));
        }
        if let Some(((row, column), &value)) = activations.indexed_iter().find(|(_, x)| !x.is_finite()) {
            return Err(TsneError::NotFinite { row, column, value });
        }
        self.check_for(n_points)
    }

    /// Refuses settings out of range, of which that of the perplexity is given by the number of points.
    ///
    /// # Errors
    /// Names the setting and what it must be.
    pub fn check_for(&self, n_points: usize) -> Result<(), TsneError> {
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
