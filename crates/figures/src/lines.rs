//! Lines over one quantity, in panels side by side: training curves, errors against a setting (thesis fig. 3.9).

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::DrawResult;
use crate::canvas::Drawing;
use crate::frame::{Chart, Frame, extent};
use crate::style::{INK, Style, categorical};

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// Its points; those that are no numbers are left out.
    pub points: Vec<(f64, f64)>,
}

/// A panel of lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Above it.
    pub title: String,
    /// Below the horizontal axis, with its unit.
    pub x_label: String,
    /// Beside the vertical axis, with its unit.
    pub y_label: String,
    /// The lines.
    pub series: Vec<Series>,
    /// Thin lines, one per series and in its colour: a bound, a reference.
    pub bounds: Vec<Vec<(f64, f64)>>,
    /// Points marked on the series, one each: an optimum.
    pub optima: Vec<(f64, f64)>,
    /// A position on the horizontal axis that is marked, with what it is.
    pub mark: Option<(f64, String)>,
}

/// Panels side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    /// The panels.
    pub panels: Vec<Panel>,
}

impl Drawing for LineChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        for (cell, panel) in area.split_evenly((1, self.panels.len().max(1))).iter().zip(&self.panels) {
            panel.draw(cell, style)?;
        }
        Ok(())
    }
}

impl Panel {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        // The legend stands in a strip of its own, so that it never covers a line.
        let (body, legend) = area.split_vertically(area.dim_in_pixel().1 as i32 - style.px(20.0));
        let points = || self.series.iter().map(|s| &s.points).chain(&self.bounds).flatten().copied();
        let y = extent(points().map(|p| p.1));
        let margin = 0.04 * (y.end - y.start);
        let frame = Frame {
            title: &self.title,
            x_label: &self.x_label,
            y_label: &self.y_label,
            x: extent(points().map(|p| p.0)),
            // Losses and errors are read against zero, where zero is near.
            y: if 0.0 <= y.start && y.start < 0.6 * y.end {
                0.0..y.end + margin
            } else {
                y.start - margin..y.end + margin
            },
            log_y: false,
        };
        let mut chart = frame.draw(&body, style)?;
        for (i, series) in self.series.iter().enumerate() {
            let finite = series.points.iter().copied().filter(|p| p.0.is_finite() && p.1.is_finite());
            chart.draw_series(LineSeries::new(finite, style.line(categorical(i), 1.3)))?;
        }
        for (i, bound) in self.bounds.iter().enumerate() {
            chart.draw_series(LineSeries::new(bound.iter().copied(), style.line(categorical(i), 0.6)))?;
        }
        for (i, &optimum) in self.optima.iter().enumerate() {
            chart.draw_series([Circle::new(optimum, style.px(3.5), categorical(i).filled())])?;
        }
        if let Some((x, text)) = &self.mark {
            draw_mark(&mut chart, *x, text, &frame, style)?;
        }
        self.draw_legend(&legend, style)
    }

    fn draw_legend<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let mut x = style.px(46.0);
        let y = style.px(8.0);
        for (i, series) in self.series.iter().enumerate() {
            area.draw(&PathElement::new([(x, y), (x + style.px(18.0), y)], style.line(categorical(i), 2.0)))?;
            area.draw(&Text::new(
                series.name.clone(),
                (x + style.px(23.0), y - style.px(6.0)),
                style.text(),
            ))?;
            x += style.px(38.0 + 6.6 * series.name.chars().count() as f64);
        }
        Ok(())
    }
}

fn draw_mark<B: DrawingBackend>(
    chart: &mut Chart<'_, B>,
    x: f64,
    text: &str,
    frame: &Frame<'_>,
    style: &Style,
) -> DrawResult<B> {
    let line = [(x, frame.y.start), (x, frame.y.end)];
    let (dash, gap) = (style.px(4.0) as u32, style.px(3.0) as u32);
    chart.draw_series(DashedLineSeries::new(line, dash, gap, style.line(INK, 1.0)))?;
    // The text stands on the side with more room.
    let right = x - frame.x.start < 0.6 * (frame.x.end - frame.x.start);
    let width = style.px(6.4 * text.chars().count() as f64);
    let offset = if right { style.px(4.0) } else { -width - style.px(2.0) };
    let label = EmptyElement::at((x, frame.y.end))
        + Text::new(text.to_string(), (offset, style.px(3.0)), style.text());
    chart.draw_series([label])?;
    Ok(())
}
