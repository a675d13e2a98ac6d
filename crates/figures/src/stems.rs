//! Filters as stems, in panels side by side (thesis figs. 3.6, 3.15, 3.16).

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::{DrawResult, Drawing};
use crate::frame::{Counts, Frame, extent};
use crate::style::{INK, Style, categorical};

/// One filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Stems {
    /// Above it.
    pub title: String,
    /// Position and value of each tap.
    pub taps: Vec<(f64, f64)>,
}

/// Filters in a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct StemChart<'a> {
    /// The filters.
    pub panels: Vec<Stems>,
    /// What the positions are.
    pub x_label: &'a str,
    /// What the values are.
    pub y_label: &'a str,
    /// Columns of the grid.
    pub n_columns: usize,
}

impl Drawing for StemChart<'_> {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let n_rows = self.panels.len().div_ceil(self.n_columns).max(1);
        for (cell, panel) in area.split_evenly((n_rows, self.n_columns)).iter().zip(&self.panels) {
            let x = extent(panel.taps.iter().map(|t| t.0));
            let y = extent(panel.taps.iter().map(|t| t.1).chain([0.0]));
            let margin = 0.08 * (y.end - y.start).max(1e-9);
            let frame = Frame {
                title: &panel.title,
                x_label: self.x_label,
                y_label: self.y_label,
                x: x.start - 0.5..x.end + 0.5,
                y: y.start - margin..y.end + margin,
                log_y: false,
                counts: Counts::X,
            };
            let mut chart = frame.draw(cell, style)?;
            chart.draw_series(LineSeries::new(
                [(frame.x.start, 0.0), (frame.x.end, 0.0)],
                style.line(INK, 0.5),
            ))?;
            let colour = categorical(0);
            for &(x, y) in &panel.taps {
                chart.draw_series(LineSeries::new([(x, 0.0), (x, y)], style.line(colour, 1.0)))?;
            }
            let radius = style.px(if panel.taps.len() <= 30 { 2.5 } else { 1.5 });
            chart.draw_series(panel.taps.iter().map(|&tap| Circle::new(tap, radius, colour.filled())))?;
        }
        Ok(())
    }
}
