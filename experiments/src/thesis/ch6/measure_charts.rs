//! The deviations of a network layer by layer, drawn (thesis figs. 6.7 to 6.14): over seeds, or one seed over its signals.

use vitrine_analysis::deviations::{Deviation, PlainDistances};
use vitrine_analysis::statistics::Interval;
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::Gallery;

use super::measures::{Measured, Pick, without_output};

/// Pixels of a panel.
const WIDTH: u32 = 320;
const HEIGHT: u32 = 270;

/// A distance by name, with how it is measured within classes, between them, and between them without debiasing.
pub struct Distance {
    pub name: &'static str,
    pub y_label: &'static str,
    pub inner: Pick,
    pub inter: Pick,
    pub plain: fn(&PlainDistances) -> f64,
}

/// A distance by the field that holds it.
macro_rules! distance {
    ($field:ident, $name:literal, $y_label:literal) => {
        Distance {
            name: $name,
            y_label: $y_label,
            inner: |l| l.inner.$field,
            inter: |l| l.inter.$field,
            plain: |d| d.$field,
        }
    };
}

/// Euclidean distance, which grows with the activation level.
pub const EUCLIDEAN: Distance = distance!(euclidean, "Euclidean", "distance");
/// Euclidean distance over the activation level.
pub const NORMALISED: Distance = distance!(normalised_euclidean, "normalised Euclidean", "distance / level");
/// Cosine distance.
pub const COSINE: Distance = distance!(cosine, "cosine", "1 − cos");
/// Correlation distance.
pub const CORRELATION: Distance = distance!(correlation, "correlation", "1 − ρ");

/// The distances that do not depend on the activation level.
pub const LEVEL_FREE: [Distance; 3] = [COSINE, CORRELATION, NORMALISED];

/// Distances between directions, which the thesis' text on memorising is about.
pub const ANGLES: [Distance; 2] = [COSINE, CORRELATION];

/// The activation level.
pub const LEVEL: Pick = |l| l.activation_level;

/// Each layer's mean over seeds with its 95 % interval; of a single seed, its value with the interval over signals.
pub fn over_seeds(networks: &[Vec<Measured>], of: impl Fn(&Measured) -> Deviation) -> Vec<Interval> {
    match networks {
        [alone] => alone.iter().map(|layer| of(layer).interval).collect(),
        _ => {
            let n_layers = networks.iter().map(Vec::len).min().unwrap_or(0);
            let values =
                |l: usize| -> Vec<f64> { networks.iter().map(|n| of(&n[l]).interval.mean).collect() };
            (0..n_layers).map(|l| Interval::of_mean(&values(l))).collect()
        }
    }
}

/// A panel with one line per measure, from the input to the last hidden layer.
pub fn panel(networks: &[Vec<Measured>], title: &str, y_label: &str, lines: &[(&str, Pick)]) -> Panel {
    let mut panel = Panel {
        title: title.into(),
        x_label: "layer (0 = input)".into(),
        y_label: y_label.into(),
        ..Panel::default()
    };
    for (name, pick) in lines {
        panel.add_line(name, points(networks, |m| pick(&m.deviations)));
    }
    panel
}

/// A panel with one measure of a network and, in grey, the same under labels permuted once more.
fn panel_with_chance(
    networks: &[Vec<Measured>],
    title: &str,
    y_label: &str,
    name: &str,
    pick: Pick,
) -> Panel {
    let permuted = points(networks, |m| pick(&m.permuted)).into_iter().map(|(layer, mean, ..)| (layer, mean));
    let grey = vec![Series { name: "labels permuted".into(), points: permuted.collect() }];
    Panel { grey, ..panel(networks, title, y_label, &[(name, pick)]) }
}

/// `(layer, mean, lo, hi)` without the softmax output.
fn points(networks: &[Vec<Measured>], of: impl Fn(&Measured) -> Deviation) -> Vec<(f64, f64, f64, f64)> {
    let hidden: Vec<Vec<Measured>> =
        networks.iter().map(|network| without_output(network).to_vec()).collect();
    let intervals = over_seeds(&hidden, of);
    intervals.into_iter().enumerate().map(|(layer, i)| (layer as f64, i.mean, i.lo, i.hi)).collect()
}

/// Draws the distances that do not depend on the activation level in two rows of panels, each on scales of its own:
/// within classes as figure `{figure}{first}`, between them as `{figure}{second}`.
///
/// # Errors
/// When a figure cannot be drawn or written.
pub fn draw_level_free(
    gallery: &mut Gallery,
    [within, between]: [&str; 2],
    networks: &[Vec<Measured>],
    name: &str,
) -> anyhow::Result<()> {
    let panels = |of: &str, pick: fn(&Distance) -> Pick| -> Vec<Panel> {
        let panel = |d: &Distance| {
            panel_with_chance(networks, &format!("{of}: {}", d.name), d.y_label, name, pick(d))
        };
        LEVEL_FREE.iter().map(panel).collect()
    };
    draw(gallery, within, panels("within", |d| d.inner))?;
    draw(gallery, between, panels("between", |d| d.inter))
}

