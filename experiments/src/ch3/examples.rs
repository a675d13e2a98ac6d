//! The signals (thesis sec. 3.1): examples with their jumps, figure 3.1.

use ndarray::s;
use vitrine_figures::{Picture, SignalGrid};

use crate::context::Context;
use crate::findings::Findings;
use crate::run_folder::Gallery;
use crate::section::{About, Section};

/// Examples shown.
const N_EXAMPLES: usize = 6;

pub struct Examples;

static ABOUT: About = About {
    id: "3.1-examples",
    title: "Examples of noisy step signals",
    figures: &["3.1"],
    tables: &[],
    claims: &[],
};

impl Section for Examples {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let signals = cx.evaluation(cx.plan.seeds[0]);
        let n = N_EXAMPLES.min(signals.jumps.len());
        findings.array("signals", signals.dataset.inputs.slice(s![..n, ..]));
        findings.counts("jumps", &signals.jumps[..n]);
        findings.value("jump_size", cx.plan.settings.signals.jump_size)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let jumps: Vec<usize> = findings.vector("jumps")?.iter().map(|&jump| jump as usize).collect();
        let grid = SignalGrid {
            signals: findings.matrix("signals")?,
            jumps: &jumps,
            jump_size: findings.get("jump_size")?,
            n_columns: 2,
        };
        gallery.add("3.1", Picture { width: 640, height: 540 }, &grid)
    }
}
