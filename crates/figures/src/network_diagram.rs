//! A network as a diagram of its layers (thesis figs. 3.8, 3.13, 3.17, 3.20, 3.22).

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::canvas::{DrawResult, Drawing};
use crate::style::{INK, PALE, Style, categorical};

/// One layer of the diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Below it: the layer's name.
    pub name: String,
    /// Its number of units.
    pub n_units: usize,
    /// On the way to it: `dense, ReLU`, `conv 5`. Nothing for the input.
    pub step: String,
    /// Whether a unit sees its neighbours only, and not the whole layer before.
    pub is_local: bool,
}

/// A network from left to right.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkDiagram {
    /// Above it: the specification.
    pub title: String,
    /// Input first.
    pub columns: Vec<Column>,
}

/// Units drawn of a layer with more: these, dots between, and the last.
const SHOWN: usize = 7;

impl Drawing for NetworkDiagram {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let (width, height) = area.dim_in_pixel();
        let (top, bottom) = (style.px(48.0), height as i32 - style.px(44.0));
        let n = self.columns.len().max(2) as i32;
        let x = |column: usize| style.px(36.0) + (width as i32 - style.px(72.0)) * column as i32 / (n - 1);
        let places = |column: &Column| -> Vec<(i32, bool)> {
            let n_shown = column.n_units.min(SHOWN);
            let spread = if column.n_units <= SHOWN { n_shown as f64 / SHOWN as f64 } else { 1.0 };
            let middle = f64::from(top + bottom) / 2.0;
            let step = f64::from(bottom - top) * spread / n_shown.max(1) as f64;
            let first = middle - step * (n_shown as f64 - 1.0) / 2.0;
            let is_dots = |i: usize| SHOWN < column.n_units && i == SHOWN - 2;
            (0..n_shown).map(|i| ((first + step * i as f64).round() as i32, is_dots(i))).collect()
        };
        let centred = style.text().pos(Pos::new(HPos::Center, VPos::Center));
        let heading = style.title().pos(Pos::new(HPos::Center, VPos::Center));
        area.draw(&Text::new(self.title.clone(), (width as i32 / 2, style.px(12.0)), heading))?;
        for (c, pair) in self.columns.windows(2).enumerate() {
            let (from, to) = (places(&pair[0]), places(&pair[1]));
            for (i, &(y_from, dots_from)) in from.iter().enumerate() {
                for (j, &(y_to, dots_to)) in to.iter().enumerate() {
                    if dots_from || dots_to || (pair[1].is_local && 1 < i.abs_diff(j)) {
                        continue;
                    }
                    area.draw(&PathElement::new([(x(c), y_from), (x(c + 1), y_to)], style.line(PALE, 0.8)))?;
                }
            }
            let middle = (x(c) + x(c + 1)) / 2;
            area.draw(&Text::new(pair[1].step.clone(), (middle, style.px(32.0)), centred.clone()))?;
        }
        for (c, column) in self.columns.iter().enumerate() {
            for (y, is_dots) in places(column) {
                if is_dots {
                    let dots = [-4.0, 0.0, 4.0].map(|d| (x(c), y + style.px(d)));
                    for dot in dots {
                        area.draw(&Circle::new(dot, style.px(1.2), INK.filled()))?;
                    }
                } else {
                    area.draw(&Circle::new((x(c), y), style.px(5.5), WHITE.filled()))?;
                    area.draw(&Circle::new((x(c), y), style.px(5.5), style.line(categorical(0), 1.2)))?;
                }
            }
            let below = [(column.name.clone(), 28.0), (column.n_units.to_string(), 14.0)];
            for (text, from_bottom) in below {
                area.draw(&Text::new(text, (x(c), height as i32 - style.px(from_bottom)), centred.clone()))?;
            }
        }
        Ok(())
    }
}
