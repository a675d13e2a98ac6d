//! The deviations of a network layer by layer, drawn (thesis figs. 6.7 to 6.14).

use vitrine_analysis::deviations::Deviation;
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::Gallery;

use super::measures::{Measured, Pick};

/// A panel with one line per measure.
pub fn panel(measured: &[Measured], title: &str, y_label: &str, lines: &[(&str, Pick)]) -> Panel {
    let (series, intervals) = lines.iter().map(|(name, pick)| line(measured, name, *pick)).unzip();
    Panel {
        title: title.into(),
        x_label: "layer (0 = input)".into(),
        y_label: y_label.into(),
        series,
        intervals,
        ..Panel::default()
    }
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

/// A line over the layers, 0 being the input, and its intervals over signals.
fn line(measured: &[Measured], name: &str, pick: Pick) -> (Series, Vec<(f64, f64, f64)>) {
    let values: Vec<(f64, Deviation)> =
        measured.iter().enumerate().map(|(layer, m)| (layer as f64, pick(&m.deviations))).collect();
    let points = values.iter().map(|(layer, d)| (*layer, d.interval.mean)).collect();
    let bars = values.iter().map(|(layer, d)| (*layer, d.interval.lo, d.interval.hi)).collect();
    (Series { name: name.into(), points }, bars)
}
