//! Pools over channels of single samples: first down the columns of a row of places, where values lie side by side, then
//! along the row.

use std::ops::Range;

use rayon::prelude::*;

use super::elementwise::PART;
use super::strided::every;
use crate::kernels::elementwise::{sum, vectorised};
use crate::kernels::plane::Plane;
use crate::kernels::windows::each_place;

/// A window with what its taps see along a row.
#[derive(Debug)]
pub struct Pool {
    plane: Plane,
    along: Vec<Along>,
}

/// Places of a row at which one tap sees something, and the first that it sees there.
#[derive(Debug)]
struct Along {
    places: Range<usize>,
    from: usize,
}

impl Pool {
    pub fn new(plane: Plane) -> Pool {
        // Of a window far larger than its image, most taps see nothing anywhere.
        let mut taps: Vec<usize> = (0..plane.places[1]).flat_map(|column| plane.inside(1, column)).collect();
        taps.sort_unstable();
        taps.dedup();
        let along = |tap: usize| {
            let places = plane.seeing(1, tap);
            Along { from: plane.at(1, places.start, tap), places }
        };
        Pool { along: taps.into_iter().map(along).collect(), plane }
    }

    /// The largest value of each window; what lies outside of the image counts as smaller than all, and NaN as larger.
    pub fn max(&self, x: &[f32], a: &mut [f32]) {
        let join = |largest: f32, value: f32| if largest < value || value.is_nan() { value } else { largest };
        self.join_all(x, a, f32::NEG_INFINITY, join, |_, largest| largest);
    }

    /// The mean of each window, with the zeros of the padding or without.
    pub fn average(&self, counts_padding: bool, x: &[f32], a: &mut [f32]) {
        let mean = |place: [usize; 2], sum: f32| sum / self.plane.n_averaged(place, counts_padding) as f32;
        self.join_all(x, a, 0.0, |sum, value| sum + value, mean);
    }

    /// `∂x` of `∂a`: each goes to the first of the largest values of its window.
    pub fn max_back(&self, x: &[f32], da: &[f32], dx: &mut [f32]) {
        let plane = &self.plane;
        let channels = self.channels(da, dx).zip(x.par_chunks(plane.n_values()));
        channels.for_each(|((dx, da), x)| {
            vectorised(
                #[inline(always)]
                || {
                    dx.fill(0.0);
                    each_place(
                        plane,
                        #[inline(always)]
                        |place, seen| {
                            let (mut largest, mut winner) = (f32::NEG_INFINITY, None);
                            seen.each_tap(
                                #[inline(always)]
                                |_, at| {
                                    let is_nan = x[at].is_nan() && !largest.is_nan();
                                    if largest < x[at] || is_nan || winner.is_none() {
                                        (largest, winner) = (x[at], Some(at));
                                    }
                                },
                            );
                            if let Some(winner) = winner {
                                dx[winner] += da[place];
                            }
                        },
                    );
                },
            );
        });
    }

    /// `∂x` of `∂a`: each value of a window has its share.
    pub fn average_back(&self, counts_padding: bool, da: &[f32], dx: &mut [f32]) {
        self.channels(da, dx).for_each(|(dx, da)| {
            vectorised(
                #[inline(always)]
                || {
                    dx.fill(0.0);
                    each_place(
                        &self.plane,
                        #[inline(always)]
                        |place, seen| {
                            let share = da[place] / seen.n_taps(counts_padding) as f32;
                            seen.each_tap(
                                #[inline(always)]
                                |_, at| dx[at] += share,
                            );
                        },
                    );
                },
            );
        });
    }

    /// The gradients of each channel, after the pool and before it.
    fn channels<'a>(
        &self,
        da: &'a [f32],
        dx: &'a mut [f32],
    ) -> impl IndexedParallelIterator<Item = (&'a mut [f32], &'a [f32])> {
        let (n_values, n_places) = (self.plane.n_values(), self.plane.n_places());
        let channels = dx.par_chunks_mut(n_values).zip(da.par_chunks(n_places));
        channels.with_min_len(PART.div_ceil(n_values))
    }

    /// Joins the values of every window from `start` on, row by row, and finishes them.
    #[inline(always)]
    fn join_all(
        &self,
        x: &[f32],
        a: &mut [f32],
        start: f32,
        join: impl Fn(f32, f32) -> f32 + Sync,
        finish: impl Fn([usize; 2], f32) -> f32 + Sync,
    ) {
        let plane = &self.plane;
        let ([_, width], [_, n_columns]) = (plane.size, plane.places);
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
                                every(down, x, 1, |down, value| *down = join(*down, value));
                            }
                            a.fill(start);
                            for Along { places, from } in &self.along {
                                let a = &mut a[places.clone()];
                                every(a, &down[*from..], plane.stride[1], |a, value| *a = join(*a, value));
                            }
                            for (column, a) in a.iter_mut().enumerate() {
                                *a = finish([row, column], *a);
                            }
                        }
                    },
                );
            },
        );
    }
}

/// `∂x` of the `∂a` of each channel's mean.
pub fn global_average_back(n_values: usize, da: &[f32], dx: &mut [f32]) {
    let channels = dx.par_chunks_mut(n_values).zip(da).with_min_len(PART.div_ceil(n_values));
    channels.for_each(|(dx, da)| dx.fill(da / n_values as f32));
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
