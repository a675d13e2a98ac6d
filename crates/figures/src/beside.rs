//! Two drawings beside each other, whatever their kinds: maps, and the lines or bars that belong to their rows.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::{DrawResult, Drawing};
use crate::style::Style;

/// Two drawings on one surface. Grids with as many rows on both sides have them at the same heights.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside<L, R> {
    /// On the left.
    pub left: L,
    /// On the right.
    pub right: R,
    /// Share of the width that the left one takes, between 0 and 1.
    pub share: f64,
}

impl<L: Drawing, R: Drawing> Drawing for Beside<L, R> {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let width = f64::from(area.dim_in_pixel().0);
        let (left, right) = area.split_horizontally((width * self.share).round() as i32);
        self.left.draw(&left, style)?;
        self.right.draw(&right, style)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::ops::Range;

    use super::*;
    use crate::picture::Picture;

    /// Notes the pixels that it is given, across and down.
    #[derive(Default)]
    struct Room(RefCell<Vec<(Range<i32>, Range<i32>)>>);

    impl Drawing for &Room {
        fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, _style: &Style) -> DrawResult<B> {
            self.0.borrow_mut().push(area.get_pixel_range());
            Ok(())
        }
    }

    #[test]
    fn the_left_takes_its_share_of_the_width_and_both_the_whole_height() {
        let room = Room::default();
        let inner = Beside { left: &room, right: &room, share: 0.5 };
        let picture = Picture { width: 400, height: 90 };
        picture.svg(&Beside { left: &room, right: inner, share: 0.6 }).unwrap();
        assert_eq!(*room.0.borrow(), [(0..240, 0..90), (240..320, 0..90), (320..400, 0..90)]);
    }
}