/// Draws all measures of a network, a part of the figure each, as the thesis has them: Euclidean distance, activation
/// level, beside that of the `learning` network where it is given, and within and between classes what does not depend
/// on it.
///
/// # Errors
/// When a figure cannot be drawn or written.
pub fn draw_all(
    gallery: &mut Gallery,
    figure: &str,
    networks: &[Vec<Measured>],
    name: &str,
    learning: Option<&[Vec<Measured>]>,
) -> anyhow::Result<()> {
    let euclidean = |of: &str, pick: Pick| {
        panel_with_chance(networks, &format!("{of}: {}", EUCLIDEAN.name), EUCLIDEAN.y_label, name, pick)
    };
    let panels = vec![euclidean("within", EUCLIDEAN.inner), euclidean("between", EUCLIDEAN.inter)];
    draw(gallery, &format!("{figure}a"), panels)?;
    let mut level = panel(networks, "activation level", "mean |a|₁", &[(name, LEVEL)]);
    if let Some(learning) = learning {
        level.add_line("learning", points(learning, |m| LEVEL(&m.deviations)));
    }
    draw(gallery, &format!("{figure}b"), vec![level])?;
    let parts = ["c", "d"].map(|part| format!("{figure}{part}"));
    draw_level_free(gallery, [&parts[0], &parts[1]], networks, name)
}

/// Draws panels side by side.
///
/// # Errors
/// When the figure cannot be drawn or written.
pub fn draw(gallery: &mut Gallery, figure: &str, panels: Vec<Panel>) -> anyhow::Result<()> {
    let picture = Picture { width: WIDTH * panels.len() as u32, height: HEIGHT };
    gallery.add(figure, picture, &LineChart { panels })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use vitrine_data::Tree;

    use super::*;
    use crate::thesis::ch6::measures::tests::network;

    #[test]
    fn layers_of_several_seeds_have_the_interval_of_their_mean_and_those_of_one_that_over_signals() {
        let of = |level: f64| network([level; 4], [0.5; 4], [0.1; 4]);
        let [one, other] = [1.0, 3.0].map(of);
        let level: fn(&Measured) -> Deviation = |m| m.deviations.activation_level;
        let over_both = over_seeds(&[one.clone(), other], level);
        // Student's t of one degree of freedom is 12.706, and the standard error 1.
        assert_eq!((over_both.len(), over_both[0]), (5, Interval::of_mean(&[1.0, 3.0])));
        assert!((over_both[0].hi - 14.706).abs() < 1e-3 && over_both[0].n == 2, "{:?}", over_both[0]);
        assert_eq!(over_seeds(std::slice::from_ref(&one), level)[0], level(&one[0]).interval);
    }

    /// The texts of an SVG, those of vertical axes apart as numbers.
    fn texts(svg: &str) -> (Vec<String>, Vec<f64>) {
        let (mut words, mut ticks) = (Vec::new(), Vec::new());
        for text in svg.split("<text ").skip(1) {
            let (attributes, rest) = text.split_once('>').unwrap();
            let word = rest.split('<').next().unwrap().trim();
            match word.parse() {
                Ok(tick) if attributes.contains("text-anchor=\"end\"") => ticks.push(tick),
                _ => words.push(word.to_string()),
            }
        }
        (words, ticks)
    }

    #[test]
    fn what_is_within_classes_and_what_is_between_them_are_figures_on_scales_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let mut gallery = Gallery::new(Tree::at(folder.path()));
        let layers = network([1.0, 2.0, 3.0, 4.0], [0.5, 0.6, 0.5, 0.4], [0.01, 0.02, 0.01, 0.012]);
        draw_all(&mut gallery, "6.13", &[layers], "learning", None).unwrap();
        assert_eq!(gallery.names(), ["6.13a", "6.13b", "6.13c", "6.13d"]);
        for (figure, own, others, highest) in
            [("6.13c", "within: ", "between: ", 0.4..0.7), ("6.13d", "between: ", "within: ", 0.02..0.1)]
        {
            let svg = fs::read_to_string(folder.path().join(format!("fig{figure}.svg"))).unwrap();
            let (words, ticks) = texts(&svg);
            let n = |start: &str| words.iter().filter(|word| word.starts_with(start)).count();
            assert_eq!((n(own), n(others), n("labels permuted")), (3, 0, 3), "{figure}: {words:?}");
            let largest = ticks.iter().copied().fold(0.0, f64::max);
            assert!(highest.contains(&largest), "{figure}: {ticks:?}");
        }
    }
}
