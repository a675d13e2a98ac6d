//! A drawing as pixels, packed as PNG.

use plotters::prelude::*;

use crate::canvas::{Drawing, FigureError, paint};
use crate::style::Style;

/// `drawing` on `width × height` pixels, `scale` of them per pixel of the design, as the bytes of a PNG file.
///
/// # Errors
/// What the backend says; [`FigureError::Size`] where there is no pixel, or 2³² and more.
pub fn png((width, height): (u32, u32), scale: f64, drawing: &impl Drawing) -> Result<Vec<u8>, FigureError> {
    let n_pixels = width.checked_mul(height).filter(|n| 0 < *n);
    let n_pixels = n_pixels.ok_or(FigureError::Size { width, height })?;
    let mut pixels = vec![0; 3 * n_pixels as usize];
    {
        let area = BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area();
        paint(&area, drawing, &Style { scale })?;
    }
    pack((width, height), &pixels).map_err(|e| FigureError::Draw(e.to_string()))
}

/// RGB pixels, row by row from above, as PNG. The settings are quick, and good for large areas of one colour.
fn pack((width, height): (u32, u32), pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::FilterType::Sub);
    encoder.set_adaptive_filter(png::AdaptiveFilterType::Adaptive);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use plotters::coord::Shift;

    use super::*;
    use crate::canvas::DrawResult;

    /// A red pixel in the corner of the design.
    struct Dot;

    impl Drawing for Dot {
        fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
            // A bitmap's rectangle ends before its lower right corner.
            let corner = style.px(1.0);
            area.draw(&Rectangle::new([(0, 0), (corner, corner)], RED.filled()))
        }
    }

    #[test]
    fn a_pixel_of_the_design_is_a_square_of_pixels_at_scale_two() {
        let bytes = png((4, 3), 2.0, &Dot).unwrap();
        let mut reader = png::Decoder::new(&bytes[..]).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, info.color_type), (4, 3, png::ColorType::Rgb));
        let is_red: Vec<bool> = pixels.chunks(3).map(|pixel| pixel == [255, 0, 0]).collect();
        let (t, f) = (true, false);
        assert_eq!(is_red, [t, t, f, f, t, t, f, f, f, f, f, f]);
        assert!(pixels.chunks(3).zip(is_red).all(|(pixel, is_red)| is_red || pixel == [255, 255, 255]));
    }

    #[test]
    fn a_size_without_pixels_or_with_too_many_is_refused() {
        for (width, height) in [(0, 3), (3, 0), (1 << 16, 1 << 16)] {
            assert_eq!(png((width, height), 1.0, &Dot), Err(FigureError::Size { width, height }));
        }
    }
}
