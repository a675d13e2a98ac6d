//! The one style: fonts, sizes, colours.

use std::sync::Once;

use dejavu::sans;
use plotters::prelude::*;
use plotters::style::register_font;

/// Sizes of a drawing, in pixels: SVG at scale 1, PNG at scale 2 so that print stays sharp.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Pixels of the surface per pixel of the design.
    pub scale: f64,
}

/// Text of axes and legends, in pixels of the design: 8 points at the width of a paper's column.
const TEXT: f64 = 11.0;
/// Titles of panels.
const TITLE: f64 = 12.0;

impl Style {
    /// A length of the design on the surface.
    pub fn px(&self, length: f64) -> i32 {
        (length * self.scale).round() as i32
    }

    /// Text of axes and legends.
    pub fn text(&self) -> TextStyle<'static> {
        load_fonts();
        ("sans-serif", TEXT * self.scale).into_font().color(&INK)
    }

    /// Titles of panels.
    pub fn title(&self) -> TextStyle<'static> {
        load_fonts();
        ("sans-serif", TITLE * self.scale).into_font().style(FontStyle::Bold).color(&INK)
    }

    /// A line of that colour and width.
    pub fn line(&self, colour: RGBColor, width: f64) -> ShapeStyle {
        ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: self.px(width).max(1) as u32 }
    }
}

/// Text and axes.
pub const INK: RGBColor = RGBColor(40, 40, 40);
/// Grid lines and frames.
pub const PALE: RGBColor = RGBColor(222, 222, 222);
/// What chance gives, behind what was measured.
pub const GREY: RGBColor = RGBColor(150, 150, 150);
/// What is marked: an edge, an optimum.
pub const MARK: RGBColor = RGBColor(213, 94, 0);

/// Colours of series that the colour-blind can tell apart (Okabe and Ito 2008).
pub fn categorical(series: usize) -> RGBColor {
    const COLOURS: [RGBColor; 7] = [
        RGBColor(0, 114, 178),
        RGBColor(213, 94, 0),
        RGBColor(0, 158, 115),
        RGBColor(204, 121, 167),
        RGBColor(86, 180, 233),
        RGBColor(230, 159, 0),
        RGBColor(40, 40, 40),
    ];
    COLOURS[series % COLOURS.len()]
}

/// DejaVu Sans travels with the program, so that pictures look the same on a machine without fonts.
fn load_fonts() {
    static LOADED: Once = Once::new();
    LOADED.call_once(|| {
        for (style, face) in [(FontStyle::Normal, sans::regular()), (FontStyle::Bold, sans::bold())] {
            if register_font("sans-serif", style, face).is_err() {
                unreachable!("the faces of the crate dejavu are sound");
            }
        }
    });
}
