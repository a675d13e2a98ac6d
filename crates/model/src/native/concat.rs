//! Values laid one after another.

use rayon::prelude::*;

/// Inputs one after another along an axis: of each so many values, from that axis on.
///
/// # Panics
/// If there are not as many inputs as lengths.
pub fn concat(lengths: &[usize], inputs: &[&[f32]], z: &mut [f32]) {
    assert_eq!(lengths.len(), inputs.len(), "a length for each input");
    z.par_chunks_mut(lengths.iter().sum()).enumerate().for_each(|(i, mut z)| {
        for (&length, input) in lengths.iter().zip(inputs) {
            let (part, rest) = std::mem::take(&mut z).split_at_mut(length);
            part.copy_from_slice(&input[i * length..][..length]);
            z = rest;
        }
    });
}

/// What of the gradient is that of one input.
pub fn concat_back(lengths: &[usize], place: usize, dz: &[f32], dx: &mut [f32]) {
    let first: usize = lengths[..place].iter().sum();
    let parts = dx.par_chunks_mut(lengths[place]).zip(dz.par_chunks(lengths.iter().sum()));
    parts.for_each(|(dx, dz)| dx.copy_from_slice(&dz[first..first + dx.len()]));
}
