//! Histograms of a detector's errors, on all signals and on the best 99 % (figures 3.7 and 3.10).

use serde::{Deserialize, Serialize};
use vitrine_analysis::errors::{absolute_errors, histogram, n_best};
use vitrine_figures::{Histograms, Picture};
use vitrine_lab::{Gallery, Vector};

/// How often a detector errs by 0, 1, 2, … samples.
#[derive(Serialize, Deserialize)]
pub struct ErrorCounts {
    /// On all signals.
    all: Vector,
    /// The largest error of all.
    pub largest: usize,
    /// On the best 99 %.
    p99: Vector,
    /// The largest error of those.
    pub largest_p99: usize,
}

impl ErrorCounts {
    /// Counts the errors of `estimates` against the `truth`.
    pub fn of(estimates: &[usize], truth: &[usize]) -> ErrorCounts {
        let mut errors = absolute_errors(estimates, truth);
        let all = Vector::of_counts(&histogram(&errors));
        errors.sort_unstable();
        let largest = errors.last().copied().unwrap_or(0);
        errors.truncate(n_best(errors.len()));
        let largest_p99 = errors.last().copied().unwrap_or(0);
        ErrorCounts { all, largest, p99: Vector::of_counts(&histogram(&errors)), largest_p99 }
    }

    /// How many signals were counted.
    pub fn n_signals(&self) -> usize {
        self.all.counts().iter().sum()
    }

    /// Draws both histograms.
    pub fn draw(&self, figure: &str, gallery: &mut Gallery) -> anyhow::Result<()> {
        let panels = vec![
            (format!("all {} signals", self.n_signals()), self.all.to_vec()),
            ("best 99 %".to_string(), self.p99.to_vec()),
        ];
        let drawing = Histograms { panels, x_label: "absolute error (samples)", y_label: "signals" };
        gallery.add(figure, Picture { width: 640, height: 240 }, &drawing)
    }
}
