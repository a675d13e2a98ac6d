//! Noisy signals in a grid, each with its true jump (thesis fig. 3.1).

use ndarray::ArrayView2;
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::DrawResult;
use crate::canvas::Drawing;
use crate::frame::{Counts, Frame, extent};
use crate::style::{MARK, PALE, Style, categorical};

/// A grid of signals.
#[derive(Clone, Debug)]
pub struct SignalGrid<'a> {
    /// `[n_signals, n_features]`.
    pub signals: ArrayView2<'a, f64>,
    /// True jump of each, counted from 1.
    pub jumps: &'a [usize],
    /// Size of the jump, for the step that is drawn beneath.
    pub jump_size: f64,
    /// Columns of the grid.
    pub n_columns: usize,
}

impl Drawing for SignalGrid<'_> {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let (n_signals, n_features) = self.signals.dim();
        let n_rows = n_signals.div_ceil(self.n_columns);
        let y = extent(self.signals.iter().copied());
        for (cell, (signal, &jump)) in area
            .split_evenly((n_rows, self.n_columns))
            .iter()
            .zip(self.signals.rows().into_iter().zip(self.jumps))
        {
            let title = format!("jump at {jump}");
            let frame = Frame {
                title: &title,
                x_label: "position i",
                y_label: "signal x[i]",
                x: 0.0..n_features as f64 + 1.0,
                y: y.start - 0.3..y.end + 0.3,
                log_y: false,
                counts: Counts::X,
            };
            let mut chart = frame.draw(cell, style)?;
            let edge = jump as f64 - 0.5;
            let step = [(1.0, 0.0), (edge, 0.0), (edge, self.jump_size), (n_features as f64, self.jump_size)];
            chart.draw_series(LineSeries::new(step, style.line(PALE, 2.5)))?;
            let points = signal.iter().enumerate().map(|(i, &x)| ((i + 1) as f64, x));
            chart.draw_series(LineSeries::new(points, style.line(categorical(0), 1.0)))?;
            let mark = [(edge, frame.y.start), (edge, frame.y.end)];
            chart.draw_series(DashedLineSeries::new(
                mark,
                style.px(4.0) as u32,
                style.px(3.0) as u32,
                style.line(MARK, 1.0),
            ))?;
        }
        Ok(())
    }
}
