//! When training ends, and which weights are kept: one rule for every engine.

use super::record::EpochRecord;
use super::settings::{Stop, TrainSettings};

/// Whether training goes on after an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    GoOn,
    Ended,
    /// Ended where the error on the whole training set is no larger than this: the running error is not.
    EndedUpTo(f64),
}

impl Verdict {
    /// The verdict once the error on the whole training set is known, which is asked for where it decides.
    pub fn is_end(self, error_on_whole_set: impl FnOnce() -> f64) -> bool {
        match self {
            Verdict::GoOn => false,
            Verdict::Ended => true,
            Verdict::EndedUpTo(error) => error_on_whole_set() <= error,
        }
    }
}

impl TrainSettings {
    /// Whether training goes on after the epoch of `last`; `best_epoch` is that of the weights kept so far.
    pub(crate) fn verdict(&self, last: Option<&EpochRecord>, best_epoch: Option<usize>) -> Verdict {
        let Some(last) = last else { return Verdict::GoOn };
        match self.stop {
            _ if self.max_epochs <= last.epoch => Verdict::Ended,
            Stop::ValidationLoss { patience }
                if best_epoch.is_some_and(|best| best.saturating_add(patience) <= last.epoch) =>
            {
                Verdict::Ended
            }
            Stop::TrainAccuracy { target } if last.train_error <= 1.0 - target => {
                Verdict::EndedUpTo(1.0 - target)
            }
            _ => Verdict::GoOn,
        }
    }

    /// The validation loss of `record`, where its weights are to be kept: the smallest so far.
    pub(crate) fn improvement(&self, record: &EpochRecord, best_loss: Option<f64>) -> Option<f64> {
        let Stop::ValidationLoss { .. } = self.stop else { return None };
        record.validation_loss.filter(|loss| best_loss.is_none_or(|best| *loss < best))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(epoch: usize, train_error: f64, validation_loss: f64) -> EpochRecord {
        let validation_loss = Some(validation_loss);
        EpochRecord {
            epoch,
            train_loss: 1.0,
            train_error,
            validation_loss,
            validation_error: None,
            seconds: 0.0,
        }
    }

    fn settings(stop: Stop) -> TrainSettings {
        TrainSettings { max_epochs: 10, stop, ..TrainSettings::default() }
    }

    #[test]
    fn patience_is_counted_from_the_best_epoch() {
        let settings = settings(Stop::ValidationLoss { patience: 3 });
        assert_eq!(settings.verdict(Some(&record(6, 0.5, 1.0)), Some(4)), Verdict::GoOn);
        assert_eq!(settings.verdict(Some(&record(7, 0.5, 1.0)), Some(4)), Verdict::Ended);
        assert_eq!(settings.improvement(&record(7, 0.5, 0.9), Some(1.0)), Some(0.9));
        assert_eq!(settings.improvement(&record(7, 0.5, 1.0), Some(1.0)), None);
    }

    #[test]
    fn a_running_error_that_reaches_the_target_is_confirmed_on_the_whole_set() {
        let settings = settings(Stop::TrainAccuracy { target: 0.75 });
        assert_eq!(settings.verdict(Some(&record(2, 0.3, 1.0)), None), Verdict::GoOn);
        let verdict = settings.verdict(Some(&record(2, 0.25, 1.0)), None);
        assert!(verdict.is_end(|| 0.25) && !verdict.is_end(|| 0.26));
        assert_eq!(settings.improvement(&record(2, 0.25, 0.1), None), None);
    }

    #[test]
    fn the_last_epoch_ends_whatever_the_rule() {
        for stop in
            [Stop::MaxEpochs, Stop::ValidationLoss { patience: 99 }, Stop::TrainAccuracy { target: 1.0 }]
        {
            assert_eq!(settings(stop).verdict(Some(&record(9, 1.0, 1.0)), Some(9)), Verdict::GoOn);
            assert_eq!(settings(stop).verdict(Some(&record(10, 1.0, 1.0)), Some(9)), Verdict::Ended);
            assert_eq!(settings(stop).verdict(None, None), Verdict::GoOn);
        }
    }
}
