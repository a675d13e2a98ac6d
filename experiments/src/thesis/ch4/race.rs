//! Two starts of training race to one validation loss.

use std::cmp::Ordering;
use std::sync::Arc;

use ndarray::{Array2, ArrayView1};
use serde::{Deserialize, Serialize};
use vitrine_lab::numbers::span;
use vitrine_lab::{Matrix, Saved, TrainedNetwork};

/// A network has not learnt whose lowest loss is as near as this to that of guessing.
const AS_GUESSING: f64 = 0.01;

/// Validation losses by seed and epoch, `[n_seeds, n_epochs]`; NaN where training had ended.
#[derive(Serialize, Deserialize)]
pub struct Races {
    /// From drawn weights.
    pub drawn: Matrix,
    /// From a constructed output layer.
    pub constructed: Matrix,
}

/// Epochs until the validation loss was as low as `loss`; `None` where training ended before it got there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Race {
    /// The loss to be reached.
    pub loss: f64,
    /// From drawn weights.
    pub drawn: Option<usize>,
    /// From a constructed output layer.
    pub constructed: Option<usize>,
}

impl Races {
    /// The trainings of one network from both starts, seed by seed.
    pub fn of(drawn: &[Arc<TrainedNetwork>], constructed: &[Arc<TrainedNetwork>]) -> Races {
        Races { drawn: losses(drawn), constructed: losses(constructed) }
    }

    /// The race of one seed to that loss.
    pub fn race(&self, nth_seed: usize, loss: f64) -> Race {
        let reached = |losses: ArrayView1<f64>| losses.iter().position(|&l| l <= loss).map(|epoch| epoch + 1);
        Race {
            loss,
            drawn: reached(self.drawn.row(nth_seed)),
            constructed: reached(self.constructed.row(nth_seed)),
        }
    }

    /// How the constructed start of a network of so many classes loses its races to `loss`; `None` where it wins all.
    pub fn how_construction_loses(&self, loss: f64, n_classes: usize) -> Option<String> {
        let n_seeds = self.constructed.nrows();
        let guessing = (n_classes as f64).ln();
        let lowest = |seed: usize| self.constructed.row(seed).iter().copied().fold(f64::NAN, f64::min);
        let races: Vec<Race> = (0..n_seeds).map(|seed| self.race(seed, loss)).collect();
        let never = (0..n_seeds).filter(|&seed| races[seed].constructed.is_none()).map(lowest);
        let (as_guessing, short): (Vec<f64>, Vec<f64>) =
            never.partition(|lowest| (lowest - guessing).abs() < AS_GUESSING);
        let lost = races.iter().filter(|race| !race.is_won_by_construction());
        let no_sooner: Vec<String> = lost
            .filter_map(|race| Some(format!("{} epochs against {}", race.constructed?, race.drawn?)))
            .collect();
        let in_seeds = |n: usize| format!("in {n} of {n_seeds} seeds");
        let mut ways = Vec::new();
        if !as_guessing.is_empty() {
            ways.push(format!(
                "does not learn {} (its loss stays at {guessing:.2}, that of guessing among {n_classes} classes)",
                in_seeds(as_guessing.len())
            ));
        }
        if !short.is_empty() {
            ways.push(format!("stops short of {loss} {} (at {})", in_seeds(short.len()), span(&short, 2)));
        }
        if !no_sooner.is_empty() {
            ways.push(format!(
                "gets there no sooner {} ({})",
                in_seeds(no_sooner.len()),
                no_sooner.join(", ")
            ));
        }
        (!ways.is_empty()).then(|| ways.join(", "))
    }
}

impl Race {
    /// Whether the constructed start was sooner.
    pub fn is_won_by_construction(&self) -> bool {
        self.winner() == Ordering::Greater
    }

    /// Which start was sooner, never being later than any epoch: `Greater` is the constructed one, `Equal` a tie.
    fn winner(&self) -> Ordering {
        let epochs = |start: Option<usize>| start.unwrap_or(usize::MAX);
        epochs(self.drawn).cmp(&epochs(self.constructed))
    }
}

/// Which start won more of a seed's races: 1 the constructed, 0 the drawn one, ½ neither.
pub fn who_won_more(races: impl Iterator<Item = Race>) -> f64 {
    let lead: i32 = races.map(|race| race.winner() as i32).sum();
    (f64::from(lead.signum()) + 1.0) / 2.0
}

fn losses(networks: &[Arc<TrainedNetwork>]) -> Matrix {
    let n_epochs = networks.iter().map(|network| network.history.len()).max().unwrap_or(0);
    let mut losses = Array2::from_elem((networks.len(), n_epochs), f64::NAN);
    for (network, mut row) in networks.iter().zip(losses.rows_mut()) {
        let known = network.history.iter().map(|record| record.validation_loss.unwrap_or(f64::NAN));
        row.iter_mut().zip(known).for_each(|(to, loss)| *to = loss);
    }
    Saved(losses)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn race(drawn: Option<usize>, constructed: Option<usize>) -> Race {
        Race { loss: 1.5, drawn, constructed }
    }

    #[test]
    fn who_is_first_wins_whoever_never_arrives_loses_and_two_that_never_do_tie() {
        use Ordering::{Equal, Greater, Less};
        let ends =
            [(Some(9), Some(8)), (Some(9), None), (None, Some(9_999)), (None, None), (Some(3), Some(3))];
        let winners = ends.map(|(drawn, constructed)| race(drawn, constructed).winner());
        assert_eq!(winners, [Greater, Less, Greater, Equal, Equal]);
    }

    #[test]
    fn a_seed_is_the_constructed_start_s_if_it_wins_more_races_and_nobody_s_if_each_wins_one() {
        let (won, lost, tied) = (race(Some(9), Some(8)), race(Some(9), None), race(None, None));
        assert_eq!(who_won_more([won, tied].into_iter()), 1.0);
        assert_eq!(who_won_more([won, lost].into_iter()), 0.5);
        assert_eq!(who_won_more([tied, lost].into_iter()), 0.0);
    }

    #[test]
    fn a_start_loses_that_learns_nothing_stops_short_or_is_no_sooner() {
        let of = |constructed: Array2<f64>| {
            let drawn = Array2::from_shape_fn(constructed.raw_dim(), |(_, e)| if e < 1 { 2.0 } else { 1.0 });
            let races = Races { drawn: Saved(drawn), constructed: Saved(constructed) };
            races.how_construction_loses(1.2, 8)
        };
        assert_eq!(of(array![[1.0, 1.0]]), None);
        assert_eq!(
            of(array![[2.0, 2.0, 1.1], [2.08, 2.08, 2.079], [1.5, 1.4, f64::NAN]]).unwrap(),
            "does not learn in 1 of 3 seeds (its loss stays at 2.08, that of guessing among 8 classes), stops short of \
             1.2 in 1 of 3 seeds (at 1.40), gets there no sooner in 1 of 3 seeds (3 epochs against 2)"
        );
    }

    #[test]
    fn a_race_ends_at_the_first_epoch_at_the_loss_and_never_where_training_ended_before() {
        let races = Races {
            drawn: Saved(array![[2.0, 1.5, 1.0], [2.0, 1.6, f64::NAN]]),
            constructed: Saved(array![[1.4, f64::NAN], [1.9, 1.8]]),
        };
        assert_eq!(races.race(0, 1.5), race(Some(2), Some(1)));
        assert_eq!(races.race(1, 1.5), race(None, None));
    }
}
