//! A filter on its way over a block of samples that lie side by side.

use pulp::{Simd, bytemuck};

use crate::kernels::plane::Plane;

/// Where filters find their values in images with their padding; counted in vectors, one for each value of a block.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// By tap, channel after channel: from the first value that a place sees to that of the tap.
    pub offsets: Vec<usize>,
    /// Rows and columns of places.
    pub places: [usize; 2],
    /// From a row of places to the next.
    pub row_step: usize,
    /// From a place to the next.
    pub step: usize,
    /// Values of the channels that a filter sees.
    pub n_values: usize,
}

impl Sweep {
    /// That of filters over so many channels of a plane.
    pub fn over(plane: &Plane, n_channels: usize) -> Sweep {
        let [height, width] = plane.padded();
        let [rows, columns] = plane.taps;
        let [down, right] = plane.dilation;
        let offset = |channel: usize, row: usize, column: usize| {
            (channel * height + row * down) * width + column * right
        };
        let taps = (0..n_channels)
            .flat_map(|channel| (0..rows).map(move |row| (channel, row)))
            .flat_map(|(channel, row)| (0..columns).map(move |column| (channel, row, column)));
        Sweep {
            offsets: taps.map(|(channel, row, column)| offset(channel, row, column)).collect(),
            places: plane.places,
            row_step: plane.stride[0] * width,
            step: plane.stride[1],
            n_values: n_channels * height * width,
        }
    }

    pub fn n_places(&self) -> usize {
        self.places[0] * self.places[1]
    }

    /// The first value that a place sees.
    pub fn base(&self, row: usize, column: usize) -> usize {
        row * self.row_step + column * self.step
    }
}

/// First and size of each part of `n` things, as large as `most` and the tiles there are allow.
pub fn parts(n: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut first = 0;
    std::iter::from_fn(move || {
        let size = [6, 4, 2, 1].into_iter().find(|&size| size <= most && size <= n - first)?;
        first += size;
        Some((first - size, size))
    })
}

/// Places, or taps, that are computed at once beside six filters: as many as registers hold the sums of.
pub fn most_beside_six<S: Simd>() -> usize {
    if S::F32_LANES < 16 { 2 } else { 4 }
}

/// A vector for each value of a block.
#[inline(always)]
pub fn vectors<S: Simd>(values: &[f32]) -> &[S::f32s] {
    bytemuck::cast_slice(values)
}

/// The same to be written.
#[inline(always)]
pub fn vectors_mut<S: Simd>(values: &mut [f32]) -> &mut [S::f32s] {
    bytemuck::cast_slice_mut(values)
}

/// The vectors at `from` and every `step` on.
#[inline(always)]
pub fn every<V: Copy, const N: usize>(values: &[V], from: usize, step: usize) -> [V; N] {
    if step == 1 {
        let values = &values[from..from + N];
        std::array::from_fn(|i| values[i])
    } else {
        let values = &values[from..from + (N - 1) * step + 1];
        std::array::from_fn(|i| values[i * step])
    }
}
