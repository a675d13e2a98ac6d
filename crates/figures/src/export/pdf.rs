//! Drawing on a PDF page: shapes as operators, text as outlines of the bundled face.

use std::convert::Infallible;
use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, OutlineCurve, Point};
use dejavu::sans;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    FontTransform,
};

use super::pdf_file::Page;

/// A surface of plotters that writes operators.
pub struct PdfBackend<'a> {
    page: &'a mut Page,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Where a Bézier curve's handles lie that follows a quarter of a unit circle.
const QUARTER: f64 = 0.552_284_75;
/// Neighbouring cells overlap by this many pixels of the fine grid, so that no viewer shows a seam between them.
const OVERLAP: i32 = 1;
/// plotters counts a font's size with its line spacing; this much of it is the size proper, in SVG as well.
const LINE_SPACING: f64 = 1.24;

static REGULAR: LazyLock<FontRef<'static>> = LazyLock::new(|| face(sans::regular()));
static BOLD: LazyLock<FontRef<'static>> = LazyLock::new(|| face(sans::bold()));

fn face(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).unwrap_or_else(|_| unreachable!("the faces of the crate dejavu are sound"))
}

impl<'a> PdfBackend<'a> {
    /// A surface that draws on `page`.
    pub fn new(page: &'a mut Page) -> PdfBackend<'a> {
        PdfBackend { page }
    }

    /// Sets colour and line width; whether anything would be seen.
    fn set<S: BackendStyle>(&mut self, style: &S) -> bool {
        self.set_colour(style.color());
        self.page.add(format_args!("{} w", style.stroke_width()));
        0.0 < style.color().alpha
    }

    fn set_colour(&mut self, BackendColor { alpha, rgb }: BackendColor) {
        self.page.set_colour(rgb, alpha);
    }

    /// A chain of lines, without painting it.
    fn chain(&mut self, points: impl IntoIterator<Item = BackendCoord>) {
        for (i, (x, y)) in points.into_iter().enumerate() {
            self.page.add(format_args!("{x} {y} {}", if i == 0 { "m" } else { "l" }));
        }
    }

    fn ring(&mut self, (x, y): BackendCoord, radius: u32) {
        let (x, y, r) = (f64::from(x), f64::from(y), f64::from(radius));
        let k = r * QUARTER;
        self.page.add(format_args!("{} {y} m", x + r));
        for (a, b) in [
            ((1.0, 0.0), (0.0, 1.0)),
            ((0.0, 1.0), (-1.0, 0.0)),
            ((-1.0, 0.0), (0.0, -1.0)),
            ((0.0, -1.0), (1.0, 0.0)),
        ] {
            let handle = |at: (f64, f64), towards: (f64, f64)| {
                (x + r * at.0 + k * towards.0, y + r * at.1 + k * towards.1)
            };
            let ((x1, y1), (x2, y2)) = (handle(a, b), handle(b, a));
            self.page.add(format_args!(
                "{x1:.2} {y1:.2} {x2:.2} {y2:.2} {:.2} {:.2} c",
                x + r * b.0,
                y + r * b.1
            ));
        }
        self.page.add(format_args!("s"));
    }
}

impl DrawingBackend for PdfBackend<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.page.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Drawn {
        self.set_colour(colour);
        self.page.add(format_args!("{x} {y} 1 1 re f"));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let mut points = path.into_iter().peekable();
        if points.peek().is_some() && self.set(style) {
            self.chain(points);
            self.page.add(format_args!("S"));
        }
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        a: BackendCoord,
        b: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if self.set(style) {
            let overlap = if fill { OVERLAP } else { 0 };
            let (width, height) = (b.0 - a.0 + overlap, b.1 - a.1 + overlap);
            self.page.add(format_args!(
                "{} {} {width} {height} re {}",
                a.0,
                a.1,
                if fill { "f" } else { "S" }
            ));
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        let mut corners = corners.into_iter().peekable();
        if corners.peek().is_some() && self.set(style) {
            self.chain(corners);
            self.page.add(format_args!("f"));
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if !self.set(style) {
            return Ok(());
        }
        if fill {
            // A line of no length with round ends: one short operator for each of thousands of points.
            let (x, y) = centre;
            self.page.add(format_args!("1 J {} w {x} {y} m {x} {y} l S 0 J", 2 * radius));
        } else {
            self.ring(centre, radius);
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let face: &FontRef<'_> = if matches!(style.style(), FontStyle::Bold) { &BOLD } else { &REGULAR };
        let em = style.size() / LINE_SPACING;
        let scale = em / f64::from(face.units_per_em().unwrap_or(2_048.0));
        let line = Line::of(text, face);
        let left = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => -0.5 * line.width * scale,
            HPos::Right => -line.width * scale,
        };
        // The base line as in SVG: below the top by the height of capitals, below the middle by half of a small letter.
        let base = match style.anchor().v_pos {
            VPos::Top => 0.76 * em,
            VPos::Center => 0.27 * em,
            VPos::Bottom => -0.27 * em,
        };
        let (cos, sin) = match style.transform() {
            FontTransform::None => (1.0, 0.0),
            FontTransform::Rotate90 => (0.0, 1.0),
            FontTransform::Rotate180 => (-1.0, 0.0),
            FontTransform::Rotate270 => (0.0, -1.0),
        };
        let place = |point: Point| {
            let (dx, dy) = (left + f64::from(point.x) * scale, base - f64::from(point.y) * scale);
            (f64::from(x) + dx * cos - dy * sin, f64::from(y) + dx * sin + dy * cos)
        };
        self.set_colour(style.color());
        let mut last = None;
        for curve in line.curves {
            let (from, handles, to) = ends(curve);
            // Outlines of a letter follow each other; a new one begins where the last did not end.
            if last != Some(from) {
                let (x, y) = place(from);
                self.page.add(format_args!("{x:.2} {y:.2} m"));
            }
            let (x, y) = place(to);
            match handles.map(|(a, b)| (place(a), place(b))) {
                None => self.page.add(format_args!("{x:.2} {y:.2} l")),
                Some(((x1, y1), (x2, y2))) => {
                    self.page.add(format_args!("{x1:.2} {y1:.2} {x2:.2} {y2:.2} {x:.2} {y:.2} c"));
                }
            }
            last = Some(to);
        }
        if last.is_some() {
            self.page.add(format_args!("f"));
        }
        Ok(())
    }
}

/// A line of text in units of its face, from the origin to the right, upwards.
struct Line {
    curves: Vec<OutlineCurve>,
    width: f64,
}

impl Line {
    fn of(text: &str, face: &FontRef<'_>) -> Line {
        let (mut curves, mut width) = (Vec::new(), 0.0f32);
        let mut before = None;
        for letter in text.chars().map(|c| face.glyph_id(c)) {
            width += before.map_or(0.0, |before| face.kern_unscaled(before, letter));
            let moved = |point: Point| Point { x: point.x + width, y: point.y };
            curves.extend(face.outline(letter).into_iter().flat_map(|outline| outline.curves).map(|curve| {
                match curve {
                    OutlineCurve::Line(a, b) => OutlineCurve::Line(moved(a), moved(b)),
                    OutlineCurve::Quad(a, b, c) => OutlineCurve::Quad(moved(a), moved(b), moved(c)),
                    OutlineCurve::Cubic(a, b, c, d) => {
                        OutlineCurve::Cubic(moved(a), moved(b), moved(c), moved(d))
                    }
                }
            }));
            width += face.h_advance_unscaled(letter);
            before = Some(letter);
        }
        Line { curves, width: f64::from(width) }
    }
}

/// Ends of a curve with the handles of the cubic one that follows it; none for a straight line.
fn ends(curve: OutlineCurve) -> (Point, Option<(Point, Point)>, Point) {
    match curve {
        OutlineCurve::Line(a, b) => (a, None, b),
        OutlineCurve::Cubic(a, b, c, d) => (a, Some((b, c)), d),
        OutlineCurve::Quad(a, b, c) => {
            // A quadratic curve is the cubic one whose handles lie two thirds of the way to its own.
            let towards = |end: Point| Point {
                x: end.x + 2.0 / 3.0 * (b.x - end.x),
                y: end.y + 2.0 / 3.0 * (b.y - end.y),
            };
            (a, Some((towards(a), towards(c))), c)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_side_by_side() {
        let [one, two] = ["n", "nn"].map(|text| Line::of(text, &REGULAR));
        assert_eq!(two.width, 2.0 * one.width);
        assert_eq!(two.curves.len(), 2 * one.curves.len());
    }

    #[test]
    fn every_sign_of_the_figures_has_an_outline() {
        for sign in "σ τ α − ± × ≤ ₂ ‖ ² ∂ → … % [ ] ′".chars().filter(|c| !c.is_whitespace())
        {
            assert_ne!(REGULAR.glyph_id(sign).0, 0, "{sign}");
        }
    }

    #[test]
    fn a_quadratic_curve_becomes_the_cubic_one_that_follows_it() {
        let point = |x: f32, y: f32| Point { x, y };
        let (_, handles, _) = ends(OutlineCurve::Quad(point(0.0, 0.0), point(3.0, 3.0), point(6.0, 0.0)));
        assert_eq!(handles, Some((point(2.0, 2.0), point(4.0, 2.0))));
    }
}
