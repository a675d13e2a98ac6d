//! Bars from zero, one for each unit, with the units along the vertical axis: beside a map of weights, each bar lies
//! beside its row (thesis figs. 3.11 and 6.2).

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::{DrawResult, Drawing};
use crate::frame::{Counts, Frame, extent};
use crate::style::{INK, Style, categorical};

/// A value for each unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// Above them.
    pub title: String,
    /// The values, unit 1 lowest; what is no number has no bar.
    pub values: Vec<f64>,
}

/// Bars in a grid, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct BarChart<'a> {
    /// The panels.
    pub panels: Vec<Bars>,
    /// What the values are, with their unit; below the horizontal axis.
    pub x_label: &'a str,
    /// What has a bar.
    pub y_label: &'a str,
    /// Columns of the grid.
    pub n_columns: usize,
}

impl Drawing for BarChart<'_> {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let n_rows = self.panels.len().div_ceil(self.n_columns).max(1);
        for (cell, Bars { title, values }) in
            area.split_evenly((n_rows, self.n_columns)).iter().zip(&self.panels)
        {
            let x = extent(values.iter().copied().chain([0.0]));
            let margin = 0.06 * (x.end - x.start);
            let frame = Frame {
                title,
                x_label: self.x_label,
                y_label: self.y_label,
                x: x.start - margin..x.end + margin,
                y: 0.5..values.len().max(1) as f64 + 0.5,
                log_y: false,
                counts: Counts::Y,
            };
            let mut chart = frame.draw(cell, style)?;
            let bars = values.iter().enumerate().filter(|(_, value)| value.is_finite());
            chart.draw_series(bars.map(|(i, &value)| {
                let unit = (i + 1) as f64;
                Rectangle::new([(0.0, unit - 0.4), (value, unit + 0.4)], categorical(0).filled())
            }))?;
            let zero = [(0.0, frame.y.start), (0.0, frame.y.end)];
            chart.draw_series(LineSeries::new(zero, style.line(INK, 0.5)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Picture;

    fn drawn(values: Vec<f64>) -> String {
        let panels = vec![Bars { title: "output: biases".into(), values }];
        let chart = BarChart { panels, x_label: "bias", y_label: "unit", n_columns: 1 };
        Picture { width: 300, height: 240 }.svg(&chart).unwrap()
    }

    /// Left end, width and upper end of each bar, in pixels.
    fn bars(svg: &str) -> Vec<[i32; 3]> {
        let number = |line: &str, name: &str| {
            let rest = line.split(&format!(" {name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let is_bar = |line: &&str| line.starts_with("<rect") && line.contains("#0072B2");
        svg.lines().filter(is_bar).map(|bar| ["x", "width", "y"].map(|name| number(bar, name))).collect()
    }

    #[test]
    fn a_bar_goes_from_zero_to_its_value_and_the_first_lies_lowest() {
        let svg = drawn(vec![1.0, -2.0, f64::NAN]);
        let bars = bars(&svg);
        let [[positive, short, low], [negative, long, high]] = bars[..] else { panic!("{bars:?}") };
        assert!((positive - negative - long).abs() <= 1, "both begin at zero: {bars:?}");
        assert!((long - 2 * short).abs() <= 2 && high < low, "{bars:?}");
    }

    #[test]
    fn units_are_whole_numbers_and_values_are_not() {
        let svg = drawn(vec![0.02, -0.04]);
        let says = |words: &str| svg.lines().filter(|line| line.trim() == words).count();
        assert_eq!((says("1.5"), says("-0.02"), says("unit"), says("bias")), (0, 1, 1, 1), "{svg}");
    }
}
