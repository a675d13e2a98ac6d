//! Signals in a grid, each on a scale of its own (thesis figs. 5.1 to 5.5 and 7.1).

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::{DrawResult, Drawing};
use crate::frame::{Counts, Frame, extent};
use crate::position::draw_mark;
use crate::style::{MARK, PALE, Style, categorical};

/// One panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignalPanel {
    /// Above it.
    pub title: String,
    /// Beside its vertical axis, with its unit.
    pub y_label: &'static str,
    /// Below its horizontal axis; `position i` where there is none.
    pub x_label: Option<&'static str>,
    /// The values, at positions from 1.
    pub signal: Vec<f64>,
    /// What is added to the positions: 20 where the first value stands at 21.
    pub offset: usize,
    /// A second signal drawn pale beneath it, to compare with; may be empty.
    pub beneath: Vec<f64>,
    /// A position that is marked.
    pub mark: Option<f64>,
}

/// Panels in a grid, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalPanels {
    /// The panels.
    pub panels: Vec<SignalPanel>,
    /// Columns of the grid.
    pub n_columns: usize,
}

impl Drawing for SignalPanels {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let n_rows = self.panels.len().div_ceil(self.n_columns).max(1);
        let cells = area.split_evenly((n_rows, self.n_columns));
        for (place, (cell, panel)) in cells.iter().zip(&self.panels).enumerate() {
            // What positions are is said in the lowest row, and above one where they are something else.
            let below = self.panels.get(place + self.n_columns);
            let is_lowest = place / self.n_columns + 1 == n_rows
                || below.is_some_and(|below| below.x_label != panel.x_label);
            // What the values are is said again only where it changes.
            let is_first = place % self.n_columns == 0 || self.panels[place - 1].y_label != panel.y_label;
            let x_label = panel.x_label.unwrap_or("position i");
            let labels = [if is_lowest { x_label } else { "" }, if is_first { panel.y_label } else { "" }];
            panel.draw(cell, labels, style)?;
        }
        Ok(())
    }
}

impl SignalPanel {
    fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        [x_label, y_label]: [&str; 2],
        style: &Style,
    ) -> DrawResult<B> {
        let offset = self.offset as f64;
        let y = extent(self.signal.iter().chain(&self.beneath).copied());
        let margin = 0.08 * (y.end - y.start);
        let frame = Frame {
            title: &self.title,
            x_label,
            y_label,
            x: offset..offset + self.signal.len() as f64 + 1.0,
            // Ends at round numbers have few digits, and leave more room to the signal.
            y: (10.0 * (y.start - margin)).floor() / 10.0..(10.0 * (y.end + margin)).ceil() / 10.0,
            log_y: false,
            counts: Counts::X,
        };
        let mut chart = frame.draw(area, style)?;
        if frame.y.start < 0.0 && 0.0 < frame.y.end {
            let zero = [(frame.x.start, 0.0), (frame.x.end, 0.0)];
            chart.draw_series(LineSeries::new(zero, style.line(PALE, 1.0)))?;
        }
        if let Some(x) = self.mark {
            draw_mark(&mut chart, x, &frame, MARK, style)?;
        }
        let lines = [
            (&self.beneath, style.line(RGBColor(150, 150, 150), 1.0)),
            (&self.signal, style.line(categorical(0), 1.2)),
        ];
        for (values, line) in lines {
            let points = values.iter().enumerate().map(|(i, &v)| (offset + (i + 1) as f64, v));
            chart.draw_series(LineSeries::new(points.filter(|p| p.1.is_finite()), line))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Picture;

    #[test]
    fn what_the_values_are_is_said_where_it_changes_and_marks_where_they_are() {
        let panel = |y_label, mark| SignalPanel {
            y_label,
            signal: vec![0.0, 1.0, 0.5],
            mark,
            ..SignalPanel::default()
        };
        let panels = vec![panel("volts", Some(1.5)), panel("volts", None), panel("bits", None)];
        let draw = |panels: Vec<SignalPanel>| {
            Picture { width: 600, height: 240 }.svg(&SignalPanels { panels, n_columns: 3 }).unwrap()
        };
        let text = draw(panels);
        let says = |words: &str| text.lines().filter(|line| line.trim() == words).count();
        assert_eq!((says("volts"), says("bits"), says("position i")), (1, 1, 3));
        let dashes = |text: &str| text.matches("stroke=\"#D55E00\"").count();
        assert!(0 < dashes(&text));
        assert_eq!(dashes(&draw(vec![panel("volts", None)])), 0);
    }

    #[test]
    fn positions_begin_where_they_are_said_to_and_are_called_what_they_are() {
        let panel =
            SignalPanel { x_label: Some("day"), signal: vec![0.0; 60], offset: 20, ..SignalPanel::default() };
        let grid = SignalPanels { panels: vec![panel], n_columns: 1 };
        let text = Picture { width: 400, height: 200 }.svg(&grid).unwrap();
        let says = |words: &str| text.lines().filter(|line| line.trim() == words).count();
        assert_eq!([says("day"), says("position i"), says("80"), says("10")], [1, 0, 1, 0]);
    }
}
