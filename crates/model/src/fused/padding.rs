//! Zeros around the images of a block of samples that lie side by side.

use crate::kernels::plane::Plane;

/// The images `[channels, rows, columns, lanes]` with zeros around them.
pub fn pad(plane: &Plane, lanes: usize, images: &[f32], padded: &mut [f32]) {
    padded.fill(0.0);
    each_row(plane, lanes, |inside, around| {
        padded[around..around + inside.len()].copy_from_slice(&images[inside]);
    });
}

/// The images without what is around them.
pub fn crop(plane: &Plane, lanes: usize, padded: &[f32], images: &mut [f32]) {
    each_row(plane, lanes, |inside, around| {
        let len = inside.len();
        images[inside].copy_from_slice(&padded[around..around + len]);
    });
}

/// Calls `each` with every row of the images and with where it begins among the padded ones.
fn each_row(plane: &Plane, lanes: usize, mut each: impl FnMut(std::ops::Range<usize>, usize)) {
    let ([height, width], [padded_height, padded_width]) = (plane.size, plane.padded());
    let [(above, _), (left, _)] = plane.padding;
    for channel in 0..plane.channels {
        for row in 0..height {
            let inside = (channel * height + row) * width * lanes;
            let around = ((channel * padded_height + row + above) * padded_width + left) * lanes;
            each(inside..inside + width * lanes, around);
        }
    }
}
