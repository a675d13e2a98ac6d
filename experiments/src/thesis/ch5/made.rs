//! Inputs made by gradient ascent for many classes and starts at once.

use vitrine_explain::ascent::{Ascended, Ascent, Normalise, Start};
use vitrine_explain::probabilities;
use vitrine_lab::data_streams;
use vitrine_model::Network;

use crate::thesis::Context;

/// The thesis starts from elements uniform in ± 0.05.
const START: Start = Start::Uniform { bound: 0.05 };

/// Inputs made for classes, one row each.
pub struct Made {
    /// The class that each row was made for.
    pub classes: Vec<usize>,
    /// Where the rows ended.
    pub ascended: Ascended,
}

/// Raises the probability of each of `classes` from `n_starts` random starts, which networks of a seed share. The rows
/// of a class stand together, in the order of `classes`.
///
/// # Errors
/// When a setting of the ascent is out of range, the network has no such class, or the user stops the run.
pub fn make(
    cx: &Context,
    network: &Network,
    seed: u64,
    classes: &[usize],
    n_starts: usize,
    ascent: &Ascent,
) -> anyhow::Result<Made> {
    let classes: Vec<usize> = classes.iter().flat_map(|&c| std::iter::repeat_n(c, n_starts)).collect();
    let mut rng = data_streams(seed).child("ascent").rng("starts");
    let starts = START.rows(&classes, network.spec().n_inputs(), &mut rng);
    let objective = probabilities(network.spec().graph(), &classes)?;
    let ascended = ascent.climb(&cx.zoo.stop().heeded_by(network), &objective, starts.view())?;
    Ok(Made { classes, ascended })
}

/// Steps of one length, which a flat or saturated softmax does not stop.
pub fn of_one_length(ascent: &Ascent) -> Ascent {
    Ascent { rate: 0.1, normalise: Normalise::Length, ..ascent.clone() }
}
