//! Batch normalisation in use, by running means.

use rayon::prelude::*;

use super::elementwise::PART;
use super::strided::every;
use crate::kernels::elementwise::vectorised;

/// `γ (x − μ) / √(v + ε) + β` of each channel.
#[derive(Debug)]
pub struct BatchNorm {
    /// Mean, `γ / √(v + ε)` and shift.
    channels: Vec<[f32; 3]>,
    /// Values of a channel.
    n_values: usize,
}

impl BatchNorm {
    /// From γ, β, μ and v of each channel of so many values.
    pub fn new([scale, shift, mean, variance]: [&[f32]; 4], epsilon: f64, n_values: usize) -> BatchNorm {
        let of_channel = |i: usize| {
            let factor = f64::from(scale[i]) / (f64::from(variance[i]) + epsilon).sqrt();
            [mean[i], factor as f32, shift[i]]
        };
        BatchNorm { channels: (0..scale.len()).map(of_channel).collect(), n_values }
    }

    /// Normalises `x [n_samples, channels, …]`.
    pub fn forward(&self, x: &[f32], z: &mut [f32]) {
        self.each(x, z, |x, [mean, factor, shift]| (x - mean) * factor + shift);
    }

    /// `∂x` of `∂z`.
    pub fn backward(&self, dz: &[f32], dx: &mut [f32]) {
        self.each(dz, dx, |dz, [_, factor, _]| dz * factor);
    }

    fn each(&self, x: &[f32], z: &mut [f32], of_value: impl Fn(f32, [f32; 3]) -> f32 + Sync) {
        let channels = z.par_chunks_mut(self.n_values).zip(x.par_chunks(self.n_values)).enumerate();
        channels.with_min_len(PART.div_ceil(self.n_values)).for_each(|(i, (z, x))| {
            let channel = self.channels[i % self.channels.len()];
            vectorised(
                #[inline(always)]
                || every(z, x, 1, |z, x| *z = of_value(x, channel)),
            );
        });
    }
}
