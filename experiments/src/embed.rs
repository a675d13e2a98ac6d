//! t-SNE for sections: with progress, quality and the time it took.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use ndarray::{Array2, ArrayView2};
use rand::Rng;
use vitrine_analysis::embedding_quality::EmbeddingQuality;
use vitrine_analysis::tsne::{Progress, Tsne, TsneError};

use crate::findings::Findings;
use crate::signals;
use crate::terminal;
use crate::usage::Interrupted;

/// Neighbours that the quality of an embedding is told by.
const K: usize = 10;

/// An embedding with how good it is.
pub struct Embedded {
    /// `[n_points, 2]`.
    pub points: Array2<f32>,
    /// Kullback–Leibler divergence from the affinities.
    pub kl_divergence: f64,
    /// Trustworthiness and share of neighbours kept.
    pub quality: EmbeddingQuality,
    /// What t-SNE took, the quality apart.
    pub seconds: f64,
}

/// Embeds the rows of `activations`, which are called `what` where the user sees progress.
pub fn embed(
    tsne: &Tsne,
    what: &str,
    activations: ArrayView2<f32>,
    rng: &mut impl Rng,
) -> anyhow::Result<Embedded> {
    let started = Instant::now();
    let bar = bar(what);
    let embedding = tsne.fit_with_progress(activations, rng, &mut |progress: &Progress| {
        bar.set_length(progress.n_iterations as u64);
        bar.set_position(progress.iteration as u64);
        bar.set_message(format!("KL divergence {:.4}", progress.kl_divergence));
        if signals::stop_requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    bar.finish_and_clear();
    let embedding = match embedding {
        Err(TsneError::Stopped(_)) => return Err(Interrupted.into()),
        embedding => embedding?,
    };
    let seconds = started.elapsed().as_secs_f64();
    if bar.is_hidden() {
        let kl_divergence = embedding.kl_divergence;
        terminal::note(&format!("t-SNE of {what}: KL divergence {kl_divergence:.4}, {seconds:.1} s"));
    }
    let quality = EmbeddingQuality::of(activations, embedding.points.view(), K)?;
    Ok(Embedded { points: embedding.points, kl_divergence: embedding.kl_divergence, quality, seconds })
}

impl Embedded {
    /// Keeps points, quality and time under `name`.
    pub fn keep(&self, findings: &mut Findings, name: &str) -> anyhow::Result<()> {
        findings.array(&format!("{name}_points"), self.points.view());
        findings.value(&format!("{name}_kl_divergence"), self.kl_divergence)?;
        findings.value(&format!("{name}_quality"), self.quality)?;
        findings.timings.insert(format!("{name}_tsne"), self.seconds);
        Ok(())
    }
}

fn bar(what: &str) -> ProgressBar {
    let on_terminal = std::io::stderr().is_terminal() && !terminal::is_quiet();
    let bar = if on_terminal { ProgressBar::new(1) } else { ProgressBar::hidden() };
    let template = "{bar:30.cyan} {pos:>4}/{len} t-SNE of {prefix}, {msg}, {eta} to go";
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix(what.to_string());
    bar
}
