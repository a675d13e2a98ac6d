//! What the user sees of training: a bar per running network and one for the whole on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use vitrine_model::EpochRecord;

use crate::numbers::duration;
use crate::recipe::Recipe;
use crate::terminal;

/// Progress over all networks of one call.
pub struct Progress {
    bars: Option<MultiProgress>,
    whole: ProgressBar,
    effort: Arc<Mutex<Effort>>,
}

/// Progress of one network in training.
pub struct NetworkBar {
    bar: ProgressBar,
    whole: ProgressBar,
    effort: Arc<Mutex<Effort>>,
    max_epochs: usize,
    cost: f64,
    started: Instant,
    /// Epochs done here and now, without those of a run that was stopped.
    first_and_last: Mutex<Option<(usize, usize)>>,
}

/// Work done and left, in the unit of [`Recipe::cost`].
#[derive(Debug)]
struct Effort {
    started: Instant,
    n_networks: usize,
    n_done: usize,
    n_running: usize,
    /// If every network that is not done ran to its last epoch.
    unfinished: f64,
    /// Spent on those that are running.
    running: f64,
    /// Spent on those that are done, and what it would have been to their last epoch.
    done: (f64, f64),
}

impl Effort {
    /// Seconds until all are done, if the rest stops as early as those that are done; `None` before there is a rate.
    fn to_go(&self, elapsed: f64) -> Option<f64> {
        let (spent, at_most) = self.done;
        let share = if 0.0 < at_most { spent / at_most } else { 1.0 };
        let rate = (spent + self.running) / elapsed;
        (0.0 < rate).then(|| (share * self.unfinished - self.running).max(0.0) / rate)
    }

    fn line(&self) -> String {
        let waiting = self.n_networks - self.n_done - self.n_running;
        let to_go = match self.to_go(self.started.elapsed().as_secs_f64()) {
            Some(seconds) if self.n_done < self.n_networks => format!(", about {} to go", duration(seconds)),
            _ => String::new(),
        };
        format!("{} running, {waiting} left{to_go}", self.n_running)
    }
}

/// The lock, whoever panicked before.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Progress {
    pub fn new(recipes: &[&Recipe]) -> Progress {
        let n_networks = recipes.len();
        let on_terminal = std::io::stderr().is_terminal() && !terminal::is_quiet();
        let bars = on_terminal.then(MultiProgress::new);
        let whole = match &bars {
            Some(bars) => bars.add(ProgressBar::new(n_networks as u64)),
            None => ProgressBar::hidden(),
        };
        whole.set_length(n_networks as u64);
        whole.set_style(style("{bar:30.green} {pos}/{len} networks done, {msg}, {elapsed} gone"));
        whole.enable_steady_tick(Duration::from_secs(1));
        if bars.is_none() {
            terminal::note(&format!("training {n_networks} networks"));
        }
        let effort = Effort {
            started: Instant::now(),
            n_networks,
            n_done: 0,
            n_running: 0,
            unfinished: recipes.iter().map(|r| r.cost()).sum(),
            running: 0.0,
            done: (0.0, 0.0),
        };
        Progress { bars, whole, effort: Arc::new(Mutex::new(effort)) }
    }

    pub fn start(&self, recipe: &Recipe) -> NetworkBar {
        let max_epochs = recipe.training.max_epochs;
        let bar = match &self.bars {
            Some(bars) => bars.insert_before(&self.whole, ProgressBar::new(max_epochs as u64)),
            None => ProgressBar::hidden(),
        };
        bar.set_style(style("{bar:30.cyan} epoch {pos:>4}/{len} {prefix} {msg}"));
        bar.set_prefix(format!("{} seed {}", recipe.network, recipe.seed));
        locked(&self.effort).n_running += 1;
        NetworkBar {
            bar,
            whole: self.whole.clone(),
            effort: self.effort.clone(),
            max_epochs,
            cost: recipe.cost(),
            started: Instant::now(),
            first_and_last: Mutex::default(),
        }
    }

    /// A network is there: trained with its bar, best epoch and seconds, or loaded.
    pub fn network_done(&self, recipe: &Recipe, trained: Option<(&NetworkBar, usize, f64)>) {
        self.whole.inc(1);
        let mut effort = locked(&self.effort);
        effort.n_done += 1;
        effort.unfinished -= recipe.cost();
        let Some((bar, best_epoch, seconds)) = trained else { return };
        let spent = bar.spent();
        effort.running -= spent;
        effort.done = (effort.done.0 + spent, effort.done.1 + bar.cost);
        effort.n_running -= 1;
        self.whole.set_message(effort.line());
        bar.bar.finish_and_clear();
        if self.bars.is_none() {
            terminal::note(&format!(
                "[{}/{}] {} seed {}: best epoch {best_epoch}, {seconds:.1} s; {}",
                effort.n_done,
                effort.n_networks,
                recipe.network,
                recipe.seed,
                effort.line()
            ));
        }
    }

    pub fn finish(&self) {
        self.whole.finish_and_clear();
    }
}

impl NetworkBar {
    pub fn epoch(&self, record: &EpochRecord) {
        let before = self.spent();
        {
            let mut epochs = locked(&self.first_and_last);
            let first = epochs.map_or(record.epoch.saturating_sub(1), |(first, _)| first);
            *epochs = Some((first, record.epoch));
        }
        let mut effort = locked(&self.effort);
        effort.running += self.spent() - before;
        self.whole.set_message(effort.line());
        drop(effort);
        self.bar.set_position(record.epoch.min(self.max_epochs) as u64);
        let validation = record.validation_loss.map_or(String::new(), |v| format!(", validation {v:.4}"));
        let seconds = self.started.elapsed().as_secs_f64();
        self.bar.set_message(format!("loss {:.4}{validation}, {seconds:.0} s", record.train_loss));
    }

    /// Work spent on it here and now.
    fn spent(&self) -> f64 {
        let epochs = locked(&self.first_and_last).map_or(0, |(first, last)| last.saturating_sub(first));
        self.cost * epochs as f64 / self.max_epochs.max(1) as f64
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_to_go_takes_the_rest_to_stop_as_early_as_what_is_done() {
        let mut effort = Effort {
            started: Instant::now(),
            n_networks: 3,
            n_done: 0,
            n_running: 1,
            unfinished: 300.0,
            running: 0.0,
            done: (0.0, 0.0),
        };
        assert_eq!(effort.to_go(1.0), None);
        // 10 of 300 in one second: 290 are left.
        effort.running = 10.0;
        assert_eq!(effort.to_go(1.0), Some(29.0));
        // One stopped after 20 of its 100, within two seconds: 40 of the other 200 are left, at 10 a second.
        effort = Effort { n_done: 1, unfinished: 200.0, running: 0.0, done: (20.0, 100.0), ..effort };
        assert_eq!(effort.to_go(2.0), Some(4.0));
    }
}
