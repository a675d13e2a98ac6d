//! The frame of a chart: axes with labels and units, ticks at round numbers, a title.

use std::ops::Range;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use crate::style::{INK, PALE, Style};

/// Axes of one panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame<'a> {
    /// Above the panel; may be empty.
    pub title: &'a str,
    /// Below the horizontal axis, with its unit.
    pub x_label: &'a str,
    /// Beside the vertical axis, with its unit.
    pub y_label: &'a str,
    /// Ends of the horizontal axis.
    pub x: Range<f64>,
    /// Ends of the vertical axis; of a logarithmic one, powers of ten.
    pub y: Range<f64>,
    /// Whether the vertical axis shows powers of ten.
    pub log_y: bool,
    /// Which axes count something, so that whole numbers alone are written.
    pub counts: Counts,
}

/// Axes with whole numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counts {
    /// Neither.
    #[default]
    Neither,
    /// The horizontal one.
    X,
    /// The vertical one.
    Y,
    /// Both.
    Both,
}

/// A chart of real numbers.
pub type Chart<'a, B> = ChartContext<'a, B, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

impl Frame<'_> {
    /// Draws the frame on `area`.
    pub fn draw<'a, B: DrawingBackend>(
        &self,
        area: &'a DrawingArea<B, Shift>,
        style: &Style,
    ) -> Result<Chart<'a, B>, DrawingAreaErrorKind<B::ErrorType>> {
        let mut builder = ChartBuilder::on(area);
        let y_text = |v: f64| match self.counts {
            _ if self.log_y => power_text(v),
            Counts::Y | Counts::Both => whole_text(v),
            Counts::X | Counts::Neither => tick_text(v, &self.y),
        };
        let x_text = |v: f64| match self.counts {
            Counts::X | Counts::Both => whole_text(v),
            Counts::Y | Counts::Neither => tick_text(v, &self.x),
        };
        let widest = [self.y.start, self.y.end, (self.y.start + self.y.end) / 2.0, self.y.end.floor()];
        let digits = widest.map(|v| y_text(v).len()).into_iter().max().unwrap_or(0) as f64;
        let label = if self.y_label.is_empty() { 0.0 } else { 16.0 };
        builder
            .margin(style.px(6.0))
            .margin_right(style.px(12.0))
            .x_label_area_size(style.px(if self.x_label.is_empty() { 20.0 } else { 34.0 }))
            .y_label_area_size(style.px(14.0 + label + 6.2 * digits));
        if !self.title.is_empty() {
            builder.caption(self.title, style.title());
        }
        let mut chart = builder.build_cartesian_2d(widened(&self.x), widened(&self.y))?;
        let (width, height) = area.dim_in_pixel();
        chart
            .configure_mesh()
            .disable_mesh()
            .axis_style(style.line(INK, 1.0))
            .bold_line_style(style.line(PALE, 0.5))
            .label_style(style.text())
            .axis_desc_style(style.text())
            .x_labels((f64::from(width) / style.scale / 55.0) as usize + 1)
            .y_labels((f64::from(height) / style.scale / 34.0) as usize + 1)
            .x_label_formatter(&|v| x_text(*v))
            .y_label_formatter(&|v| y_text(*v))
            .x_desc(self.x_label)
            .y_desc(self.y_label)
            .set_all_tick_mark_size(style.px(3.0))
            .draw()?;
        Ok(chart)
    }
}

/// An axis has a width, even if all its values are one.
fn widened(range: &Range<f64>) -> Range<f64> {
    if range.start < range.end { range.clone() } else { range.start - 0.5..range.start + 0.5 }
}

/// A tick's number: as many decimals as its axis needs, without zeros at the end.
fn tick_text(value: f64, axis: &Range<f64>) -> String {
    let digits = if 8.0 <= (axis.end - axis.start).abs() { 0 } else { 3 };
    let text = format!("{value:.digits$}");
    let text = if digits == 0 { &text } else { text.trim_end_matches('0').trim_end_matches('.') };
    if text == "-0" { "0".into() } else { text.into() }
}

/// A tick of an axis that counts: whole numbers alone are written.
fn whole_text(value: f64) -> String {
    let is_whole = (value - value.round()).abs() < 1e-6;
    if is_whole { format!("{:.0}", value.round() + 0.0) } else { String::new() }
}

/// A tick of a logarithmic axis: powers of ten alone are written.
fn power_text(exponent: f64) -> String {
    let is_whole = (exponent - exponent.round()).abs() < 1e-6;
    let decimals = -exponent.round() as i32;
    match decimals {
        _ if !is_whole => String::new(),
        ..=0 => format!("{:.0}", 10f64.powi(-decimals)),
        1..=3 => format!("{:.*}", decimals as usize, 10f64.powi(-decimals)),
        _ => format!("1e-{decimals}"),
    }
}

/// Smallest and largest finite value; 0 to 1 where there is none.
pub fn extent(values: impl IntoIterator<Item = f64>) -> Range<f64> {
    let finite = values.into_iter().filter(|v| v.is_finite());
    let (lo, hi) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (lo.min(v), hi.max(v)));
    if lo <= hi { lo..hi } else { 0.0..1.0 }
}

/// Both ranges, longer by a factor `slack`, the shorter one widened so that a unit is as long on both axes of a panel
/// with so many pixels of `room`.
pub fn at_equal_scale(
    x: Range<f64>,
    y: Range<f64>,
    room: (f64, f64),
    slack: f64,
) -> (Range<f64>, Range<f64>) {
    let unit = ((x.end - x.start) / room.0).max((y.end - y.start) / room.1).max(1e-12) * slack;
    let centred = |range: &Range<f64>, pixels: f64| {
        let middle = (range.start + range.end) / 2.0;
        middle - unit * pixels / 2.0..middle + unit * pixels / 2.0
    };
    (centred(&x, room.0), centred(&y, room.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_have_the_decimals_that_their_axis_needs() {
        assert_eq!(tick_text(40.0, &(0.0..100.0)), "40");
        assert_eq!(tick_text(0.25, &(0.0..0.5)), "0.25");
        assert_eq!(tick_text(2.0, &(0.0..3.0)), "2");
        assert_eq!(tick_text(-0.0001, &(-1.0..1.0)), "0");
        assert_eq!([2.0, 2.5, -0.0].map(whole_text), ["2", "", "0"]);
    }

    #[test]
    fn a_logarithmic_axis_names_powers_of_ten() {
        assert_eq!([0.0, 0.5, 3.0].map(power_text), ["1", "", "1000"]);
        assert_eq!([-1.0, -3.0, -6.0].map(power_text), ["0.1", "0.001", "1e-6"]);
    }

    #[test]
    fn the_extent_leaves_out_what_is_no_number() {
        assert_eq!(extent([1.0, f64::NAN, -2.0]), -2.0..1.0);
        assert_eq!(extent([]), 0.0..1.0);
    }

    #[test]
    fn a_unit_is_as_long_on_both_axes() {
        let (x, y) = at_equal_scale(0.0..1.0, 0.0..0.1, (200.0, 100.0), 1.25);
        assert!(((x.end - x.start) / 200.0 - (y.end - y.start) / 100.0).abs() < 1e-12);
        assert!(x.start < 0.0 && 1.0 < x.end);
    }
}
