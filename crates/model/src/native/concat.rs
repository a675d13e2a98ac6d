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
