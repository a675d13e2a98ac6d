//! Histograms of a detector's errors, on all signals and on the best 99 % (figures 3.7 and 3.10).

use vitrine_analysis::errors::{absolute_errors, histogram};
use vitrine_figures::{Histograms, Picture};

use crate::findings::Findings;
use crate::run_folder::Gallery;

/// Keeps the histograms of `estimates` against the `truth`, and the largest error.
pub fn keep(findings: &mut Findings, estimates: &[usize], truth: &[usize]) -> anyhow::Result<()> {
    let mut errors = absolute_errors(estimates, truth);
    findings.counts("error_counts", &histogram(&errors));
    errors.sort_unstable();
    findings.value("largest_error", errors.last().copied().unwrap_or(0))?;
    errors.truncate((0.99 * errors.len() as f64).ceil() as usize);
    findings.counts("error_counts_p99", &histogram(&errors));
    findings.value("largest_error_p99", errors.last().copied().unwrap_or(0))
}

/// Draws them.
pub fn draw(findings: &Findings, figure: &str, gallery: &mut Gallery) -> anyhow::Result<()> {
    let counts = |name: &str| anyhow::Ok(findings.vector(name)?.to_vec());
    let panels = vec![
        ("all signals".to_string(), counts("error_counts")?),
        ("best 99 %".to_string(), counts("error_counts_p99")?),
    ];
    let drawing = Histograms { panels, x_label: "absolute error (samples)", y_label: "signals" };
    gallery.add(figure, Picture { width: 640, height: 240 }, &drawing)
}
