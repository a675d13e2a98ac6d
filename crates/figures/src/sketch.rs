//! Labelled points and lines at equal scale on both axes: constructions of geometry (thesis figs. 4.12, 4.13).

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::{DrawResult, Drawing};
use crate::frame::{Counts, Frame, at_equal_scale, extent};
use crate::style::{Style, categorical};

/// A line through points.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Its points.
    pub points: Vec<(f64, f64)>,
    /// Number of its colour.
    pub colour: usize,
    /// Whether it is an aid to the eye only.
    pub is_thin: bool,
}

/// A point with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Where it lies.
    pub at: (f64, f64),
    /// Beside it.
    pub label: String,
    /// Number of its colour.
    pub colour: usize,
    /// Whether the label stands below the point, and not above.
    pub is_below: bool,
}

/// One construction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SketchPanel {
    /// Above it.
    pub title: String,
    /// Below the horizontal axis.
    pub x_label: String,
    /// Beside the vertical axis.
    pub y_label: String,
    /// Lines, drawn first.
    pub strokes: Vec<Stroke>,
    /// Points, drawn last.
    pub marks: Vec<Mark>,
    /// Whether numbers on the axes would mean nothing.
    pub hides_axes: bool,
}

/// Constructions side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    /// The constructions.
    pub panels: Vec<SketchPanel>,
}

impl Drawing for Sketch {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        for (cell, panel) in area.split_evenly((1, self.panels.len().max(1))).iter().zip(&self.panels) {
            panel.draw(cell, style)?;
        }
        Ok(())
    }
}

impl SketchPanel {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let all = || self.strokes.iter().flat_map(|s| &s.points).chain(self.marks.iter().map(|m| &m.at));
        let (width, height) = area.dim_in_pixel();
        // What the frame takes for its title, ticks and labels.
        let room = (f64::from(width) - 70.0 * style.scale, f64::from(height) - 66.0 * style.scale);
        let (x, y) = at_equal_scale(extent(all().map(|p| p.0)), extent(all().map(|p| p.1)), room, 1.25);
        let frame = Frame {
            title: &self.title,
            x_label: &self.x_label,
            y_label: &self.y_label,
            x,
            y,
            log_y: false,
            counts: Counts::Neither,
        };
        let mut chart = if self.hides_axes {
            let mut builder = ChartBuilder::on(area);
            builder.margin(style.px(6.0)).caption(&self.title, style.title());
            builder.build_cartesian_2d(frame.x.clone(), frame.y.clone())?
        } else {
            frame.draw(area, style)?
        };
        for stroke in &self.strokes {
            let line = style.line(categorical(stroke.colour), if stroke.is_thin { 0.6 } else { 1.5 });
            chart.draw_series(LineSeries::new(stroke.points.iter().copied(), line))?;
        }
        for mark in &self.marks {
            let colour = categorical(mark.colour);
            let text = style.text().color(&colour);
            let rise = if mark.is_below { style.px(3.0) } else { -style.px(15.0) };
            let marked = EmptyElement::at(mark.at)
                + Circle::new((0, 0), style.px(3.0), colour.filled())
                + Text::new(mark.label.clone(), (style.px(4.0), rise), text);
            chart.draw_series([marked])?;
        }
        Ok(())
    }
}
