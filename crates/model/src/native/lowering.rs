//! The values that filters see at a run of places, laid into panels: a row for each tap, a column for each place.

use std::ops::Range;

use super::strided::every;
use crate::kernels::elementwise::vectorised;
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
        let width = 2 * lanes();
        let (depth, of_channel) = (channels.len() * self.n_taps, self.n_taps * width);
        vectorised(
            #[inline(always)]
            || {
                for &(panel, tap) in &self.gaps {
                    let rows = panels[(panel * depth + tap) * width..].chunks_mut(of_channel);
                    for row in rows.take(channels.len()) {
                        row[..width].fill(0.0);
                    }
                }
                for &Run { panel, tap, column, len, from } in &self.runs {
                    let first = (panel * depth + tap) * width + column;
                    let rows = panels[first..].chunks_mut(of_channel).take(channels.len());
                    let seen = x[from + channels.start * self.n_values..].chunks(self.n_values);
                    let rows = rows.map(|row| &mut row[..len]).zip(seen);
                    match len {
                        _ if self.stride != 1 => {
                            let stride = self.stride;
                            each(rows, |row, seen| every(row, seen, stride, |to, from| *to = from));
                        }
                        1 => each(rows, |row, seen| row[0] = seen[0]),
                        2..4 => each(rows, |row, seen| copy::<2>(row, &seen[..len])),
                        4..8 => each(rows, |row, seen| copy::<4>(row, &seen[..len])),
                        8..16 => each(rows, |row, seen| copy::<8>(row, &seen[..len])),
                        16..=32 => each(rows, |row, seen| copy::<16>(row, &seen[..len])),
                        _ => each(rows, |row, seen| row.copy_from_slice(&seen[..len])),
                    }
                }
            },
        );
    }
}

impl Lowering {
    /// The way back: adds to every value of some channels `x [channels, …]` of one sample what was laid down of it, in rows so
    /// wide, by channel, then by tap.
    pub fn raise(&self, rows: &[f32], width: usize, x: &mut [f32]) {
        let of_panel = 2 * lanes();
        vectorised(
            #[inline(always)]
            || {
                for &Run { panel, tap, column, len, from } in &self.runs {
                    let rows = rows[tap * width + panel * of_panel + column..].chunks(self.n_taps * width);
                    for (x, row) in x.chunks_exact_mut(self.n_values).zip(rows) {
                        let seen = x[from..].iter_mut().step_by(self.stride);
                        for (x, value) in seen.zip(&row[..len]) {
                            *x += value;
                        }
                    }
                }
            },
        );
    }
}

/// A loop and not `for_each`, which would be compiled for the oldest processor.
#[inline(always)]
fn each<'a>(rows: impl Iterator<Item = (&'a mut [f32], &'a [f32])>, mut lay: impl FnMut(&mut [f32], &[f32])) {
    for (row, seen) in rows {
        lay(row, seen);
    }
}

/// Copies from `N` to twice as many values: the first of them and the last, which may overlap.
#[inline(always)]
fn copy<const N: usize>(to: &mut [f32], from: &[f32]) {
    if let (Some(to), Some(from)) = (to.first_chunk_mut::<N>(), from.first_chunk::<N>()) {
        *to = *from;
    }
    if let (Some(to), Some(from)) = (to.last_chunk_mut::<N>(), from.last_chunk::<N>()) {
        *to = *from;
    }
}
