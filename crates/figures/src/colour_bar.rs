//! The bar that tells what colours mean.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::DrawResult;
use crate::style::{INK, Style};

/// Width that a bar takes beside a picture, in pixels of the design.
pub(crate) const BAR_WIDTH: f64 = 72.0;

/// Colours from one end to the other, with numbers beside them.
pub(crate) struct ColourBar<'a, F> {
    /// What the values are, with their unit.
    pub label: &'a str,
    /// Values at the lower and the upper end.
    pub ends: (f64, f64),
    /// Values that are written beside the bar.
    pub ticks: Vec<(f64, String)>,
    /// The colour of a value.
    pub colour: F,
}

impl<F: Fn(f64) -> RGBColor> ColourBar<'_, F> {
    /// Draws the bar on the whole height of `area`.
    pub fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        const STEPS: i32 = 64;
        let (lo, hi) = self.ends;
        let height = area.dim_in_pixel().1 as i32;
        let (top, bottom) = (style.px(30.0), height - style.px(44.0));
        let (left, right) = (style.px(4.0), style.px(14.0));
        let y = |step: i32| bottom - (bottom - top) * step / STEPS;
        for step in 0..STEPS {
            let value = lo + (hi - lo) * (f64::from(step) + 0.5) / f64::from(STEPS);
            let corners = [(left, y(step + 1)), (right, y(step))];
            area.draw(&Rectangle::new(corners, (self.colour)(value).filled()))?;
        }
        area.draw(&Rectangle::new([(left, top), (right, bottom)], style.line(INK, 0.5)))?;
        for (value, text) in &self.ticks {
            let share = (value - lo) / (hi - lo);
            let y = bottom - (f64::from(bottom - top) * share).round() as i32;
            let at = (right + style.px(3.0), y - style.px(6.0));
            area.draw(&Text::new(text.clone(), at, style.text()))?;
        }
        let turned = style.text().transform(FontTransform::Rotate90);
        area.draw(&Text::new(
            self.label.to_string(),
            (style.px(66.0), (top + bottom) / 2 - style.px(2.9) * self.label.chars().count() as i32),
            turned,
        ))
    }
}
