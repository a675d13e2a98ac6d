//! t-SNE of the signals (thesis sec. 3.1): figure 3.2.

use ndarray::s;
use vitrine_figures::{Classes, Picture, Scatter, Scatters};

use crate::context::Context;
use crate::embed::embed;
use crate::findings::Findings;
use crate::recipe::data_streams;
use crate::run_folder::Gallery;
use crate::section::{About, Section};

pub struct SignalMap;

static ABOUT: About = About {
    id: "3.1-tsne",
    title: "t-SNE of the training signals: do signals with close jumps lie close?",
    figures: &["3.2"],
    tables: &[],
    claims: &[],
};

/// Signals embedded (thesis: all that it trains on).
const N_SIGNALS: usize = 12_000;

impl Section for SignalMap {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let settings = &cx.plan.settings;
        let streams = data_streams(cx.plan.seeds[0]);
        let signals = cx.plan.jump_data().load(&streams, None)?.train;
        let n = N_SIGNALS.min(signals.labels.len());
        let inputs = signals.inputs.slice(s![..n, ..]);
        let embedded = embed(&settings.tsne, &format!("{n} signals"), inputs, &mut streams.rng("tsne"))?;
        embedded.keep(&mut findings, "signals")?;
        findings.counts("labels", &signals.labels[..n]);
        findings.value("n_classes", signals.n_classes)?;
        findings.value("first_jump", settings.signals.first_jump)?;
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let labels: Vec<usize> = findings.vector("labels")?.iter().map(|&label| label as usize).collect();
        let cloud = Scatter {
            title: String::new(),
            points: findings.matrix("signals_points")?,
            labels: &labels,
            axes: None,
            joins_means: false,
        };
        let classes = Classes::Ordered {
            label: "jump position",
            first: findings.get("first_jump")?,
            n_classes: findings.get("n_classes")?,
        };
        let map = Scatters { clouds: vec![cloud], classes, n_columns: 1 };
        gallery.add_raster("3.2", Picture { width: 640, height: 520 }, &map)
    }
}
