//! Dropout masks, drawn on the host in the same order by every engine (Srivastava et al. 2014).

use rand::{Rng, RngExt};

/// Inverted dropout: a unit is kept with probability 1 − share, and then scaled by 1 / (1 − share).
pub(crate) fn draw_mask(mask: &mut [f32], share: f32, rng: &mut impl Rng) {
    let kept = 1.0 / (1.0 - share);
    mask.iter_mut().for_each(|m| *m = if rng.random::<f32>() < share { 0.0 } else { kept });
}
