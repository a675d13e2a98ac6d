//! t-SNE for studies: with progress, quality and the time it took.

use std::ops::ControlFlow;
use std::time::Instant;

use ndarray::ArrayView2;
use rand::Rng;
use serde::{Deserialize, Serialize};
use vitrine_lab::{Interrupted, Matrix, Seconds, Step, Zoo};
use vitrine_tsne::{EmbeddingQuality, Progress, Tsne, TsneError};

/// Neighbours that the quality of an embedding is told by.
const K: usize = 10;

/// An embedding with how good it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Embedded {
    /// `[n_points, 2]`.
    pub points: Matrix,
    /// Kullback–Leibler divergence from the affinities.
    pub kl_divergence: f64,
    /// Trustworthiness and share of neighbours kept.
    pub quality: EmbeddingQuality,
    /// What t-SNE took, the quality apart.
    pub seconds: Seconds,
}

/// Embeds the rows of `activations`, which are called `what` where progress is shown; the zoo's watch and stop are used.
///
/// # Errors
/// Settings that do not fit the data, and [`Interrupted`].
pub fn embed(
    zoo: &Zoo,
    tsne: &Tsne,
    what: &str,
    activations: ArrayView2<f32>,
    rng: &mut impl Rng,
) -> anyhow::Result<Embedded> {
    let (started, what) = (Instant::now(), format!("t-SNE of {what}"));
    let embedding = tsne.fit_with_progress(activations, rng, &mut |progress: &Progress| {
        let state = format!("KL divergence {:.4}", progress.kl_divergence);
        let (n_done, n_steps) = (progress.iteration, progress.n_iterations);
        zoo.watch().step(&what, Step { n_done, n_steps, state: &state });
        if zoo.stop().is_requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let embedding = match embedding {
        Err(TsneError::Stopped(_)) => return Err(Interrupted.into()),
        embedding => embedding?,
    };
    let seconds = started.elapsed().as_secs_f64();
    let kl_divergence = embedding.kl_divergence;
    zoo.watch().over(&what, &format!("KL divergence {kl_divergence:.4}, {seconds:.1} s"));
    let quality = EmbeddingQuality::of(activations, embedding.points.view(), K)?;
    Ok(Embedded {
        points: Matrix::of(embedding.points.view()),
        kl_divergence,
        quality,
        seconds: Seconds(seconds),
    })
}
