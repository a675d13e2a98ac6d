//! The deviations of a network layer by layer, drawn (thesis figs. 6.7 to 6.14).

use vitrine_figures::{LineChart, Panel, Picture};
use vitrine_lab::Gallery;

use super::measures::{Measured, Pick};

/// A panel with one line per measure, over the layers with intervals over signals.
pub fn panel(measured: &[Measured], title: &str, y_label: &str, lines: &[(&str, Pick)]) -> Panel {
    let mut panel = Panel {
        title: title.into(),
        x_label: "layer (0 = input)".into(),
        y_label: y_label.into(),
        ..Panel::default()
    };
    for (name, pick) in lines {
        let over_signals = measured.iter().map(|m| pick(&m.deviations).interval);
        let points = over_signals.enumerate().map(|(layer, i)| (layer as f64, i.mean, i.lo, i.hi));
        panel.add_line(name, points);
    }
    panel
}

/// Inner- and inter-class deviation by each of the four distances, in two rows of panels: the pictures of figures 6.7
/// to 6.9 for the learning network, and of 6.12 to 6.14 for the others.
pub fn all_panels(measured: &[Measured], of: &str) -> [LineChart; 2] {
    let two = |title: &str, y_label: &str, inner: Pick, inter: Pick| {
        let title = if of.is_empty() { title.to_string() } else { format!("{of}: {title}") };
        panel(measured, &title, y_label, &[("inner-class", inner), ("inter-class", inter)])
    };
    let euclidean = two("Euclidean", "distance", |l| l.inner.euclidean, |l| l.inter.euclidean);
    let normalised = two(
        "normalised",
        "distance / level",
        |l| l.inner.normalised_euclidean,
        |l| l.inter.normalised_euclidean,
    );
    let cosine = two("cosine", "1 − cos", |l| l.inner.cosine, |l| l.inter.cosine);
    let correlation = two("correlation", "1 − ρ", |l| l.inner.correlation, |l| l.inter.correlation);
    [LineChart { panels: vec![euclidean, normalised] }, LineChart { panels: vec![cosine, correlation] }]
}

/// Draws both rows as figures `{figure}a` and `{figure}b`, and the activation level as `{figure}c`.
///
/// # Errors
/// When a figure cannot be drawn or written.
pub fn draw_all(gallery: &mut Gallery, figure: &str, measured: &[Measured], of: &str) -> anyhow::Result<()> {
    let picture = Picture { width: 640, height: 280 };
    for (part, chart) in ["a", "b"].iter().zip(all_panels(measured, of)) {
        gallery.add(&format!("{figure}{part}"), picture, &chart)?;
    }
    let level = panel(measured, "activation level", "mean |a|₁", &[("level", |l| l.activation_level)]);
    let picture = Picture { width: 320, height: 280 };
    gallery.add(&format!("{figure}c"), picture, &LineChart { panels: vec![level] })
}
