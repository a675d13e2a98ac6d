//! The signal-processing approach (thesis sec. 3.2.3): table 3.1, figure 3.7.

use serde::{Deserialize, Serialize};
use vitrine_analysis::detectors::GaussianDerivative;
use vitrine_lab::{About, Gallery, Study, Table};

use super::histograms::ErrorCounts;
use crate::thesis::Context;
use crate::thesis::detector::is_signal_processing;
use crate::thesis::rows::{Comparison, compare};

pub struct Baseline;

static ABOUT: About = About {
    id: "3.2-baseline",
    title: "Signal processing: Gaussian smoothing, first difference, largest value",
    figures: &["3.7"],
    tables: &["3.1"],
    claims: &[],
};

/// Errors of signal processing.
#[derive(Serialize, Deserialize)]
pub struct Found {
    comparison: Comparison,
    errors: ErrorCounts,
}

impl Study for Baseline {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let signals = cx.evaluation(cx.plan.first_seed());
        let estimates = GaussianDerivative::default().detect(signals.dataset.rows());
        Ok(Found {
            comparison: compare(cx, &[])?.comparison,
            errors: ErrorCounts::of(&estimates, &signals.jumps),
        })
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        found.errors.draw("3.7", gallery)
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        vec![("3.1".into(), found.comparison.table_of(is_signal_processing))]
    }
}
