//! What a drawing is, and how it meets a surface.

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;

use crate::style::Style;

/// What drawing returns: plotters' error of the backend drawn on.
pub type DrawResult<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

/// Something that can be drawn on any surface.
pub trait Drawing {
    /// Draws itself on the whole of `area`.
    ///
    /// # Errors
    /// What the backend says.
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B>;
}

/// A picture that could not be made.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum FigureError {
    /// The backend failed.
    #[error("a figure could not be drawn: {0}")]
    Draw(String),
    /// No picture of pixels has this size.
    #[error("a figure of {width} × {height} pixels: want at least 1 × 1, and fewer than 2³² in all")]
    Size {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}

/// Fills the surface with white and draws on it.
pub fn paint<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    drawing: &impl Drawing,
    style: &Style,
) -> Result<(), FigureError> {
    let failed = |e: DrawingAreaErrorKind<B::ErrorType>| FigureError::Draw(e.to_string());
    area.fill(&WHITE).map_err(failed)?;
    drawing.draw(area, style).map_err(failed)?;
    area.present().map_err(failed)
}
