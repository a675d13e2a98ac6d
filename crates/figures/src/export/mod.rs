//! Pictures for papers and slides: as SVG, PNG or PDF, of a given width.

mod pdf;
mod pdf_file;

use plotters::prelude::*;

use crate::bitmap;
use crate::canvas::{Drawing, FigureError, paint};
use crate::picture::Picture;
use crate::style::Style;
use pdf::PdfBackend;

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Vectors, with text as text.
    Svg,
    /// Pixels, 300 to the inch.
    Png,
    /// Vectors, with text as outlines of the bundled face: no font is needed to read it.
    Pdf,
}

/// What a picture is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// Text of 8 points at the width that the picture was designed for.
    Paper,
    /// Larger text and thicker lines, to be read across a room.
    Screen,
}

/// How a picture leaves the program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Export {
    /// The format.
    pub format: Format,
    /// Its width in centimetres; the designed width where there is none.
    pub width: Option<f64>,
    /// What it is made for.
    pub medium: Medium,
}

/// Centimetres of a pixel of the design: 320 of them are one column of a paper.
const CENTIMETRES: f64 = 8.5 / 320.0;
/// Pixels of a PNG per centimetre.
const PNG_DENSITY: f64 = 300.0 / 2.54;
/// Vectors are drawn on a grid this much finer than the pixels of the design.
const GRID: f64 = 10.0;
/// A narrow picture is laid out anew with text of the same size, down to this share of its designed width; below it
/// the text shrinks.
const NARROWEST: f64 = 0.75;
/// How much larger text and lines are on a screen.
const SCREEN: f64 = 1.3;

/// A picture's size on its surface.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Layout {
    /// Width and height in centimetres.
    physical: (f64, f64),
    /// Width and height in pixels of the design, after it is laid out anew.
    design: (f64, f64),
}

impl Export {
    fn layout(&self, picture: Picture) -> Layout {
        let (width, height) = (f64::from(picture.width), f64::from(picture.height));
        let natural = width * CENTIMETRES;
        let physical = self.width.unwrap_or(natural);
        let share = match self.medium {
            Medium::Paper => (physical / natural).clamp(NARROWEST, 1.0),
            Medium::Screen => NARROWEST.max(1.0 / SCREEN),
        };
        Layout { physical: (physical, physical * height / width), design: (width * share, height * share) }
    }

    /// The bytes of a file of `drawing`, which is designed for `picture`.
    ///
    /// # Errors
    /// What the backend says; [`FigureError::Size`] where a PNG has no pixel, or too many.
    pub fn bytes(&self, picture: Picture, drawing: &impl Drawing) -> Result<Vec<u8>, FigureError> {
        let layout = self.layout(picture);
        match self.format {
            Format::Svg => svg(layout, drawing).map(String::into_bytes),
            Format::Pdf => pdf(layout, drawing),
            Format::Png => {
                let scale = layout.physical.0 * PNG_DENSITY / layout.design.0;
                bitmap::png(layout.size(scale), scale, drawing)
            }
        }
    }
}

impl Layout {
    /// Pixels of a surface with `scale` pixels per pixel of the design.
    fn size(&self, scale: f64) -> (u32, u32) {
        let pixels = |length: f64| ((length * scale).round() as u32).max(1);
        (pixels(self.design.0), pixels(self.design.1))
    }
}

fn svg(layout: Layout, drawing: &impl Drawing) -> Result<String, FigureError> {
    let (width, height) = layout.size(GRID);
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (width, height)).into_drawing_area();
        paint(&area, drawing, &Style { scale: GRID })?;
    }
    let in_pixels = format!("width=\"{width}\" height=\"{height}\"");
    let in_centimetres =
        format!("width=\"{:.3}cm\" height=\"{:.3}cm\"", layout.physical.0, layout.physical.1);
    Ok(text.replacen(&in_pixels, &in_centimetres, 1))
}

