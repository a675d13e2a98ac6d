//! The floor of all errors: the L1 of the posterior's median, which no detector can beat, from enough signals to state it
//! with its error.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use vitrine_analysis::errors::absolute_errors;
use vitrine_data::{JumpSettings, Sigma};
use vitrine_lab::{Preset, StopFlag, data_streams};

use super::detector::bayes;

/// Signals drawn at a time; the floor does not depend on the number of threads, since sums are of whole numbers.
const CHUNK: usize = 12_000;
/// Signals at the thesis' settings: the standard error is then 0.2 % of the floor.
const N_SIGNALS: usize = 1_500_000;
/// The same for a test of the program.
const N_SMOKE: usize = 24_000;
/// By how much fewer where σ is unknown: the posterior is then summed over as many values of it.
const N_SIGMAS: usize = 64;
/// 97.5 % quantile of the normal distribution.
const Z: f64 = 1.96;

/// The smallest mean absolute error possible, in samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Floor {
    /// Mean absolute error of the posterior's median.
    pub l1: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Signals that it is the mean over.
    pub n_signals: usize,
}

impl Floor {
    /// The floor at a preset. It is a property of the signals, so it is drawn from a seed of its own.
    ///
    /// # Errors
    /// When the user stops it.
    pub fn at(settings: &JumpSettings, preset: Preset, stop: &StopFlag) -> anyhow::Result<Floor> {
        let n_signals = if preset == Preset::Smoke { N_SMOKE } else { N_SIGNALS };
        let is_known = matches!(settings.sigma_before, Sigma::Fixed(_));
        Floor::of(settings, if is_known { n_signals } else { n_signals / N_SIGMAS }, stop)
    }

    /// The floor from at least `n_signals` signals, rounded up to whole chunks.
    fn of(settings: &JumpSettings, n_signals: usize, stop: &StopFlag) -> anyhow::Result<Floor> {
        let n_chunks = n_signals.div_ceil(CHUNK);
        let sums = |chunk: usize| -> anyhow::Result<[usize; 2]> {
            stop.check()?;
            let streams = data_streams(0).child(&format!("floor/{chunk}"));
            let signals = settings.draw(CHUNK, &streams);
            let medians = bayes(settings).posterior(signals.dataset.rows()).median();
            let errors = absolute_errors(&medians, &signals.jumps);
            Ok([errors.iter().sum(), errors.iter().map(|error| error * error).sum()])
        };
        let add = |[a, b]: [usize; 2], [c, d]: [usize; 2]| Ok([a + c, b + d]);
        let [sum, squares] = (0..n_chunks).into_par_iter().map(sums).try_reduce(|| [0, 0], add)?;
        let n = (n_chunks * CHUNK) as f64;
        let l1 = sum as f64 / n;
        let variance = (squares as f64 / n - l1 * l1) * n / (n - 1.0);
        Ok(Floor { l1, standard_error: (variance / n).sqrt(), n_signals: n_chunks * CHUNK })
    }

    /// The floor with half its 95 % interval, as errors over seeds are written.
    pub fn words(&self) -> String {
        format!("{:.4} ± {:.4}", self.l1, Z * self.standard_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An independent reference with 1.5 million signals: .0496 ± .0002, .1685 ± .0004, .5615 ± .0008.
    #[test]
    fn the_floor_is_that_of_an_independent_reference_within_four_standard_errors() {
        for (sigma, expected, its_error) in
            [(0.75, 0.0496, 0.0002), (1.0, 0.1685, 0.0004), (1.5, 0.5615, 0.0008)]
        {
            let settings = JumpSettings { sigma_before: Sigma::Fixed(sigma), ..JumpSettings::default() };
            let floor = Floor::of(&settings, 60_000, &StopFlag::default()).unwrap();
            let error = floor.standard_error.hypot(its_error);
            assert!((floor.l1 - expected).abs() < 4.0 * error, "{sigma}: {floor:?}");
            assert_eq!(floor.n_signals, 60_000);
        }
    }

    #[test]
    fn its_error_falls_with_the_root_of_the_number_of_signals() {
        let of = |n| Floor::of(&JumpSettings::default(), n, &StopFlag::default()).unwrap();
        let ratio = of(24_000).standard_error / of(96_000).standard_error;
        assert!((1.9..2.1).contains(&ratio), "{ratio}");
    }

    #[test]
    fn a_floor_is_written_with_half_its_interval() {
        let floor = Floor { l1: 0.1685, standard_error: 0.00037, n_signals: 1_500_000 };
        assert_eq!(floor.words(), "0.1685 ± 0.0007");
    }
}
