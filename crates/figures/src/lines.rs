//! Lines over one quantity, in panels side by side: training curves, errors against a setting (thesis fig. 3.9).

use std::ops::Range;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::{DrawResult, Drawing};
use crate::frame::{Chart, Counts, Frame, extent};
use crate::position::draw_mark;
use crate::style::{GREY, INK, Style, categorical};

/// Points of a line of at most so many are marked with dots.
const MARKED: usize = 24;

/// Height of a row of the legend, where it begins, and the length of a line in it.
const LEGEND_ROW: f64 = 16.0;
const LEGEND_LEFT: f64 = 40.0;
const LEGEND_SAMPLE: f64 = 14.0;

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// Its points; those that are no numbers are left out.
    pub points: Vec<(f64, f64)>,
}

impl Series {
    /// Values at the positions 1, 2, …: epochs, samples of a signal.
    pub fn counted<'a>(name: &str, values: impl IntoIterator<Item = &'a f64>) -> Series {
        let points = (1..).map(f64::from).zip(values.into_iter().copied());
        Series { name: name.into(), points: points.collect() }
    }
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
    /// Vertical bars from lower to upper end at a position, a list per series and in its colour: `(x, lo, hi)`.
    pub intervals: Vec<Vec<(f64, f64, f64)>>,
    /// Thin lines, one per series and in its colour: a bound, a reference.
    pub bounds: Vec<Vec<(f64, f64)>>,
    /// Thin grey lines behind the series: what chance gives.
    pub grey: Vec<Series>,
    /// Points marked on the series, one each: an optimum.
    pub optima: Vec<(f64, f64)>,
    /// A position on the horizontal axis that is marked, with what it is.
    pub mark: Option<(f64, String)>,
    /// Whether the vertical axis shows powers of ten; what is not above zero is left out.
    pub log_y: bool,
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
    /// Adds a line through `(x, mean, lo, hi)` with a bar from `lo` to `hi` at each.
    pub fn add_line(&mut self, name: &str, points: impl IntoIterator<Item = (f64, f64, f64, f64)>) {
        // Lines before it may have no bars.
        self.intervals.resize(self.series.len(), Vec::new());
        let (points, bars) = points.into_iter().map(|(x, mean, lo, hi)| ((x, mean), (x, lo, hi))).unzip();
        self.series.push(Series { name: name.into(), points });
        self.intervals.push(bars);
    }

    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        // The legend stands in a strip of its own, so that it never covers a line.
        let entries = self.legend_entries(f64::from(area.dim_in_pixel().0) / style.scale);
        let n_rows = entries.last().map_or(0, |(row, _)| row + 1);
        let strip = 4.0 + LEGEND_ROW * n_rows as f64;
        let (body, legend) = area.split_vertically(area.dim_in_pixel().1 as i32 - style.px(strip));
        let frame = Frame {
            title: &self.title,
            x_label: &self.x_label,
            y_label: &self.y_label,
            x: self.x_range(),
            y: self.y_range(),
            log_y: self.log_y,
            counts: if self.counts_x() { Counts::X } else { Counts::Neither },
        };
        let mut chart = frame.draw(&body, style)?;
        for series in &self.grey {
            chart.draw_series(LineSeries::new(self.on_axes(&series.points), style.line(GREY, 1.0)))?;
        }
        for (i, series) in self.series.iter().enumerate() {
            chart.draw_series(LineSeries::new(
                self.on_axes(&series.points),
                style.line(categorical(i), 1.3),
            ))?;
            if series.points.len() <= MARKED {
                let dots = self.on_axes(&series.points);
                let dot = |at| Circle::new(at, style.px(2.2), categorical(i).filled());
                chart.draw_series(dots.map(dot))?;
            }
        }
        for (i, bars) in self.intervals.iter().enumerate() {
            // An end at zero has no place on a logarithmic axis; its bar goes down to the frame.
            let end = |y: f64| if self.log_y { y.log10().max(frame.y.start) } else { y };
            let bar = |&(x, lo, hi): &(f64, f64, f64)| {
                PathElement::new([(x, end(lo)), (x, end(hi))], style.line(categorical(i), 1.0))
            };
            chart.draw_series(bars.iter().filter(|bar| bar.1.is_finite() && bar.2.is_finite()).map(bar))?;
        }
        for (i, bound) in self.bounds.iter().enumerate() {
            chart.draw_series(LineSeries::new(self.on_axes(bound), style.line(categorical(i), 0.6)))?;
        }
        for (i, &optimum) in self.optima.iter().enumerate() {
            chart.draw_series([Circle::new(optimum, style.px(3.5), categorical(i).filled())])?;
        }
        if let Some((x, text)) = &self.mark {
            draw_named_mark(&mut chart, *x, text, &frame, style)?;
        }
        self.draw_legend(&legend, &entries, style)
    }

    /// Points as they lie on the axes; those that have no place there are left out.
    fn on_axes(&self, points: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> {
        let log_y = self.log_y;
        let placed = points.iter().map(move |&(x, y)| (x, if log_y { y.log10() } else { y }));
        placed.filter(|p| p.0.is_finite() && p.1.is_finite())
    }

    /// The series, then the grey lines, as the legend names them.
    fn lines(&self) -> impl Iterator<Item = &Series> {
        self.series.iter().chain(&self.grey)
    }

    /// Epochs, layers, units: is every position a whole number?
    fn counts_x(&self) -> bool {
        self.lines().flat_map(|s| &s.points).all(|p| p.0 == p.0.round())
    }

    fn x_range(&self) -> Range<f64> {
        let lines = self.lines().map(|s| &s.points).chain(&self.bounds).flatten().map(|p| p.0);
        extent(lines.chain(self.intervals.iter().flatten().map(|bar| bar.0)))
    }

    fn y_range(&self) -> Range<f64> {
        let lines = self.lines().map(|s| &s.points).chain(&self.bounds);
        let y = extent(lines.flat_map(|line| self.on_axes(line)).map(|p| p.1).chain(
            self.intervals.iter().flatten().flat_map(|&(_, lo, hi)| {
                let place = |y: f64| if self.log_y { y.log10() } else { y };
                [place(lo), place(hi)]
            }),
        ));
        let margin = 0.04 * (y.end - y.start);
        if self.log_y {
            y.start.floor()..y.end.ceil()
        } else if 0.0 <= y.start && y.start < 0.6 * y.end {
            // Losses and errors are read against zero, where zero is near.
            0.0..y.end + margin
        } else {
            y.start - margin..y.end + margin
        }
    }

    /// Row and horizontal place of every entry of the legend, in pixels of the design.
    fn legend_entries(&self, width: f64) -> Vec<(usize, f64)> {
        let (mut row, mut x) = (0, LEGEND_LEFT);
        let mut place = |series: &Series| {
            let taken = LEGEND_SAMPLE + 15.0 + 6.6 * series.name.chars().count() as f64;
            if width < x + taken && LEGEND_LEFT < x {
                (row, x) = (row + 1, LEGEND_LEFT);
            }
            let at = (row, x);
            x += taken;
            at
        };
        self.lines().map(&mut place).collect()
    }

    fn draw_legend<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        entries: &[(usize, f64)],
        style: &Style,
    ) -> DrawResult<B> {
        for (i, (series, &(row, x))) in self.lines().zip(entries).enumerate() {
            let y = LEGEND_ROW * (row as f64 + 0.5);
            let sample = [x, x + LEGEND_SAMPLE].map(|x| (style.px(x), style.px(y)));
            let line = if i < self.series.len() { (categorical(i), 2.0) } else { (GREY, 1.0) };
            area.draw(&PathElement::new(sample, style.line(line.0, line.1)))?;
            let at = (style.px(x + LEGEND_SAMPLE + 4.0), style.px(y - 6.0));
            area.draw(&Text::new(series.name.clone(), at, style.text()))?;
        }
        Ok(())
    }
}

