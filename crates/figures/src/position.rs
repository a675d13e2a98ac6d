//! A position on the horizontal axis that is marked, by a dashed line from the lower to the upper end of a chart.

use plotters::prelude::*;

use crate::canvas::DrawResult;
use crate::frame::{Chart, Frame};
use crate::style::Style;

/// Where an edge lies whose first sample is at `position`: half way from the sample before.
pub fn edge_before(position: usize) -> f64 {
    position as f64 - 0.5
}

/// Marks `x` on a chart with these axes.
pub fn draw_mark<B: DrawingBackend>(
    chart: &mut Chart<'_, B>,
    x: f64,
    frame: &Frame<'_>,
    colour: RGBColor,
    style: &Style,
) -> DrawResult<B> {
    let line = [(x, frame.y.start), (x, frame.y.end)];
    let (dash, gap) = (style.px(4.0) as u32, style.px(3.0) as u32);
    chart.draw_series(DashedLineSeries::new(line, dash, gap, style.line(colour, 1.0)))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_lies_between_two_samples() {
        assert_eq!(edge_before(50), 49.5);
    }
}
