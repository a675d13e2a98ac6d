//! Signals in a grid on one scale, each over what it is made from (thesis fig. 3.1).

use ndarray::ArrayView1;
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::{DrawResult, Drawing};
use crate::frame::{Counts, Frame, extent};
use crate::position::draw_mark;
use crate::style::{MARK, PALE, Style, categorical};

/// One signal.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal<'a> {
    /// Above it.
    pub title: String,
    /// `[n_samples]`: the values, at positions from 1.
    pub values: ArrayView1<'a, f64>,
    /// A broad pale line beneath it, by position and value: the signal without its noise. May be empty.
    pub beneath: Vec<(f64, f64)>,
    /// A position that is marked.
    pub mark: Option<f64>,
}

/// Signals in a grid, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalGrid<'a> {
    /// The signals.
    pub signals: Vec<Signal<'a>>,
    /// What the values are, with their unit.
    pub y_label: &'a str,
    /// Columns of the grid.
    pub n_columns: usize,
}

/// What the vertical axis has beyond the values.
const MARGIN: f64 = 0.3;

impl Drawing for SignalGrid<'_> {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let n_rows = self.signals.len().div_ceil(self.n_columns).max(1);
        let values = self.signals.iter().flat_map(|s| s.values.iter().chain(s.beneath.iter().map(|p| &p.1)));
        let y = extent(values.copied());
        for (cell, signal) in area.split_evenly((n_rows, self.n_columns)).iter().zip(&self.signals) {
            let frame = Frame {
                title: &signal.title,
                x_label: "position i",
                y_label: self.y_label,
                x: 0.0..signal.values.len() as f64 + 1.0,
                y: y.start - MARGIN..y.end + MARGIN,
                log_y: false,
                counts: Counts::X,
            };
            let mut chart = frame.draw(cell, style)?;
            let beneath = signal.beneath.iter().copied().filter(|p| p.1.is_finite());
            chart.draw_series(LineSeries::new(beneath, style.line(PALE, 2.5)))?;
            let points = signal.values.iter().enumerate().map(|(i, &x)| ((i + 1) as f64, x));
            chart.draw_series(LineSeries::new(
                points.filter(|p| p.1.is_finite()),
                style.line(categorical(0), 1.0),
            ))?;
            if let Some(x) = signal.mark {
                draw_mark(&mut chart, x, &frame, MARK, style)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;
    use crate::picture::Picture;

    const SIZE: Picture = Picture { width: 300, height: 240 };

    fn svg(values: &Array1<f64>, beneath: Vec<(f64, f64)>, mark: Option<f64>) -> String {
        let signal = Signal { title: "a burst at 3".into(), values: values.view(), beneath, mark };
        SIZE.svg(&SignalGrid { signals: vec![signal], y_label: "volts", n_columns: 1 }).unwrap()
    }

    #[test]
    fn the_words_are_the_callers() {
        let text = svg(&array![0.0, 1.0, 0.0], Vec::new(), None);
        let says = |words: &str| text.lines().any(|line| line.trim() == words);
        assert!(says("a burst at 3") && says("volts"), "{text}");
    }

    #[test]
    fn a_position_is_marked_and_a_line_drawn_beneath_where_there_is_one() {
        let values = array![0.0, 1.0, 0.0];
        let lines = |text: &str, colour: &str| text.matches(&format!("stroke=\"{colour}\"")).count();
        let (mark, pale) = ("#D55E00", "#DEDEDE");
        let plain = svg(&values, Vec::new(), None);
        assert_eq!((lines(&plain, mark), lines(&plain, pale)), (0, 0));
        let marked = svg(&values, vec![(1.0, 0.0), (3.0, 0.0)], Some(2.5));
        assert!(0 < lines(&marked, mark));
        assert_eq!(lines(&marked, pale), 1);
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        let with = svg(&array![0.0, f64::NAN, 1.0], vec![(1.0, f64::NAN), (2.0, 1.0), (3.0, 0.0)], None);
        let points = |colour: &str| -> Vec<usize> {
            let lines = with.lines().filter(|line| line.contains("<polyline") && line.contains(colour));
            lines.map(|line| line.split("points=\"").nth(1).unwrap().matches(',').count()).collect()
        };
        assert_eq!((points("#DEDEDE"), points("#0072B2")), (vec![2], vec![2]));
    }

    #[test]
    fn one_scale_holds_every_signal_and_what_lies_beneath() {
        let values = array![0.0, 1.0];
        let high = svg(&values, vec![(1.0, 0.0), (2.0, 40.0)], None);
        assert!(high.lines().any(|line| line.trim() == "40"), "the axis reaches 40: {high}");
        SIZE.svg(&SignalGrid { signals: Vec::new(), y_label: "volts", n_columns: 1 }).unwrap();
    }
}
