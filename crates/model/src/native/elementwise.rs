//! What is computed value by value.

use rayon::prelude::*;

use super::strided::every;
use crate::graph::Activation;
use crate::kernels::elementwise::{add_scaled, vectorised};

/// Values that a thread computes at once: few enough for its first-level cache.
pub const PART: usize = 1 << 12;

/// An activation. What is no number stays none.
pub fn activate(activation: Activation, z: &[f32], a: &mut [f32]) {
    a.par_chunks_mut(PART).zip(z.par_chunks(PART)).for_each(|(a, z)| {
        vectorised(
            #[inline(always)]
            || match activation {
                Activation::Relu => every(a, z, 1, |a, z| *a = if z <= 0.0 { 0.0 } else { z }),
                other => {
                    a.copy_from_slice(z);
                    other.apply(a, None);
                }
            },
        );
    });
}

/// `dx = dz · f′(z)`.
pub fn activate_back(activation: Activation, z: &[f32], dz: &[f32], dx: &mut [f32]) {
    dx.par_chunks_mut(PART).zip(z.par_chunks(PART)).zip(dz.par_chunks(PART)).for_each(|((dx, z), dz)| {
        vectorised(
            #[inline(always)]
            || match activation {
                Activation::Relu => {
                    every(dx, dz, 1, |dx, dz| *dx = dz);
                    every(dx, z, 1, |dx, z| *dx = if z <= 0.0 { 0.0 } else { *dx });
                }
                other => {
                    let mut values = [0.0; PART];
                    let values = &mut values[..z.len()];
                    values.copy_from_slice(z);
                    other.apply(values, Some(dx));
                    every(dx, dz, 1, |dx, dz| *dx *= dz);
                }
            },
        );
    });
}

/// `target ← target + values`.
pub fn add_to(target: &mut [f32], values: &[f32]) {
    target.par_chunks_mut(PART).zip(values.par_chunks(PART)).for_each(|(target, values)| {
        vectorised(
            #[inline(always)]
            || add_scaled(target, 1.0, values),
        );
    });
}

/// The sum of the values of several nodes, in their order.
///
/// # Panics
/// If there is none.
pub fn add(inputs: &[&[f32]], z: &mut [f32]) {
    let (first, others) = inputs.split_first().expect("something to be added");
    z.par_chunks_mut(PART).zip(first.par_chunks(PART)).enumerate().for_each(|(i, (z, first))| {
        z.copy_from_slice(first);
        vectorised(
            #[inline(always)]
            || {
                for other in others {
                    add_scaled(z, 1.0, &other[i * PART..][..z.len()]);
                }
            },
        );
    });
}
