//! The signal-processing approach (thesis sec. 3.2.3): table 3.1, figure 3.7.

use vitrine_analysis::detectors::GaussianDerivative;

use super::histograms;
use crate::context::Context;
use crate::detector::SIGNAL_PROCESSING;
use crate::findings::Findings;
use crate::rows;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct Baseline;

static ABOUT: About = About {
    id: "3.2-baseline",
    title: "Signal processing: Gaussian smoothing, first difference, largest value",
    figures: &["3.7"],
    tables: &["3.1"],
    claims: &[],
};

impl Section for Baseline {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        findings.rows = rows::compare(cx, &[])?.rows;
        let signals = cx.evaluation(cx.plan.seeds[0]);
        let estimates = GaussianDerivative::default().detect(signals.dataset.inputs.view());
        histograms::keep(&mut findings, &estimates, &signals.jumps)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        histograms::draw(findings, "3.7", gallery)
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let rows: Vec<_> =
            findings.rows.iter().filter(|r| r.detector == SIGNAL_PROCESSING).cloned().collect();
        vec![("3.1".into(), rows::table(&rows, &findings.timings))]
    }
}
