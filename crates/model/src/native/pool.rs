//! Pools over channels of single samples: first down the columns of a row of places, where values lie side by side, then
//! along the row.

use std::ops::Range;

use rayon::prelude::*;

use super::elementwise::PART;
use super::strided::every;
use crate::kernels::elementwise::{sum, vectorised};
use crate::kernels::plane::Plane;

/// The largest value of each window; what lies outside of the image counts as smaller than all, and NaN as larger.
pub fn max_pool(plane: &Plane, x: &[f32], a: &mut [f32]) {
    let join = |largest: f32, value: f32| if largest < value || value.is_nan() { value } else { largest };
    each_row(plane, x, a, f32::NEG_INFINITY, join, |_, _, largest| largest);
}

/// The mean of each window, with the zeros of the padding or without.
pub fn average_pool(plane: &Plane, counts_padding: bool, x: &[f32], a: &mut [f32]) {
    let n_taps = |axis: usize, place: usize| match counts_padding {
        true => plane.counted(axis, place),
        false => plane.inside(axis, place).len(),
    };
    let mean = |row: usize, column: usize, sum: f32| sum / (n_taps(0, row) * n_taps(1, column)) as f32;
    each_row(plane, x, a, 0.0, |sum, value| sum + value, mean);
}

/// The mean of each channel of so many values.
pub fn global_average(n_values: usize, x: &[f32], a: &mut [f32]) {
    a.par_iter_mut().zip(x.par_chunks(n_values)).with_min_len(PART.div_ceil(n_values)).for_each(|(a, x)| {
        let total = vectorised(
            #[inline(always)]
            || sum(x),
        );
        *a = total / n_values as f32;
    });
}

/// Joins the values of every window, row by row, from `start` on.
#[inline(always)]
fn each_row(
    plane: &Plane,
    x: &[f32],
    a: &mut [f32],
    start: f32,
    join: impl Fn(f32, f32) -> f32 + Sync,
    finish: impl Fn(usize, usize, f32) -> f32 + Sync,
) {
    let ([_, width], [_, n_columns], [_, n_taps]) = (plane.size, plane.places, plane.taps);
    // Of every tap along a row, the places that see something there.
    let places: Vec<Range<usize>> = (0..n_taps).map(|tap| plane.seeing(1, tap)).collect();
    let channels = a.par_chunks_mut(plane.n_places()).zip(x.par_chunks(plane.n_values()));
    let channels = channels.with_min_len(PART.div_ceil(plane.n_values()));
    channels.for_each_init(
        || vec![start; width],
        |down, (a, x)| {
            vectorised(
                #[inline(always)]
                || {
                    for (row, a) in a.chunks_exact_mut(n_columns).enumerate() {
                        down.fill(start);
                        for tap in plane.inside(0, row) {
                            let x = &x[plane.at(0, row, tap) * width..][..width];
                            for (down, &x) in down.iter_mut().zip(x) {
                                *down = join(*down, x);
                            }
                        }
                        a.fill(start);
                        for (tap, places) in
                            places.iter().enumerate().filter(|(_, places)| !places.is_empty())
                        {
                            let seen = &down[plane.at(1, places.start, tap)..];
                            every(&mut a[places.clone()], seen, plane.stride[1], |a, value| {
                                *a = join(*a, value)
                            });
                        }
                        for (column, a) in a.iter_mut().enumerate() {
                            *a = finish(row, column, *a);
                        }
                    }
                },
            );
        },
    );
}
