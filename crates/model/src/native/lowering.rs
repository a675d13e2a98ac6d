//! The values that filters see at a run of places, laid into panels: a row for each tap, a column for each place.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd, bytemuck};

use crate::kernels::finish::load;
use crate::kernels::lanes::lanes;
use crate::kernels::plane::Plane;

/// Where the values of a run of places are found.
#[derive(Default)]
pub struct Lowering {
    runs: Vec<Run>,
    /// Panel and tap of the rows in which some places see nothing but padding.
    gaps: Vec<(usize, usize)>,
    n_taps: usize,
    /// Values of a channel.
    n_values: usize,
    /// Between the values of places side by side.
    stride: usize,
}

/// Places side by side that see values side by side.
#[derive(Clone, Copy)]
struct Run {
    panel: usize,
    tap: usize,
    /// The first place within the panel.
    column: usize,
    len: usize,
    /// Where its value lies, in the first channel.
    from: usize,
}

impl Lowering {
    /// Looks up a run of places, which are counted over all samples.
    pub fn aim(&mut self, plane: &Plane, places: Range<usize>) {
        let width = 2 * lanes();
        self.runs.clear();
        self.gaps.clear();
        (self.n_taps, self.n_values, self.stride) = (plane.n_taps(), plane.n_values(), plane.stride[1]);
        for tap in 0..self.n_taps {
            let n_before = self.runs.len();
            self.runs_of_tap(plane, tap, places.clone(), width);
            let mut covered = vec![0; places.len().div_ceil(width)];
            self.runs[n_before..].iter().for_each(|run| covered[run.panel] += run.len);
            let gaps = covered.iter().enumerate().filter(|(_, n)| **n < width);
            self.gaps.extend(gaps.map(|(panel, _)| (panel, tap)));
        }
    }

    fn runs_of_tap(&mut self, plane: &Plane, tap: usize, places: Range<usize>, width: usize) {
        let ([n_rows, n_columns], [_, n_taps]) = (plane.places, plane.taps);
        let (tap_row, tap_column) = (tap / n_taps, tap % n_taps);
        let (rows, columns) = (plane.seeing(0, tap_row), plane.seeing(1, tap_column));
        let mut place = places.start;
        while place < places.end {
            let (sample, row) = (place / (n_rows * n_columns), place / n_columns % n_rows);
            let row_start = place - place % n_columns;
            let panel = (place - places.start) / width;
            // As far as the row of places and the panel go.
            let panel_end = places.start + (panel + 1) * width;
            let until = (row_start + n_columns).min(panel_end).min(places.end);
            let (from, to) = (place.max(row_start + columns.start), until.min(row_start + columns.end));
            if from < to && rows.contains(&row) {
                let at =
                    plane.at(0, row, tap_row) * plane.size[1] + plane.at(1, from - row_start, tap_column);
                self.runs.push(Run {
                    panel,
                    tap,
                    column: (from - places.start) % width,
                    len: to - from,
                    from: sample * plane.channels * plane.n_values() + at,
                });
            }
            place = until;
        }
    }

    /// Lays down what the places see of some channels of `x [n_samples, channels, …]`; rows go by channel, then by tap.
    pub fn lower(&self, x: &[f32], channels: Range<usize>, panels: &mut [f32]) {
        Arch::new().dispatch(Lower { lowering: self, x, channels, panels });
    }
}

struct Lower<'a> {
    lowering: &'a Lowering,
    x: &'a [f32],
    channels: Range<usize>,
    panels: &'a mut [f32],
}

impl WithSimd for Lower<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Lower {
            lowering: &Lowering { ref runs, ref gaps, n_taps, n_values, stride },
            x,
            channels,
            panels,
        } = self;
        let width = 2 * S::F32_LANES;
        let (depth, row) = (channels.len() * n_taps, n_taps * width);
        for &(panel, tap) in gaps {
            let rows = panels[(panel * depth + tap) * width..].chunks_mut(row).take(channels.len());
            rows.for_each(|row| row[..width].fill(0.0));
        }
        for &Run { panel, tap, column, len, from } in runs {
            let rows = panels[(panel * depth + tap) * width + column..].chunks_mut(row).take(channels.len());
            let seen = x[from + channels.start * n_values..].chunks(n_values);
            if stride != 1 {
                for (row, seen) in rows.zip(seen) {
                    row[..len].iter_mut().zip(seen.iter().step_by(stride)).for_each(|(to, &from)| *to = from);
                }
            } else if len == width {
                for (row, seen) in rows.zip(seen) {
                    let (to, from) = (&mut row[..width], &seen[..width]);
                    let seen: &[S::f32s] = bytemuck::cast_slice(from);
                    bytemuck::cast_slice_mut::<f32, S::f32s>(to).copy_from_slice(seen);
                }
            } else if len <= S::F32_LANES {
                for (row, seen) in rows.zip(seen) {
                    simd.partial_store_f32s(&mut row[..len], load(simd, &seen[..len]));
                }
            } else {
                for (row, seen) in rows.zip(seen) {
                    let (first, rest) = seen[..len].split_at(S::F32_LANES);
                    let (to_first, to_rest) = row[..len].split_at_mut(S::F32_LANES);
                    bytemuck::cast_slice_mut(to_first)[0] = load(simd, first);
                    simd.partial_store_f32s(to_rest, load(simd, rest));
                }
            }
        }
    }
}
