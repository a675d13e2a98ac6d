//! Pictures as files, SVG and PNG, that appear whole.

use std::fs;
use std::path::{Path, PathBuf};

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::DrawResult;
use crate::style::Style;

/// Something that can be drawn on any surface.
pub trait Drawing {
    /// Draws itself on the whole of `area`.
    ///
    /// # Errors
    /// What the backend says.
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B>;
}

/// A picture that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    /// The backend failed.
    #[error("a figure could not be drawn: {0}")]
    Draw(String),
    /// The file cannot be written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The size of a picture, in pixels of the design; 320 are one column of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// PNG has this many pixels per pixel of the design.
const PNG_SCALE: u32 = 2;

impl Picture {
    /// The drawing as the text of an SVG file.
    ///
    /// # Errors
    /// What the backend says.
    pub fn svg(&self, drawing: &impl Drawing) -> Result<String, FigureError> {
        let mut text = String::new();
        {
            let area = SVGBackend::with_string(&mut text, (self.width, self.height)).into_drawing_area();
            paint(&area, drawing, &Style { scale: 1.0 })?;
        }
        Ok(text)
    }

    /// Writes the drawing to `path`, which ends in `.svg` or `.png`.
    ///
    /// # Errors
    /// What the backend or the system says; no half of a file is left.
    pub fn save(&self, path: &Path, drawing: &impl Drawing) -> Result<(), FigureError> {
        let io = |source| FigureError::Io { path: path.into(), source };
        let part =
            path.with_file_name(format!(".{}", path.file_name().unwrap_or_default().to_string_lossy()));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(io)?;
        }
        if path.extension().is_some_and(|e| e == "svg") {
            fs::write(&part, self.svg(drawing)?).map_err(io)?;
        } else {
            let size = (self.width * PNG_SCALE, self.height * PNG_SCALE);
            let area = BitMapBackend::new(&part, size).into_drawing_area();
            paint(&area, drawing, &Style { scale: f64::from(PNG_SCALE) })?;
        }
        fs::rename(&part, path).map_err(io)
    }
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
