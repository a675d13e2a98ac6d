//! t-SNE of the signals (thesis sec. 3.1): figure 3.2.

use ndarray::s;
use serde::{Deserialize, Serialize};
use vitrine_figures::{Classes, Picture, Scatter, Scatters};
use vitrine_lab::{About, Gallery, Study, Vector, data_streams};

use crate::embed::{Embedded, embed};
use crate::thesis::Context;
use crate::thesis::settings::MAX_EMBEDDED;

pub struct SignalMap;

static ABOUT: About = About {
    id: "3.1-tsne",
    title: "t-SNE of the training signals: do signals with close jumps lie close?",
    figures: &["3.2"],
    tables: &[],
    claims: &[],
};

/// The signals in the plane.
#[derive(Serialize, Deserialize)]
pub struct Found {
    signals: Embedded,
    labels: Vector,
    n_classes: usize,
    first_jump: usize,
}

impl Study for SignalMap {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let (settings, seed) = (&cx.plan.settings, cx.plan.first_seed());
        let signals = cx.training(seed).dataset;
        let n = MAX_EMBEDDED.min(signals.n_samples());
        let mut rng = data_streams(seed).rng("tsne");
        let inputs = signals.rows();
        let inputs = inputs.slice(s![..n, ..]);
        Ok(Found {
            signals: embed(&cx.zoo, &settings.tsne, &format!("{n} signals"), inputs, &mut rng)?,
            labels: Vector::of_counts(&signals.labels()[..n]),
            n_classes: signals.n_classes(),
            first_jump: settings.signals.first_jump,
        })
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let cloud = Scatter {
            title: String::new(),
            points: found.signals.points.view(),
            labels: &found.labels.counts(),
            axes: None,
            joins_means: false,
        };
        let classes =
            Classes::Ordered { label: "jump position", first: found.first_jump, n_classes: found.n_classes };
        let map = Scatters { clouds: vec![cloud], classes, n_columns: 1 };
        gallery.add_raster("3.2", Picture { width: 640, height: 520 }, &map)
    }
}