fn draw_named_mark<B: DrawingBackend>(
    chart: &mut Chart<'_, B>,
    x: f64,
    text: &str,
    frame: &Frame<'_>,
    style: &Style,
) -> DrawResult<B> {
    draw_mark(chart, x, frame, INK, style)?;
    // The text stands on the side with more room.
    let right = x - frame.x.start < 0.6 * (frame.x.end - frame.x.start);
    let width = style.px(6.4 * text.chars().count() as f64);
    let offset = if right { style.px(4.0) } else { -width - style.px(2.0) };
    let label = EmptyElement::at((x, frame.y.end))
        + Text::new(text.to_string(), (offset, style.px(3.0)), style.text());
    chart.draw_series([label])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_from_one() {
        assert_eq!(Series::counted("signal", &[5.0, 7.0]).points, [(1.0, 5.0), (2.0, 7.0)]);
    }

    #[test]
    fn grey_lines_stand_in_the_legend_after_the_series_and_count_for_the_axes() {
        let series = vec![Series::counted("measured", &[1.0, 2.0])];
        let panel = Panel { series, grey: vec![Series::counted("chance", &[-3.0])], ..Panel::default() };
        let names: Vec<&str> = panel.lines().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["measured", "chance"]);
        assert_eq!(panel.legend_entries(400.0).len(), 2);
        assert!(panel.y_range().start < -3.0 && 2.0 < panel.y_range().end);
    }

    #[test]
    fn a_line_with_bars_keeps_them_when_lines_before_it_have_none() {
        let series = vec![Series::counted("bare", &[0.0])];
        let mut panel = Panel { series, ..Panel::default() };
        panel.add_line("mean", [(1.0, 2.0, 1.5, 2.5)]);
        assert_eq!(panel.series[1], Series { name: "mean".into(), points: vec![(1.0, 2.0)] });
        assert_eq!(panel.intervals, [vec![], vec![(1.0, 1.5, 2.5)]]);
    }
}
