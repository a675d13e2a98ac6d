//! Windows over images, by rows and columns; a signal is an image of one row.

use std::ops::Range;

use crate::graph::Window;

/// A window over the channels of images of one shape. Of every pair, rows come first and columns second.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    pub channels: usize,
    /// Size of an image.
    pub size: [usize; 2],
    /// Places of the window.
    pub places: [usize; 2],
    pub taps: [usize; 2],
    pub stride: [usize; 2],
    pub dilation: [usize; 2],
    /// Padding before and after.
    pub padding: [(usize, usize); 2],
}

impl Plane {
    /// That of a window over samples of a shape `[channels, length]` or `[channels, height, width]`.
    ///
    /// # Panics
    /// If the window does not fit the shape.
    pub fn of(shape: &[usize], window: &Window) -> Plane {
        /// The value of each axis; a signal has one row.
        fn two<T: Copy>(values: &[T], of_row: T) -> [T; 2] {
            match *values {
                [column] => [of_row, column],
                [row, column] => [row, column],
                _ => unreachable!("signals have one axis after their channels, images two"),
            }
        }
        let places = window.places(&shape[1..]).expect("a window that fits");
        Plane {
            channels: shape[0],
            size: two(&shape[1..], 1),
            places: two(&places, 1),
            taps: two(&window.size, 1),
            stride: two(&window.stride, 1),
            dilation: two(&window.dilation, 1),
            padding: two(&window.padding, (0, 0)),
        }
    }

    pub fn n_places(&self) -> usize {
        self.places[0] * self.places[1]
    }

    pub fn n_taps(&self) -> usize {
        self.taps[0] * self.taps[1]
    }

    /// Values of an image.
    pub fn n_values(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// Size of an image with its padding, and with what a last, partial place reaches beyond it.
    pub fn padded(&self) -> [usize; 2] {
        [0, 1].map(|axis| {
            let (before, after) = self.padding[axis];
            let reach =
                (self.places[axis] - 1) * self.stride[axis] + (self.taps[axis] - 1) * self.dilation[axis] + 1;
            reach.max(before + self.size[axis] + after)
        })
    }

    /// The taps that lie within the image at a place of an axis.
    pub fn inside(&self, axis: usize, place: usize) -> Range<usize> {
        let (dilation, before) = (self.dilation[axis], self.padding[axis].0);
        let start = place * self.stride[axis];
        // A division takes longer than all the rest.
        let taps = |values: usize| if dilation == 1 { values } else { values.div_ceil(dilation) };
        let first = taps(before.saturating_sub(start));
        let end = taps((before + self.size[axis]).saturating_sub(start));
        let end = end.min(self.taps[axis]);
        first.min(end)..end
    }

    /// The places of an axis at which a tap lies within the image.
    pub fn seeing(&self, axis: usize, tap: usize) -> Range<usize> {
        let (stride, before, at) = (self.stride[axis], self.padding[axis].0, tap * self.dilation[axis]);
        let first = before.saturating_sub(at).div_ceil(stride);
        let end = (before + self.size[axis]).saturating_sub(at).div_ceil(stride);
        let end = end.min(self.places[axis]);
        first.min(end)..end
    }

    /// The taps that lie within the image or its padding at a place of an axis.
    pub fn counted(&self, axis: usize, place: usize) -> usize {
        let (before, after) = self.padding[axis];
        let room = before + self.size[axis] + after - place * self.stride[axis];
        room.div_ceil(self.dilation[axis]).min(self.taps[axis])
    }

    /// Values that the mean of a window is of: with those of the padding, or without. At least one, so that the mean of
    /// nothing is zero.
    pub fn n_averaged(&self, place: [usize; 2], counts_padding: bool) -> usize {
        let along = |axis: usize| match counts_padding {
            true => self.counted(axis, place[axis]),
            false => self.inside(axis, place[axis]).len(),
        };
        (along(0) * along(1)).max(1)
    }

    /// Where a tap that lies within the image finds its value along an axis.
    pub fn at(&self, axis: usize, place: usize, tap: usize) -> usize {
        place * self.stride[axis] + tap * self.dilation[axis] - self.padding[axis].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taps_beyond_the_ends_are_outside() {
        // Five values with one of padding, a window of three, from two to two: places begin at −1, 1 and 3.
        let plane = Plane::of(&[2, 5], &Window::of([3]).strided(2).padded(1));
        assert_eq!((plane.places, plane.size, plane.padded()), ([1, 3], [1, 5], [1, 7]));
        assert_eq!([0, 1, 2].map(|place| plane.inside(1, place)), [1..3, 0..3, 0..2]);
        assert_eq!([0, 1, 2].map(|place| plane.counted(1, place)), [3; 3]);
        assert_eq!((plane.at(1, 0, 1), plane.at(1, 2, 1)), (0, 4));
        assert_eq!([0, 1, 2].map(|tap| plane.seeing(1, tap)), [1..3, 0..3, 0..2]);
        // A partial window: places begin at 0, 2 and 4.
        let partial = Window { is_partial: true, ..Window::of([2]).strided(2) };
        let plane = Plane::of(&[1, 5], &partial);
        assert_eq!((plane.padded(), plane.inside(1, 2), plane.counted(1, 2)), ([1, 6], 0..1, 1));
        let dilated = Window { dilation: vec![3], ..Window::of([3]).padded(2) };
        let plane = Plane::of(&[1, 5], &dilated);
        // Taps at −2, 1, 4 and so on.
        assert_eq!([0, 1, 2].map(|tap| plane.seeing(1, tap)), [2..3, 0..3, 0..1]);
        assert_eq!([0, 1, 2].map(|place| plane.inside(1, place)), [1..3, 1..2, 0..2]);
    }
}
