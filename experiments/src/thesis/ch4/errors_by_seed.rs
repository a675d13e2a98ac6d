//! Errors of bottlenecks seed by seed, beside what the thesis says of them: table 4.1, figures 4.3 and 4.4.

use serde::{Deserialize, Serialize};
use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::statistics::{mean, median};
use vitrine_lab::numbers::span;
use vitrine_lab::{Agreement, agreement, table_agreement};

use super::bottlenecks::{DEPTHS, Depth, WIDTHS};
use super::outliers::{far_above, nth_of};
use super::steps::rises;
use crate::thesis::detector::SIGNAL_PROCESSING;
use crate::thesis::extremes::{largest, smallest};
use crate::thesis::networks::BOTTLENECKS;
use crate::thesis::printed;
use crate::thesis::rows::ErrorsBySeed;

/// Widths of table 4.1, wide ones first.
const TABULATED: [usize; 3] = [10, 4, 2];

/// One of the errors.
type Error = fn(&DetectionErrors) -> f64;

/// The errors that the thesis calls reliable: all but L2.
const RELIABLE: [Error; 3] = [|e| e.l1, |e| e.p99_l1, |e| e.p99_l2];
const L1: Error = |e| e.l1;
const L2: Error = |e| e.l2;
const P99_L1: Error = |e| e.p99_l1;

/// Errors of every detector, seed by seed.
#[derive(Serialize, Deserialize)]
pub struct BySeed {
    pub errors: ErrorsBySeed,
    /// Units of deep bottlenecks that are zero for every signal, by width and seed.
    pub dead_in_deep: Vec<Vec<usize>>,
}

impl BySeed {
    /// An error of the bottlenecks of one seed, narrow ones first.
    pub fn by_width(&self, depth: Depth, seed: usize, error: Error) -> Vec<f64> {
        WIDTHS.map(|width| self.of(&depth.spec(width).to_string(), seed, error)).collect()
    }

    /// Table 4.1.
    pub fn table(&self) -> Agreement {
        let at =
            |depth: Depth, width: usize, seed, error| self.of(&depth.spec(width).to_string(), seed, error);
        let smallest = |error: Error| {
            self.seeds(|seed| BOTTLENECKS.iter().map(|b| self.of(b, seed, error)).fold(f64::NAN, f64::min))
        };
        let baseline = |error: Error| self.seeds(|seed| self.of(SIGNAL_PROCESSING, seed, error));
        let worse_than_the_baseline = |error: Error| {
            let (smallest, baseline) = (smallest(error), baseline(error));
            let per_seed: Vec<bool> = smallest.iter().zip(&baseline).map(|(s, b)| b < s).collect();
            (per_seed, format!("smallest {} beside {}", span(&smallest, 2), span(&baseline, 2)))
        };
        let [(by_l1, of_l1), (by_l2, of_l2)] = [RELIABLE[0], L2].map(worse_than_the_baseline);
        let narrow_is_worse = |seed: usize| {
            DEPTHS.iter().all(|&depth| {
                let errors = TABULATED.map(|width| at(depth, width, seed, P99_L1));
                errors.is_sorted_by(|wide, narrow| wide < narrow)
            })
        };
        let gains = |seed: usize| {
            TABULATED
                .map(|width| at(Depth::Shallow, width, seed, P99_L1) - at(Depth::Deep, width, seed, P99_L1))
        };
        let losses = |seed: usize| {
            let loss = |depth: Depth| {
                let mlp = self.of(depth.mlp(), seed, P99_L1);
                TABULATED
                    .map(|width| at(depth, width, seed, P99_L1) - mlp)
                    .into_iter()
                    .fold(f64::NAN, f64::min)
            };
            DEPTHS.map(loss)
        };
        let all_gains = self.seeds(gains).concat();
        let all_losses = self.seeds(losses).concat();
        let is_above_zero = |values: &[f64]| values.iter().all(|&value| 0.0 < value);
        let is_worse_in_l2 = by_l2.iter().all(|&is_worse| is_worse);
        let said = table_agreement("4.1")
            .so("every bottleneck's L1 is above that of signal processing", &by_l1, of_l1)
            .so("its L2 is above that of signal processing", &by_l2, of_l2)
            .so(
                "of each depth, p = 2 is worse than p = 4, and that worse than p = 10 (99 % L1)",
                &self.seeds(narrow_is_worse),
                "",
            )
            .so(
                "deep ones beat shallow ones of the same width (99 % L1)",
                &self.seeds(|seed| is_above_zero(&gains(seed))),
                format!("by {}", span(&all_gains, 2)),
            )
            .so(
                "all are worse than the MLP of as many layers (99 % L1)",
                &self.seeds(|seed| is_above_zero(&losses(seed))),
                format!("the best of a depth by {}", span(&all_losses, 2)),
            );
        let printed = (!is_worse_in_l2).then(of_the_printed_l2);
        said.because_of(printed.into_iter().chain(self.far_off(&DEPTHS)))
    }

