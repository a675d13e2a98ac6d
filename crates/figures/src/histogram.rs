//! Histograms of whole numbers, side by side (thesis figs. 3.7 and 3.10).
//!
//! Counts stand on a logarithmic axis, since the few large errors are what a detector is judged by.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::{DrawResult, Drawing};
use crate::frame::{Counts, Frame};
use crate::style::{Style, categorical};

/// Where bars begin: below one, so that a single count shows.
const BASE: f64 = -0.3;

/// Histograms side by side: each a title and how often 0, 1, 2, … occurs.
#[derive(Clone, Debug, PartialEq)]
pub struct Histograms<'a> {
    /// Title and counts of each panel.
    pub panels: Vec<(String, Vec<f64>)>,
    /// What is counted, with its unit.
    pub x_label: &'a str,
    /// What one count is.
    pub y_label: &'a str,
}

impl Drawing for Histograms<'_> {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        for (cell, (title, counts)) in
            area.split_evenly((1, self.panels.len().max(1))).iter().zip(&self.panels)
        {
            let largest = counts.iter().copied().fold(1.0, f64::max);
            let frame = Frame {
                title,
                x_label: self.x_label,
                y_label: self.y_label,
                x: -0.7..counts.len().max(1) as f64 - 0.3,
                y: BASE..largest.log10() + 0.1,
                log_y: true,
                counts: Counts::X,
            };
            let mut chart = frame.draw(cell, style)?;
            let bars = counts.iter().enumerate().filter(|(_, count)| 0.0 < **count).map(|(value, &count)| {
                let x = value as f64;
                Rectangle::new([(x - 0.4, BASE), (x + 0.4, count.log10())], categorical(0).filled())
            });
            chart.draw_series(bars)?;
        }
        Ok(())
    }
}
