//! Pictures as they are shown on a page: SVG as text, PNG as bytes.

use plotters::prelude::*;

use crate::bitmap;
use crate::canvas::{Drawing, FigureError, paint};
use crate::style::Style;

/// The size of a picture, in pixels of the design; 320 are one column of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Picture {
    /// PNG has this many pixels per pixel of the design.
    pub const PNG_SCALE: u32 = 2;

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

    /// The drawing as the bytes of a PNG file, with two pixels per pixel of the design.
    ///
    /// # Errors
    /// What the backend says; [`FigureError::Size`] where there is no pixel, or too many.
    pub fn png(&self, drawing: &impl Drawing) -> Result<Vec<u8>, FigureError> {
        let size = [self.width, self.height].map(|length| length.saturating_mul(Picture::PNG_SCALE));
        bitmap::png(size.into(), f64::from(Picture::PNG_SCALE), drawing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::histogram::Histograms;

    #[test]
    fn png_has_twice_the_pixels_of_svg_along_each_side() {
        let drawing = Histograms { panels: vec![("x".into(), vec![3.0, 1.0])], x_label: "x", y_label: "y" };
        let picture = Picture { width: 320, height: 240 };
        assert!(picture.svg(&drawing).unwrap().starts_with("<svg width=\"320\" height=\"240\""));
        let png = picture.png(&drawing).unwrap();
        assert_eq!((&png[16..20], &png[20..24]), (&640u32.to_be_bytes()[..], &480u32.to_be_bytes()[..]));
    }
}