    /// Figure 4.3.
    pub fn shallow(&self) -> Agreement {
        let (n_rises, numbers) = self.rises_of_reliable(Depth::Shallow);
        let n_rises_of_l2 = self.seeds(|seed| rises(&self.by_width(Depth::Shallow, seed, L2)).len() as f64);
        let said = agreement("4.3")
            .so(
                "L1 and both errors of the best 99 % fall at every step from 2 to 10 units",
                &n_rises.iter().map(|&n| n == 0.0).collect::<Vec<_>>(),
                numbers,
            )
            .so(
                "L2 rises at some step",
                &n_rises_of_l2.iter().map(|&n| 0.0 < n).collect::<Vec<_>>(),
                format!("at {} of {} steps", span(&n_rises_of_l2, 0), n_steps()),
            );
        said.because_of(self.far_off(&[Depth::Shallow]).into_iter().chain(self.spread_of_seeds()))
    }

    /// Figure 4.4.
    pub fn deep(&self) -> Agreement {
        let (n_rises, numbers) = self.rises_of_reliable(Depth::Deep);
        let n_alive =
            |width_idx: usize, seed: usize| WIDTHS.start() + width_idx - self.dead_in_deep[width_idx][seed];
        // By seed, whether each step at which 99 % L1 rises leaves as few units alive.
        let explained = self.seeds(|seed| -> Vec<bool> {
            let steps = rises(&self.by_width(Depth::Deep, seed, P99_L1));
            steps.iter().map(|&(at, _)| n_alive(at + 1, seed) <= n_alive(at, seed)).collect()
        });
        let with_rises: Vec<&Vec<bool>> = explained.iter().filter(|steps| !steps.is_empty()).collect();
        let said = agreement("4.4").so(
            "L1 and both errors of the best 99 % rise at some step",
            &n_rises.iter().map(|&n| 0.0 < n).collect::<Vec<_>>(),
            numbers,
        );
        let far_off = self.far_off(&[Depth::Deep]);
        if with_rises.is_empty() {
            return said.because_of(far_off);
        }
        let of_all = explained.concat();
        let n_explained = of_all.iter().filter(|&&is_explained| is_explained).count();
        let said = said.so(
            "where 99 % L1 rises, the wider bottleneck has no more units alive",
            &with_rises
                .iter()
                .map(|steps| steps.iter().all(|&is_explained| is_explained))
                .collect::<Vec<_>>(),
            format!("at {n_explained} of {} rises", of_all.len()),
        );
        said.because_of([self.how_many_have_dead_units()].into_iter().chain(far_off))
    }

    fn how_many_have_dead_units(&self) -> String {
        let n_dead = self.dead_in_deep.concat();
        let n_with_dead = n_dead.iter().filter(|&&n| 0 < n).count();
        format!(
            "units of the narrow layer itself are dead in {n_with_dead} of {} deep bottlenecks",
            n_dead.len()
        )
    }

