//! The signals (thesis sec. 3.1): examples with their jumps, figure 3.1.

use ndarray::{ArrayView1, s};
use serde::{Deserialize, Serialize};
use vitrine_figures::{Picture, Signal, SignalGrid, edge_before};
use vitrine_lab::{About, Gallery, Matrix, Study, Vector};

use crate::thesis::Context;

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

/// Signals with their jumps.
#[derive(Serialize, Deserialize)]
pub struct Found {
    signals: Matrix,
    jumps: Vector,
    jump_size: f64,
}

impl Study for Examples {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let signals = cx.evaluation(cx.plan.first_seed());
        let n = N_EXAMPLES.min(signals.jumps.len());
        Ok(Found {
            signals: Matrix::of(signals.dataset.rows().slice(s![..n, ..])),
            jumps: Vector::of_counts(&signals.jumps[..n]),
            jump_size: cx.plan.settings.signals.jump_size,
        })
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let signals = found.signals.rows().into_iter().zip(found.jumps.counts());
        let signals = signals.map(|(values, jump)| over_its_step(values, jump, found.jump_size)).collect();
        let grid = SignalGrid { signals, y_label: "signal x[i]", n_columns: 2 };
        gallery.add("3.1", Picture { width: 640, height: 540 }, &grid)
    }
}

/// A signal over the step of height `size` that it is made from, its jump marked.
fn over_its_step(values: ArrayView1<'_, f64>, jump: usize, size: f64) -> Signal<'_> {
    let edge = edge_before(jump);
    let step = vec![(1.0, 0.0), (edge, 0.0), (edge, size), (values.len() as f64, size)];
    Signal { title: format!("jump at {jump}"), values, beneath: step, mark: Some(edge) }
}
