//! How probable is it that random points are embedded? (thesis sec. 4.3.4, figures 4.14 and 4.15)

use std::ops::Range;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::block::successes_in_block;
use super::cell::{Cell, CellError, TRIALS_PER_BLOCK};
use crate::statistics::Interval;

/// When enough trials were made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stopping {
    /// Enough once half the width of the 95 % interval is at most this share of the probability.
    pub relative_half_width: f64,
    /// Enough after so many trials without a success.
    pub trials_without_success: u64,
    /// Enough after so many trials in any case.
    pub max_trials: u64,
}

impl Default for Stopping {
    fn default() -> Stopping {
        Stopping { relative_half_width: 0.05, trials_without_success: 10_000_000, max_trials: 100_000_000 }
    }
}

impl Stopping {
    fn is_enough(&self, probability: &Probability) -> bool {
        let Interval { mean, lo, hi, .. } = probability.share;
        let is_tight = 0 < probability.successes && (hi - lo) / 2.0 <= self.relative_half_width * mean;
        let is_hopeless = probability.successes == 0 && self.trials_without_success <= probability.trials;
        is_tight || is_hopeless || self.max_trials <= probability.trials
    }
}

/// An estimated probability of success.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probability {
    /// Sets that were embedded.
    pub successes: u64,
    /// Sets that were tried.
    pub trials: u64,
    /// Their share with its 95 % interval after Wilson. Without a success, its upper end is what there is to show.
    pub share: Interval,
}

/// Estimates the probability that `cell` succeeds, on all threads of the current rayon pool.
///
/// The number of trials depends on the counts alone, and every block has a stream of its own: the same seed gives the
/// same estimate for any number of threads.
pub fn simulate(cell: &Cell, stopping: &Stopping, seed: u64) -> Result<Probability, CellError> {
    simulate_while(cell, stopping, seed, &|| true)
}

/// The same as long as `goes_on`, which is asked every two million trials at the latest.
pub fn simulate_while(
    cell: &Cell,
    stopping: &Stopping,
    seed: u64,
    goes_on: &dyn Fn() -> bool,
) -> Result<Probability, CellError> {
    /// Blocks before the first look at the interval.
    const FIRST: u64 = 4;
    /// Blocks between two looks, at most.
    const MOST: u64 = 512;
    let (mut successes, mut n_blocks) = (0, 0);
    loop {
        if !goes_on() {
            return Err(CellError::BrokenOff);
        }
        let next = n_blocks + n_blocks.clamp(FIRST, MOST);
        successes += successes_in_blocks(cell, seed, n_blocks..next)?;
        n_blocks = next;
        let trials = n_blocks * TRIALS_PER_BLOCK;
        let probability = Probability { successes, trials, share: Interval::of_share(successes, trials) };
        if stopping.is_enough(&probability) {
            return Ok(probability);
        }
    }
}

/// Successes in these blocks of [`TRIALS_PER_BLOCK`] trials, on all threads of the current rayon pool.
pub fn successes_in_blocks(cell: &Cell, seed: u64, blocks: Range<u64>) -> Result<u64, CellError> {
    let Cell { p, n, .. } = *cell;
    if p == 0 || n < 2 {
        return Err(CellError::Empty { n, p });
    }
    if let Some(separation) = cell.separation
        && !(0.0 <= separation.distance && separation.distance.is_finite())
    {
        return Err(CellError::Distance(separation.distance));
    }
    blocks.into_par_iter().map(|block| successes_in_block(cell, seed, block)).sum()
}