    /// The bottlenecks whose L1 is far above that of the other seeds; `None` where there are none.
    fn far_off(&self, depths: &[Depth]) -> Option<String> {
        let of_network = |network: String| {
            let errors = self.seeds(|seed| self.of(&network, seed, L1));
            let name = |place: usize| {
                format!(
                    "{network} of {} ({:.2} beside {:.2})",
                    nth_of(place, errors.len()),
                    errors[place],
                    median(&errors)
                )
            };
            far_above(&errors).into_iter().map(name).collect::<Vec<_>>()
        };
        let networks = depths.iter().flat_map(|depth| WIDTHS.map(|width| depth.spec(width).to_string()));
        let far_off: Vec<String> = networks.flat_map(of_network).collect();
        (!far_off.is_empty()).then(|| {
            format!(
                "an L1 of more than twice the median over seeds, which widens the interval of its mean: {}",
                far_off.join(", ")
            )
        })
    }

    /// At how many steps shallow bottlenecks of one width differ more from seed to seed than another unit gains.
    fn spread_of_seeds(&self) -> Option<String> {
        let errors = self.seeds(|seed| self.by_width(Depth::Shallow, seed, P99_L1));
        let at = |width_idx: usize| errors.iter().map(|of_seed| of_seed[width_idx]).collect::<Vec<f64>>();
        let is_hidden = |&step: &usize| {
            let (narrow, wide) = (at(step), at(step + 1));
            mean(&narrow) - mean(&wide) < largest(&wide) - smallest(&wide)
        };
        let n_hidden = (0..n_steps()).filter(is_hidden).count();
        (1 < self.n_seeds()).then(|| {
            format!(
                "at {n_hidden} of {} steps the mean 99 % L1 falls by less than the wider networks differ from seed to \
                 seed (largest less smallest)",
                n_steps()
            )
        })
    }

    /// By seed, at how many steps the reliable errors rise; in words, with what is left of it in the mean over seeds.
    fn rises_of_reliable(&self, depth: Depth) -> (Vec<f64>, String) {
        let of_seed = |seed| RELIABLE.map(|error| rises(&self.by_width(depth, seed, error))).concat();
        let by_seed = self.seeds(of_seed);
        let n_rises: Vec<f64> = by_seed.iter().map(|steps| steps.len() as f64).collect();
        let largest = by_seed.concat().iter().map(|&(_, rise)| rise).fold(0.0, f64::max);
        let mut numbers = format!("{} of {} steps rise", span(&n_rises, 0), RELIABLE.len() * n_steps());
        if 0.0 < largest {
            numbers += &format!(", by up to {largest:.3}");
        }
        if 1 < self.n_seeds() {
            let means = |error: Error| -> Vec<f64> {
                let at = |width: usize| mean(&self.seeds(|seed| self.by_width(depth, seed, error)[width]));
                (0..WIDTHS.count()).map(at).collect()
            };
            let n_rises = RELIABLE.map(|error| rises(&means(error)).len()).iter().sum::<usize>();
            numbers += &format!("; {n_rises} of the means over seeds");
        }
        (n_rises, numbers)
    }

    fn of(&self, detector: &str, seed: usize, error: Error) -> f64 {
        error(&self.errors[detector][seed])
    }

    fn seeds<T>(&self, of: impl Fn(usize) -> T) -> Vec<T> {
        (0..self.n_seeds()).map(of).collect()
    }

    fn n_seeds(&self) -> usize {
        self.errors[SIGNAL_PROCESSING].len()
    }
}

/// Steps from one width to the next.
fn n_steps() -> usize {
    WIDTHS.count() - 1
}

/// What the thesis' own table says of L2.
fn of_the_printed_l2() -> String {
    let l2 = |detector: &str| printed::errors(detector).map_or(f64::NAN, |errors| errors.l2);
    let n_below = BOTTLENECKS.iter().filter(|bottleneck| l2(bottleneck) < l2(SIGNAL_PROCESSING)).count();
    format!(
        "in the thesis' own numbers, too, {n_below} of {} bottlenecks have a smaller L2",
        BOTTLENECKS.len()
    )
}

#[cfg(test)]
mod tests;
