//! The windows of a pool, place by place.

use std::ops::Range;

use super::plane::Plane;

/// The part of a window that lies within the image.
pub struct Seen<'a> {
    plane: &'a Plane,
    /// Row and column of the place.
    place: [usize; 2],
    rows: Range<usize>,
    columns: Range<usize>,
}

/// Calls `each` with every place, counted row by row, and what is seen there.
#[inline(always)]
pub fn each_place(plane: &Plane, mut each: impl FnMut(usize, Seen<'_>)) {
    let [n_rows, n_columns] = plane.places;
    for row in 0..n_rows {
        let rows = plane.inside(0, row);
        for column in 0..n_columns {
            let (rows, columns) = (rows.clone(), plane.inside(1, column));
            each(row * n_columns + column, Seen { plane, place: [row, column], rows, columns });
        }
    }
}

impl Seen<'_> {
    /// Calls `each` with the number of every tap, counted row by row, and where its value lies in the image.
    #[inline(always)]
    pub fn each_tap(&self, mut each: impl FnMut(usize, usize)) {
        let (plane, [row, column]) = (self.plane, self.place);
        if self.columns.is_empty() {
            return;
        }
        let first = plane.at(1, column, self.columns.start);
        for tap_row in self.rows.clone() {
            let mut at = plane.at(0, row, tap_row) * plane.size[1] + first;
            for tap in self.columns.clone() {
                each(tap_row * plane.taps[1] + tap, at);
                at += plane.dilation[1];
            }
        }
    }

    /// Number of its taps, or of all of the window that counts; at least one, so that the mean of nothing is zero.
    #[inline(always)]
    pub fn n_taps(&self, counts_padding: bool) -> usize {
        self.plane.n_averaged(self.place, counts_padding)
    }
}
