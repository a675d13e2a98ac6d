//! Matrices as colours, with a colour bar: weights, averaged activations (thesis figs. 3.11, 3.12, 3.14).

use ndarray::ArrayView2;
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::{DrawResult, Drawing};
use crate::colour_bar::{BAR_WIDTH, ColourBar};
use crate::colour_map::ColourMap;
use crate::frame::{Counts, Frame, extent};
use crate::style::Style;

/// One matrix: columns along the horizontal axis, rows along the vertical one from below.
#[derive(Clone, Debug)]
pub struct HeatMap<'a> {
    /// Above it.
    pub title: String,
    /// What its columns are.
    pub x_label: &'a str,
    /// What its rows are.
    pub y_label: &'a str,
    /// What its values are, with their unit; beside the colour bar.
    pub value_label: &'a str,
    /// Number of the first column on the axis.
    pub first_column: usize,
    /// Number of the first row on the axis.
    pub first_row: usize,
    /// The values; what is no number is grey.
    pub values: ArrayView2<'a, f64>,
    /// How they are coloured.
    pub colours: ColourMap,
}

/// Heat maps in a grid, row by row.
#[derive(Clone, Debug)]
pub struct HeatMaps<'a> {
    /// The maps.
    pub maps: Vec<HeatMap<'a>>,
    /// Columns of the grid.
    pub n_columns: usize,
}

impl Drawing for HeatMaps<'_> {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let n_rows = self.maps.len().div_ceil(self.n_columns).max(1);
        let cells = area.split_evenly((n_rows, self.n_columns));
        cells.iter().zip(&self.maps).try_for_each(|(cell, map)| map.draw(cell, style))
    }
}

impl Drawing for HeatMap<'_> {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let (n_rows, n_columns) = self.values.dim();
        let range = extent(self.values.iter().copied());
        let ends = self.colours.ends(range.start, range.end);
        let (body, bar) = area.split_horizontally(area.dim_in_pixel().0 as i32 - style.px(BAR_WIDTH));
        let (left, low) = (self.first_column as f64 - 0.5, self.first_row as f64 - 0.5);
        let frame = Frame {
            title: &self.title,
            x_label: self.x_label,
            y_label: self.y_label,
            x: left..left + n_columns as f64,
            y: low..low + n_rows as f64,
            log_y: false,
            counts: Counts::Both,
        };
        let mut chart = frame.draw(&body, style)?;
        let cells = self.values.indexed_iter().map(|((row, column), &value)| {
            let (x, y) = (left + column as f64, low + row as f64);
            Rectangle::new([(x, y), (x + 1.0, y + 1.0)], self.colours.colour(value, ends).filled())
        });
        chart.draw_series(cells)?;
        let (lo, hi) = ends;
        let colour_bar = ColourBar {
            label: self.value_label,
            ends,
            ticks: [lo, (lo + hi) / 2.0, hi].map(|value| (value, short(value, hi - lo))).to_vec(),
            colour: |value| self.colours.colour(value, ends),
        };
        colour_bar.draw(&bar, style)
    }
}

/// A number of the colour bar: as many digits as its span needs.
fn short(value: f64, span: f64) -> String {
    let digits = if 100.0 <= span {
        0
    } else if 10.0 <= span {
        1
    } else if 0.1 <= span {
        2
    } else {
        3
    };
    let text = format!("{value:.digits$}");
    if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') { "0".into() } else { text }
}