fn pdf(layout: Layout, drawing: &impl Drawing) -> Result<Vec<u8>, FigureError> {
    let mut page = pdf_file::Page::new(layout.size(GRID), layout.physical);
    {
        let area = PdfBackend::new(&mut page).into_drawing_area();
        paint(&area, drawing, &Style { scale: GRID })?;
    }
    Ok(page.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::histogram::Histograms;
    use crate::lines::{LineChart, Panel, Series};

    fn export(format: Format, width: Option<f64>, medium: Medium) -> Export {
        Export { format, width, medium }
    }

    #[test]
    fn a_picture_of_320_pixels_is_8_5_centimetres_wide() {
        let layout = export(Format::Pdf, None, Medium::Paper).layout(Picture { width: 320, height: 160 });
        assert_eq!((layout.physical, layout.design), ((8.5, 4.25), (320.0, 160.0)));
    }

    #[test]
    fn a_narrow_picture_keeps_its_text_down_to_three_quarters_and_a_screen_enlarges_it() {
        let wide = Picture { width: 640, height: 320 };
        let of = |width, medium| export(Format::Svg, Some(width), medium).layout(wide).design.0;
        // 13.6 of 17 cm: four fifths. 8.5 cm: half, laid out at three quarters and scaled down from there.
        assert!((of(13.6, Medium::Paper) - 512.0).abs() < 1e-9);
        assert!((of(8.5, Medium::Paper) - 480.0).abs() < 1e-9);
        assert!((of(17.0, Medium::Screen) - 640.0 / 1.3).abs() < 1e-9);
    }

    #[test]
    fn every_format_has_its_width() {
        let panel = Panel {
            title: "σ ≤ 1".into(),
            series: vec![Series { name: "a".into(), points: vec![(0.0, 0.0), (1.0, 2.0)] }],
            ..Panel::default()
        };
        let chart = LineChart { panels: vec![panel] };
        let picture = Picture { width: 320, height: 240 };
        let bytes = |format| export(format, Some(6.0), Medium::Paper).bytes(picture, &chart).unwrap();
        let svg = String::from_utf8(bytes(Format::Svg)).unwrap();
        assert!(
            svg.starts_with("<svg width=\"6.000cm\" height=\"4.500cm\" viewBox=\"0 0 2400 1800\""),
            "{}",
            &svg[..80]
        );
        let png = bytes(Format::Png);
        // 6 cm at 300 dots per inch are 709 pixels.
        assert_eq!(png[16..20], 709u32.to_be_bytes());
        let pdf = bytes(Format::Pdf);
        assert!(pdf.starts_with(b"%PDF-1.7") && pdf.ends_with(b"%%EOF\n"));
        let text = String::from_utf8_lossy(&pdf);
        // 6 cm are 170.079 points.
        assert!(text.contains("/MediaBox [0 0 170.079 127.559]"), "{text}");
    }

    #[test]
    fn a_pdf_says_where_its_objects_are() {
        let drawing = Histograms { panels: vec![("x".into(), vec![3.0, 1.0])], x_label: "x", y_label: "y" };
        let picture = Picture { width: 320, height: 240 };
        let layout = export(Format::Pdf, None, Medium::Paper).layout(picture);
        let bytes = pdf(layout, &drawing).unwrap();
        let find = |word: &[u8]| bytes.windows(word.len()).rposition(|w| w == word).unwrap();
        let start: usize = String::from_utf8_lossy(&bytes[find(b"startxref\n") + 10..find(b"%%EOF")])
            .trim()
            .parse()
            .unwrap();
        let table = String::from_utf8_lossy(&bytes[start..]).into_owned();
        let offsets = table
            .lines()
            .skip(3)
            .take_while(|line| line.ends_with("n "))
            .map(|line| line[..10].parse::<usize>().unwrap());
        for (i, offset) in offsets.enumerate() {
            assert!(bytes[offset..].starts_with(format!("{} 0 obj", i + 1).as_bytes()), "object {}", i + 1);
        }
    }
}
