//! What the bench tells of its work while it goes on: the caller shows it, or does not.

use vitrine_model::EpochRecord;

use crate::recipe::Recipe;

/// Is told how the work goes, from whatever thread does it. What is left out is not shown.
pub trait Watch: Send + Sync {
    /// So many networks are to be trained.
    fn begin(&self, _recipes: &[&Recipe]) {}

    /// The training of a network begins, or goes on; what is returned is told of it.
    fn start(&self, _recipe: &Recipe) -> Box<dyn WatchNetwork> {
        Box::new(Unwatched)
    }

    /// A network is there that somebody else has trained meanwhile.
    fn found(&self, _recipe: &Recipe) {}

    /// All networks are there, or the work was stopped.
    fn end(&self) {}

    /// Long work other than training, named `what`, has so many of its steps behind it.
    fn step(&self, _what: &str, _progress: Step<'_>) {}

    /// Such work is over; the text sums it up.
    fn over(&self, _what: &str, _summary: &str) {}

    /// Something was amiss and was dealt with; the text says how.
    fn warn(&self, _text: &str) {}
}

/// Is told how the training of one network goes.
pub trait WatchNetwork: Send + Sync {
    /// It has one more epoch behind it.
    fn epoch(&self, _record: &EpochRecord) {}

    /// It is trained, within so many seconds; the weights of that epoch, from 1, were kept.
    fn trained(&self, _best_epoch: usize, _seconds: f64) {}
}

/// How far long work has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<'a> {
    /// Steps done.
    pub n_done: usize,
    /// Steps in all.
    pub n_steps: usize,
    /// How it stands, in a few words.
    pub state: &'a str,
}

/// Looks away.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {}

impl WatchNetwork for Unwatched {}
