//! Two starts of training race to one validation loss.

use std::cmp::Ordering;
use std::sync::Arc;

use ndarray::{Array2, ArrayView1};
use serde::{Deserialize, Serialize};
use vitrine_lab::{Matrix, Saved, TrainedNetwork};

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
    fn a_race_ends_at_the_first_epoch_at_the_loss_and_never_where_training_ended_before() {
        let races = Races {
            drawn: Saved(array![[2.0, 1.5, 1.0], [2.0, 1.6, f64::NAN]]),
            constructed: Saved(array![[1.4, f64::NAN], [1.9, 1.8]]),
        };
        assert_eq!(races.race(0, 1.5), race(Some(2), Some(1)));
        assert_eq!(races.race(1, 1.5), race(None, None));
    }
}
